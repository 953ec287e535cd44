//! All routes of the dashboard's listener, and what surrounds them.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode};

use crate::{
    assets, dashboard, files, installed, security, sign_in,
    state::{AppState, dashboard_assets},
    transcripts, visitor_api,
};

pub fn router(state: AppState) -> Router {
    let origins = state.origins.clone();
    let router = Router::new()
        .merge(dashboard::routes())
        .merge(visitor_api::routes(state.clone()))
        .merge(files::routes())
        .merge(transcripts::routes())
        .route("/healthz", get(health))
        .route("/assets/{*path}", get(assets::serve_own))
        .route("/w/assets/{*path}", get(assets::serve_everyone))
        .merge(installed::routes())
        .route("/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/setup/{token}", get(sign_in::setup_form).post(sign_in::setup_submit))
        .fallback(not_found)
        .with_state(state.clone());
    let uploads = files::uploads().merge(visitor_api::uploads(state.clone())).with_state(state);
    security::protect(router, uploads, origins)
}

/// 200 while it serves and the database answers; else 503 with the reason, within a few seconds.
async fn health(State(state): State<AppState>) -> Response {
    if state.server.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match state.services.healthy().await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(sick) => (StatusCode::SERVICE_UNAVAILABLE, format!("{sick}\n")).into_response(),
    }
}

async fn not_found(headers: HeaderMap, nonce: axum::Extension<security::Nonce>) -> Response {
    let page = headers.get(http::header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    if page {
        let html = app::pages::error(404, &dashboard_assets(), &nonce.to_string());
        return (StatusCode::NOT_FOUND, axum::response::Html(html)).into_response();
    }
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}
