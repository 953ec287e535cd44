//! What visitors' browsers ask for: the launcher, the frame's page, and the operations of the socket as plain HTTP
//! (the public API; docs/protocol.md).

mod answers;
mod cors;
mod frame;
mod pages;
mod start;
mod stream;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::state::AppState;

/// Routes below `/w/`. The socket has the same address space, because the frame's CSP lets it connect to nothing else.
pub fn routes(state: AppState) -> Router<AppState> {
    let api = Router::new()
        .route("/start", post(start::start))
        .route("/frame", post(frame::frame))
        .route("/stream", get(stream::stream))
        .layer(DefaultBodyLimit::max(wire::MAX_FRAME))
        .layer(middleware::from_fn_with_state(state, cors::cors))
        // Without CORS: a socket is not bound by it, and checks the origin itself.
        .route("/socket", get(crate::sockets::visitor));
    Router::new()
        .nest("/w/api", api)
        .route("/w/{site}", get(pages::launcher))
        .route("/w/{site}/panel", get(pages::panel))
}
