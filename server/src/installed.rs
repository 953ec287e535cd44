//! What makes the dashboard an installed app: its manifest, its service worker, and the page that the worker shows while
//! this server cannot be reached.

use axum::{
    Router,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};

use crate::{
    assets,
    security::Nonce,
    state::{AppState, dashboard_assets},
};

/// A worker takes its policy from its own script's answer: it may ask this server, and nobody else.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; connect-src 'self'");

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/manifest.webmanifest", get(manifest))
        .route("/sw.js", get(worker))
        .route("/offline", get(offline))
}

async fn manifest() -> Response {
    let url = |name| assets::by_name(name).map(assets::Asset::url).unwrap_or_default();
    let png = |size: &str, name, purpose: &str| {
        let sizes = format!("{size}x{size}");
        serde_json::json!({ "src": url(name), "sizes": sizes, "type": "image/png", "purpose": purpose })
    };
    let manifest = serde_json::json!({
        "id": "/inbox",
        "name": "Deskbell",
        "short_name": "Deskbell",
        "description": "Live chat with the visitors of your sites",
        "start_url": "/inbox",
        "scope": "/",
        "display": "standalone",
        "background_color": "#4b50d6",
        "theme_color": "#4b50d6",
        "icons": [
            png("192", "icon-192.png", "any"),
            png("512", "icon-512.png", "any"),
            png("512", "icon-maskable-512.png", "maskable"),
        ],
    });
    let media = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (media, manifest.to_string()).into_response()
}

/// The script, after the names of what it may keep: the offline page and the hashed files that it shows.
async fn worker() -> Response {
    let Some(script) = assets::by_name("sw.js") else { return http::StatusCode::NOT_FOUND.into_response() };
    let page = dashboard_assets();
    let files = serde_json::json!(["/offline", page.css, page.icon]);
    let source = format!(
        "self.FILES={files};self.ICON={};{}",
        serde_json::json!(page.touch_icon),
        String::from_utf8_lossy(script.raw)
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, WORKER_POLICY),
    ];
    (headers, source).into_response()
}

/// The same for everyone, whether signed in or not.
async fn offline(nonce: axum::Extension<Nonce>) -> Html<String> {
    Html(app::pages::offline(&dashboard_assets(), &nonce.to_string()))
}
