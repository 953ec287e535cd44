//! The figures, on a listener of their own: the dashboard's and the visitors' address never has them.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use services::Services;

/// The type that Prometheus asks for.
const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub fn router(services: Services) -> Router {
    Router::new().route("/metrics", get(figures)).with_state(services)
}

async fn figures(State(services): State<Services>) -> Response {
    match services.metrics().await {
        Ok(text) => ([(header::CONTENT_TYPE, TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        // The cause stands in the log.
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}
