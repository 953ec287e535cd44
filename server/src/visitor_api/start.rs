//! `POST /w/api/start`.

use std::net::IpAddr;

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use services::Caller;
use wire::{Error, visitor::StartRequest};

use super::answers::{Body, Failed, bearer, json};
use crate::{listener::ClientAddr, state::AppState};

pub async fn start(
    State(state): State<AppState>,
    Extension(ClientAddr(address)): Extension<ClientAddr>,
    headers: HeaderMap,
    Body(request): Body<StartRequest>,
) -> Result<Response, Failed> {
    let caller = caller_from(&state, &request.site, address, &headers)?;
    Ok(json(&state.services.start_chat(request, bearer(&headers), &caller).await?))
}

/// Who asks, if the page may speak for this site.
pub fn caller_from(state: &AppState, site: &str, address: IpAddr, headers: &HeaderMap) -> Result<Caller, Error> {
    let site = state.services.site(site).ok_or(Error::NotFound)?;
    // A page of one site cannot begin chats on another. Our own origin is the frame's.
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    if origin.is_some_and(|origin| !site.allows(origin)) && !state.origins.is_frame(headers) {
        return Err(Error::Forbidden);
    }
    let user_agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Ok(Caller { address, user_agent: user_agent.to_owned() })
}
