//! What every answer carries and every request must pass, whichever handler it is for.
//!
//! From the outside in: request id and trace, headers with their nonce, compression, the origin check, the bound on
//! bodies. WebSocket handlers check the origin themselves ([`Origins`]), because an upgrade is a GET.

pub mod csp;
mod headers;
mod observe;
mod origins;

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware, response::IntoResponse};
use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
    timeout::RequestBodyTimeoutLayer,
};

/// In a `<script nonce>` or `<style nonce>`; an extension of every request. It is Leptos' type, because the scripts
/// that Leptos streams carry it too: handlers of Leptos pages must provide it as context.
pub use leptos::nonce::Nonce;
pub use origins::Origins;

/// A message of 40,000 bytes can take six times as much as JSON.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// The longest pause within a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// Below this, packing costs more than it saves.
const WORTH_PACKING: u16 = 512;

/// Everything, for the listener of dashboard, widget and API. The bodies of `uploads` may be of any length: their handlers
/// take them in pieces and know the bound.
pub fn protect(router: Router, uploads: Router, origins: Arc<Origins>) -> Router {
    let router = router
        // Inside the other, so that extractors recognise its error and answer 413.
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .merge(uploads)
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .layer(middleware::from_fn_with_state(Arc::clone(&origins), origins::check));
    let router = outer(router).layer(middleware::from_fn_with_state(origins, headers::add));
    observed(router)
}

/// What the demo shop shares with it; its headers are its own.
pub fn outer(router: Router) -> Router {
    let packing = CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(WORTH_PACKING).and(may_be_packed));
    router.layer(CatchPanicLayer::custom(|_| after_panic())).layer(packing)
}

pub fn observed(router: Router) -> Router {
    router.layer(middleware::from_fn(observe::observe))
}

/// Only what is made on the spot: embedded files come packed, and a stream of frames must not wait in a packer.
/// A strong entity tag is a promise about the bytes.
fn may_be_packed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packable = ["text/html", "application/json", "text/javascript"];
    let promised = headers.get(header::ETAG).is_some_and(|etag| etag.as_bytes().starts_with(b"\""));
    packable.contains(&media.split(';').next().unwrap_or_default().trim()) && !promised
}

/// The panic itself has been written to stderr by the hook.
fn after_panic() -> axum::response::Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong; it is in the log\n").into_response()
}

#[cfg(test)]
mod tests;
