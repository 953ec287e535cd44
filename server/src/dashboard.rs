//! The dashboard's pages and server functions: Leptos behind axum, with who is asking as a context.

use app::SignedIn;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get},
};
use http::{Method, StatusCode, header};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use wire::Error;

use crate::{
    security::Nonce,
    sign_in::token_of,
    state::{AppState, dashboard_assets},
};

/// The pages' own router is Leptos'. Here stand only the places below which it has any: axum's router takes no optional
/// parameters, which some of its routes have.
pub fn routes() -> Router<AppState> {
    // Leptos' tasks run on tokio. Already done is as good: tests make several routers.
    let _ = any_spawner::Executor::init_tokio();
    let router = Router::new()
        .route("/api/{*function}", any(function))
        .route("/agent/socket", get(crate::sockets::agent))
        .route("/", get(async || Redirect::to("/inbox")));
    ["/inbox", "/resolved", "/settings"]
        .into_iter()
        .fold(router, |router, place| router.route(place, get(page)).route(&format!("{place}/{{*rest}}"), get(page)))
}

/// A page: only for someone who is signed in, everyone else goes there first and comes back.
async fn page(State(state): State<AppState>, request: Request) -> Response {
    let signed_in = match token_of(request.headers()) {
        Some(token) => state.services.staff(&token).await.map(|_| ()),
        None => Err(Error::Unauthenticated),
    };
    if signed_in == Err(Error::Unauthenticated) {
        let wanted = request.uri().path_and_query().map_or("/inbox", http::uri::PathAndQuery::as_str);
        return Redirect::to(&format!("/sign-in?next={}", escaped(wanted))).into_response();
    }
    let context = context(&state, &request);
    let assets = dashboard_assets();
    let mut response = leptos_axum::render_app_async_with_context(context, move || app::shell(&assets))(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}

async fn function(State(state): State<AppState>, request: Request<Body>) -> Response {
    // All of them are posted: a GET must never change anything, and none of them is meant for a link.
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, "Server functions are called by POST.\n").into_response();
    }
    let context = context(&state, &request);
    with_own_status(handle_server_fns_with_context(context, request).await.into_response()).await
}

/// Leptos answers every failure with 500, also one that happened before the function itself was reached. The body says
/// what it really is.
async fn with_own_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, wire::MAX_FRAME).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Ok(error) = serde_json::from_slice::<Error>(&body)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(body))
}

fn context(state: &AppState, request: &Request) -> impl Fn() + Clone + Send + 'static {
    let services = state.services.clone();
    let signed_in = token_of(request.headers()).map(SignedIn);
    let nonce = request.extensions().get::<Nonce>().cloned();
    move || {
        provide_context(services.clone());
        if let Some(signed_in) = &signed_in {
            provide_context(signed_in.clone());
        }
        if let Some(nonce) = &nonce {
            provide_context(nonce.clone());
        }
    }
}

/// A path as the value of a query parameter.
fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            use std::fmt::Write;
            // Writing into a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
