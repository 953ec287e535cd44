//! `POST /w/api/privacy`: a copy of what is kept of a visitor, or its erasure, confirmed by a code.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use services::PrivacyDone;
use wire::visitor::PrivacyRequest;

use super::{
    answers::{Body, Failed, json},
    frame::access,
};
use crate::{files::POLICY, listener::ClientAddr, state::AppState};

/// 202 with where the code went; then, with the code, the copy as a file, or 204 when everything is erased.
pub async fn privacy(
    State(state): State<AppState>,
    Extension(ClientAddr(address)): Extension<ClientAddr>,
    headers: HeaderMap,
    Body(asked): Body<PrivacyRequest>,
) -> Result<Response, Failed> {
    Ok(match access(&state, &headers).await?.privacy(&asked, address).await? {
        PrivacyDone::Sent(sent) => (StatusCode::ACCEPTED, json(&sent)).into_response(),
        PrivacyDone::Copy(copy) => {
            let told = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-data.json\"")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::CONTENT_SECURITY_POLICY, POLICY),
            ];
            (told, copy).into_response()
        }
        PrivacyDone::Erased => StatusCode::NO_CONTENT.into_response(),
    })
}
