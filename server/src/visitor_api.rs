//! What visitors' browsers ask for: the launcher, the frame's page, and the operations of the socket as plain HTTP
//! (the public API; docs/protocol.md).

mod answers;
mod cors;
mod earlier;
mod frame;
mod identify;
mod pages;
mod privacy;
mod return_by_letter;
mod start;
mod stream;
mod transcript;
mod uploads;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

pub use self::answers::{Failed, json};
use crate::state::AppState;

/// Routes below `/w/`. The socket has the same address space, because the frame's CSP lets it connect to nothing else.
pub fn routes(state: AppState) -> Router<AppState> {
    let api = Router::new()
        .route("/start", post(start::start))
        .route("/identify", post(identify::identify))
        .route("/frame", post(frame::frame))
        .route("/stream", get(stream::stream))
        .route("/transcript", get(transcript::transcript).post(transcript::mail))
        .route("/privacy", post(privacy::privacy))
        .route("/return", post(return_by_letter::return_by_letter))
        .route("/chats", get(earlier::chats))
        .route("/chats/{session}", get(earlier::chat))
        .route("/uploads", post(uploads::begin))
        .route("/files/{id}", get(uploads::links))
        .layer(DefaultBodyLimit::max(wire::MAX_FRAME))
        .layer(middleware::from_fn_with_state(state, cors::cors))
        // Without CORS: a socket is not bound by it, and checks the origin itself.
        .route("/socket", get(crate::sockets::visitor));
    Router::new()
        .nest("/w/api", api)
        .route("/w/launcher-panel.js", get(pages::launcher_panel))
        .route("/w/{site}", get(pages::launcher))
        .route("/w/{site}/panel", get(pages::panel))
        // Where the link of a letter leads.
        .route("/w/{site}/chat", get(pages::panel))
        .route("/w/{site}/more", get(pages::more))
}

/// Those whose bodies may be long.
pub fn uploads(state: AppState) -> Router<AppState> {
    let upload = get(uploads::progress).put(uploads::receive).delete(uploads::give_up);
    Router::new().route("/w/api/uploads/{id}", upload).layer(middleware::from_fn_with_state(state, cors::cors))
}
