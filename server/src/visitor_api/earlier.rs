//! `GET /w/api/chats`: the visitor's earlier chats; `GET /w/api/chats/{session}`: what was said in one of them.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use domain::SessionId;
use serde::Deserialize;

use super::{
    answers::{Failed, json},
    frame::access,
};
use crate::state::AppState;

#[derive(Deserialize)]
pub struct Chats {
    /// The last chat of the page before.
    before: Option<SessionId>,
}

#[derive(Deserialize)]
pub struct Events {
    /// The first number of the page after.
    before: Option<u32>,
}

pub async fn chats(
    State(state): State<AppState>,
    Query(asked): Query<Chats>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    Ok(json(&access(&state, &headers).await?.earlier_chats(asked.before).await?))
}

pub async fn chat(
    State(state): State<AppState>,
    Path(session): Path<SessionId>,
    Query(asked): Query<Events>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    Ok(json(&access(&state, &headers).await?.earlier_chat(session, asked.before).await?))
}
