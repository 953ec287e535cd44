//! Origins: scheme, host and port, compared as browsers compare them.

use std::{fmt, net::SocketAddr, str::FromStr};

use http::Uri;
use serde::{Deserialize, Serialize};

/// `https://desk.example.com`: normalised, so that equal origins are equal texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin is written http://host or https://host, with :port if need be and nothing behind it")]
pub struct OriginError;

impl Origin {
    /// Plain HTTP at this address.
    pub fn http(address: SocketAddr) -> Self {
        Self(without_default_port("http", &address.to_string()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// The same place for sockets. `'self'` in a policy covers them only in newer browsers.
    pub fn socket(&self) -> String {
        self.0.replacen("http", "ws", 1)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        // `Uri` drops a fragment silently.
        if text.contains(['#', '?']) {
            return Err(OriginError);
        }
        let uri: Uri = text.parse().map_err(|_| OriginError)?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or(OriginError)?;
        let authority = uri.authority().ok_or(OriginError)?;
        let host = authority.host();
        // What ends up in headers must not be able to end one of their parts.
        let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b));
        if host.is_empty() || !plain || authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") {
            return Err(OriginError);
        }
        let port = authority.as_str().strip_prefix(host).ok_or(OriginError)?;
        if !port.is_empty() && authority.port_u16().is_none() {
            return Err(OriginError);
        }
        Ok(Self(without_default_port(scheme, &authority.as_str().to_ascii_lowercase())))
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn without_default_port(scheme: &str, authority: &str) -> String {
    let default = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}", authority.strip_suffix(default).unwrap_or(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Result<String, OriginError> {
        text.parse::<Origin>().map(String::from)
    }

    #[test]
    fn equal_origins_are_equal_texts() {
        assert_eq!(origin("HTTPS://Desk.Example.com:443/"), Ok("https://desk.example.com".into()));
        assert_eq!(origin("http://desk.example.com:80"), Ok("http://desk.example.com".into()));
        assert_eq!(origin("http://[::1]:8080"), Ok("http://[::1]:8080".into()));
        assert_ne!(origin("https://desk.example.com:80"), origin("https://desk.example.com"));
        assert_eq!(Origin::http(([127, 0, 0, 1], 80).into()).as_str(), "http://127.0.0.1");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "null",
            "desk.example.com",
            "ftp://desk.example.com",
            "https://",
            "https://me@desk.example.com",
            "https://desk.example.com/path",
            "https://desk.example.com?x",
            "https://desk.example.com#x",
            "https://desk.example.com:",
            "https://desk.example.com:99999",
            "https://desk.example.com; script-src *",
            "https://desk.example.com,https://evil.example",
            "https://a'b.example",
        ] {
            assert_eq!(origin(text), Err(OriginError), "{text}");
        }
    }

    #[test]
    fn sockets_keep_the_kind_of_transport() {
        assert_eq!("https://a.example".parse::<Origin>().map(|o| o.socket()), Ok("wss://a.example".into()));
        assert_eq!("http://http.example:1".parse::<Origin>().map(|o| o.socket()), Ok("ws://http.example:1".into()));
    }
}
