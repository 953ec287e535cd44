//! `POST /w/api/frame`: one frame of the socket's protocol as a request.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use domain::FieldProblem;
use services::VisitorAccess;
use wire::{
    Error,
    visitor::{ClientFrame, ServerFrame},
};

use super::answers::{Body, Failed, bearer, json};
use crate::state::AppState;

pub async fn frame(
    State(state): State<AppState>,
    headers: HeaderMap,
    Body(frame): Body<ClientFrame>,
) -> Result<Response, Failed> {
    let access = access(&state, &headers).await?;
    if matches!(frame, ClientFrame::Hello(_)) {
        // Hello is for lines that stay open.
        return Err(Error::invalid("frame", FieldProblem::Unknown).into());
    }
    match access.handle(frame).await {
        Some(ServerFrame::Refused { error, .. } | ServerFrame::Error(error)) => Err(error.into()),
        answer => Ok(json(&answer)),
    }
}

/// The visitor whose token the request carries, if the page it comes from may use it.
pub async fn access(state: &AppState, headers: &HeaderMap) -> Result<VisitorAccess, Error> {
    let access = state.services.visitor(bearer(headers).ok_or(Error::Unauthenticated)?).await?;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    if origin.is_some_and(|origin| !access.allows_origin(origin)) && !state.origins.is_frame(headers) {
        return Err(Error::Forbidden);
    }
    access.asks()?;
    Ok(access)
}
