//! `POST /w/api/return`: back to a conversation by the link in a letter.

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use wire::{Error, visitor::Return};

use super::answers::{Body, Failed, json};
use crate::{listener::ClientAddr, state::AppState};

pub async fn return_by_letter(
    State(state): State<AppState>,
    Extension(ClientAddr(address)): Extension<ClientAddr>,
    headers: HeaderMap,
    Body(asked): Body<Return>,
) -> Result<Response, Failed> {
    // Only our own page has a use for it.
    if !state.origins.is_frame(&headers) {
        return Err(Error::Forbidden.into());
    }
    Ok(json(&state.services.return_by_letter(&asked.code, address).await?))
}
