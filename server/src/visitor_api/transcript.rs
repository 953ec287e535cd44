//! `GET /w/api/transcript`: the visitor's latest chat as a text to keep.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::local_time;
use serde::Deserialize;
use widget::ssr::Transcript;
use wire::Error;

use super::{answers::Failed, frame::access, pages::language};
use crate::{files::POLICY, state::AppState};

#[derive(Deserialize)]
pub struct Asked {
    /// The language of the panel.
    lang: Option<String>,
}

pub async fn transcript(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let visitor = access(&state, &headers).await?;
    let site = visitor.site().ok_or(Error::NotFound)?;
    let chat = visitor.conversation().await?;
    let transcript = Transcript {
        site: &site.name,
        name: &chat.name,
        language: language(asked.lang.as_deref(), &headers, &site),
        zone: &chat.zone,
        events: &chat.events,
    };
    let text = transcript.text(|at| {
        let local = local_time(&chat.zone, at);
        (local.date, format!("{:02}:{:02}", local.minute / 60, local.minute % 60))
    });
    let told = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"chat.txt\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((told, text).into_response())
}
