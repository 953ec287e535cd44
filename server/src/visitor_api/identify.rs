//! `POST /w/api/identify`.

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use wire::visitor::IdentifyRequest;

use super::{
    answers::{Body, Failed, bearer, json},
    start::caller_from,
};
use crate::{listener::ClientAddr, state::AppState};

pub async fn identify(
    State(state): State<AppState>,
    Extension(ClientAddr(address)): Extension<ClientAddr>,
    headers: HeaderMap,
    Body(request): Body<IdentifyRequest>,
) -> Result<Response, Failed> {
    let caller = caller_from(&state, &request.site, address, &headers)?;
    Ok(json(&state.services.identify(request, bearer(&headers), &caller).await?))
}
