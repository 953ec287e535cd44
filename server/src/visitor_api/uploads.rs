//! A visitor's files: `POST /w/api/uploads` announces one, `PUT /w/api/uploads/{id}` brings its bytes, `HEAD` says how
//! many are here, and the frame `attach` sends it. `GET /w/api/files/{id}` tells where a file of the chat lies.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::AttachmentId;
use wire::file::NewUpload;

use super::{
    answers::{Body as Json, Failed, json},
    frame::access,
};
use crate::{
    files::{offset, told},
    state::AppState,
};

pub async fn begin(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(new): Json<NewUpload>,
) -> Result<Response, Failed> {
    let upload = access(&state, &headers).await?.begin_upload(&new).await?;
    Ok((StatusCode::CREATED, told(&upload)).into_response())
}

pub async fn progress(
    State(state): State<AppState>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    Ok(told(&access(&state, &headers).await?.upload(id).await?))
}

pub async fn receive(
    State(state): State<AppState>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failed> {
    let offset = offset(&headers)?;
    Ok(told(&access(&state, &headers).await?.receive(id, offset, body.into_data_stream()).await?))
}

pub async fn give_up(
    State(state): State<AppState>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<StatusCode, Failed> {
    access(&state, &headers).await?.drop_upload(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn links(
    State(state): State<AppState>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    Ok(json(&access(&state, &headers).await?.file_links(id).await?))
}
