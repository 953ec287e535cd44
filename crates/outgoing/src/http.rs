//! A client for addresses that others chose: resolves once, refuses private addresses, connects to exactly the address
//! that was judged, follows no redirect, bounds time and size, and never hands out a body.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri, header, uri::Scheme};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{SendError, public};

/// For everything from the name to the answer's head.
const PATIENCE: Duration = Duration::from_secs(15);

/// Cheap to clone.
#[derive(Clone)]
pub struct Http {
    allowed: Arc<[IpNet]>,
    tls: TlsConnector,
}

impl Http {
    /// `allowed`: private networks that may be reached nevertheless, without TLS too.
    ///
    /// # Panics
    /// Never: the cryptography that is compiled in speaks the versions of TLS that are asked for.
    pub fn new(allowed: impl IntoIterator<Item = IpNet>) -> Self {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        let (_, unusable) = roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            tracing::warn!(unusable, "this system trusts no certificate authority: nothing can be sent over TLS");
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
        #[expect(clippy::expect_used, reason = "ring speaks the versions that rustls calls safe")]
        let config = config.expect("TLS versions");
        Self { allowed: allowed.into_iter().collect(), tls: TlsConnector::from(Arc::new(config)) }
    }

    /// Status and headers of the answer.
    pub async fn post(
        &self,
        uri: &Uri,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<(StatusCode, HeaderMap), SendError> {
        tokio::time::timeout(PATIENCE, self.posted(uri, headers, body))
            .await
            .unwrap_or_else(|_| Err(SendError::later("no answer in time")))
    }

    async fn posted(&self, uri: &Uri, headers: HeaderMap, body: Vec<u8>) -> Result<(StatusCode, HeaderMap), SendError> {
        let (host, secure, port) = target(uri)?;
        let (tcp, address) = self.connect(host, port).await?;
        if !secure && !self.is_allowed(address.ip()) {
            return Err(SendError::Refused("not over TLS".to_owned()));
        }
        let mut request = Request::post(uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str))
            .body(Full::new(Bytes::from(body)))
            .map_err(|cause| SendError::Refused(cause.to_string()))?;
        *request.headers_mut() = headers;
        let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
        let authority = authority.parse().map_err(|_| SendError::Refused("no host name".to_owned()))?;
        request.headers_mut().insert(header::HOST, authority);
        if secure {
            let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
            let name = name.map_err(|_| SendError::Refused("no host name".to_owned()))?;
            let stream = self.tls.connect(name, tcp).await.map_err(SendError::later)?;
            exchange(TokioIo::new(stream), request).await
        } else {
            exchange(TokioIo::new(tcp), request).await
        }
    }

    /// All addresses of a name are judged, so that a private one cannot hide behind a public one.
    async fn connect(&self, host: &str, port: u16) -> Result<(TcpStream, SocketAddr), SendError> {
        let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await.map_err(SendError::later)?;
        let addresses: Vec<_> = found.collect();
        if let Some(private) = addresses.iter().find(|address| !self.may_reach(address.ip())) {
            return Err(SendError::Refused(format!("{} is a private address", private.ip())));
        }
        let mut last = SendError::later("the name has no address");
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(tcp) => return Ok((tcp, address)),
                Err(cause) => last = SendError::later(cause),
            }
        }
        Err(last)
    }

    fn may_reach(&self, address: IpAddr) -> bool {
        public(address) || self.is_allowed(address)
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(&address))
    }
}

/// Host, whether by TLS, port.
fn target(uri: &Uri) -> Result<(&str, bool, u16), SendError> {
    let refused = || SendError::Refused("not an http address".to_owned());
    let secure = match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => true,
        Some(scheme) if *scheme == Scheme::HTTP => false,
        _ => return Err(refused()),
    };
    let authority = uri.authority().ok_or_else(refused)?;
    if authority.as_str().contains('@') {
        return Err(refused());
    }
    Ok((authority.host(), secure, authority.port_u16().unwrap_or(if secure { 443 } else { 80 })))
}

async fn exchange<S>(stream: TokioIo<S>, request: Request<Full<Bytes>>) -> Result<(StatusCode, HeaderMap), SendError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .max_headers(64)
        .max_buf_size(16 * 1024)
        .handshake(stream)
        .await
        .map_err(SendError::later)?;
    // Ends with the sender, which goes at the end of this function: the body is never read.
    tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(SendError::later)?;
    let (head, _) = answer.into_parts();
    Ok((head.status, head.headers))
}

#[cfg(test)]
mod tests;
