//! Chats as files, for the staff who may read them.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::SessionId;
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use services::TranscriptFormat;
use wire::Error;

use crate::{
    files::{POLICY, disposition},
    sign_in::token_of,
    state::AppState,
    visitor_api::Failed,
};

pub fn routes() -> Router<AppState> {
    Router::new().route("/agent/chats/{session}/transcript/{ending}", get(transcript))
}

#[derive(Deserialize)]
struct Asked {
    /// Of the reader's clock.
    #[serde(default)]
    zone: String,
}

async fn transcript(
    State(state): State<AppState>,
    Path((session, ending)): Path<(SessionId, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let format = TranscriptFormat::from_ending(&ending).ok_or(Error::NotFound)?;
    let staff = state.services.staff(&token_of(&headers).ok_or(Error::Unauthenticated)?).await?;
    let file = staff.transcript(session, format, &asked.zone).await?;
    let kind = match format {
        TranscriptFormat::Text => "text/plain; charset=utf-8",
        TranscriptFormat::Json => "application/json",
        TranscriptFormat::Csv => "text/csv; charset=utf-8",
    };
    let told = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition::of(&file.name, false)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((told, file.text).into_response())
}
