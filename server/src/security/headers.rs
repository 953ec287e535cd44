//! Headers of every answer. A handler that sets one of them itself has its reasons and is left alone.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{Nonce, Origins, csp};

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub async fn add(State(origins): State<Arc<Origins>>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    let visitors = request.uri().path().starts_with("/w/");
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let headers = response.headers_mut();
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let page = media.starts_with("text/html");
    // A worker takes its policy from its own script's answer.
    let code = media.starts_with("text/javascript") || media.starts_with("application/wasm");

    default(headers, header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    default(headers, header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // Private until a handler knows better.
    default(headers, header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if page && !visitors {
        default(headers, header::CONTENT_SECURITY_POLICY, csp::dashboard(&nonce, &origins.public));
        // The frame's pop-out talks to its opener; the dashboard has none.
        default(headers, OPENER, HeaderValue::from_static("same-origin"));
        default(
            headers,
            PERMISSIONS,
            HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        );
    } else if !code {
        default(headers, header::CONTENT_SECURITY_POLICY, csp::NOTHING);
    }
    if !visitors {
        default(headers, RESOURCE, HeaderValue::from_static("same-origin"));
    }
    response
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
