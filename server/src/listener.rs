//! The accept loop. axum's own sets no limits; here a client that sends its request slowly is cut off, headers and
//! buffers are bounded, and stopping is orderly.
//!
//! Ten thousand idle sockets must be cheap: nothing here allocates more than hyper's smallest buffer per connection.

mod client;
mod lingering;
mod shutdown;

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

pub use client::{ClientAddr, Https};
pub use shutdown::{Server, Signals};

use self::lingering::Lingering;
use crate::config::Networks;

/// So long a client may take for the head of a request, and may keep an idle connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Browsers send two or three KiB; cookies of other services on the same host add to it.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// Of hyper's buffers; also how much of an answer is handed to the kernel at a time.
const BUFFER_BYTES: usize = 64 * 1024;
/// The pause when the process has no descriptor left; meanwhile others may be closed.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(200);

/// Accepts until the server stops. Returns when the last connection that was accepted here has its task; these are
/// waited for in [`Server::drain`].
pub async fn serve(listener: TcpListener, router: Router, trusted: Arc<Networks>, server: Server) {
    serve_with(listener, router, trusted, server, HEADER_TIMEOUT).await;
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    trusted: Arc<Networks>,
    server: Server,
    header_timeout: Duration,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_header_size(MAX_HEADER_BYTES)
        .max_buf_size(BUFFER_BYTES);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = server.shutdown.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection =
                    connection(http.clone(), stream, peer, router.clone(), Arc::clone(&trusted), server.clone());
                server.tasks.spawn(connection);
            }
            Err(cause) => after_accept_error(&cause).await,
        }
    }
}

/// One connection until it is closed or upgraded. An upgraded socket goes on in its handler's own task.
async fn connection(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    trusted: Arc<Networks>,
    server: Server,
) {
    // Frames are small and wanted at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        client::identify(&mut request, peer, &trusted);
        let mut router = router.clone();
        async move { Ok::<_, Infallible>(router.call(request.map(Body::new)).await.unwrap_or_else(|never| match never {})) }
    });
    let connection = http.serve_connection(TokioIo::new(Lingering::new(stream)), service).with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = server.shutdown.cancelled() => {
            // Finishes the request in flight, and closes an idle connection at once.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        // Clients vanish all the time; only who looks for it wants to read about it.
        tracing::debug!(%cause, "connection ended");
    }
}

async fn after_accept_error(cause: &io::Error) {
    // The peer was gone before it was accepted.
    let passing = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if passing.contains(&cause.kind()) {
        return;
    }
    // Most likely no descriptor is left (EMFILE, ENFILE): trying again at once would only burn the processor.
    tracing::warn!(%cause, "no connection can be accepted; raise the limit of open files (ulimit -n)");
    tokio::time::sleep(EXHAUSTED_PAUSE).await;
}

#[cfg(test)]
mod tests;
