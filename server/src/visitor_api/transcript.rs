//! `/w/api/transcript`: the visitor's latest chat to keep; `GET` as a text, `POST` by e-mail.

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use widget::ssr::Transcript;
use wire::{Error, visitor::MailTranscript};

use super::{
    answers::{Body, Failed},
    frame::access,
    pages::language,
};
use crate::{files::POLICY, letters::clock, listener::ClientAddr, state::AppState};

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
    let text = transcript.text(|at| clock(&chat.zone, at));
    let told = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"chat.txt\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((told, text).into_response())
}

/// Answered with 202: it is on its way, and whether it arrives is told to the agents.
pub async fn mail(
    State(state): State<AppState>,
    Extension(ClientAddr(address)): Extension<ClientAddr>,
    headers: HeaderMap,
    Body(asked): Body<MailTranscript>,
) -> Result<StatusCode, Failed> {
    access(&state, &headers).await?.mail_transcript(asked.email.trim(), &asked.language, address).await?;
    Ok(StatusCode::ACCEPTED)
}
