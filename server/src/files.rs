//! Files over HTTP: the bytes of an agent's upload, and files of chats for whoever has a signed address. What people sent
//! is served so that it can do nothing: as the type it was found to be, sandboxed, and as a download.

pub mod disposition;
mod range;

use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{AttachmentId, FieldProblem};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use services::{Contents, Desk, Staff, Variant};
use wire::{
    Error,
    file::{UPLOAD_OFFSET, Upload},
};

use self::range::Part;
use crate::{
    sign_in::token_of,
    state::AppState,
    visitor_api::{Failed, json},
};

/// Not even a page that slipped through every check could do anything.
pub const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");

/// An address stands for at least ten minutes, and what it opens never changes.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=600, immutable");

/// The way to it may change, but not within this.
const KEEP_WAY: HeaderValue = HeaderValue::from_static("private, max-age=300");

pub fn routes() -> Router<AppState> {
    Router::new().route("/w/files/{id}/{variant}", get(file)).route("/agent/files/{id}/{variant}", get(way))
}

/// Those whose bodies may be long.
pub fn uploads() -> Router<AppState> {
    Router::new().route("/agent/uploads/{id}", get(progress).put(receive))
}

/// An upload as an answer: JSON, and its offset as a header, because `HEAD` has no body.
pub fn told(upload: &Upload) -> Response {
    let mut response = json(upload);
    response.headers_mut().insert(HeaderName::from_static(UPLOAD_OFFSET), HeaderValue::from(upload.offset));
    response
}

/// Where the bytes of a request begin.
pub fn offset(headers: &HeaderMap) -> Result<u64, Error> {
    let offset = headers.get(UPLOAD_OFFSET).and_then(|offset| offset.to_str().ok()?.parse().ok());
    offset.ok_or_else(|| Error::invalid(UPLOAD_OFFSET, FieldProblem::Missing))
}

async fn staff(state: &AppState, headers: &HeaderMap) -> Result<Staff, Error> {
    state.services.staff(&token_of(headers).ok_or(Error::Unauthenticated)?).await
}

async fn desk(state: &AppState, headers: &HeaderMap) -> Result<Desk, Error> {
    staff(state, headers).await?.desk()
}

async fn progress(
    State(state): State<AppState>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    Ok(told(&desk(&state, &headers).await?.upload(id).await?))
}

async fn receive(
    State(state): State<AppState>,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failed> {
    let offset = offset(&headers)?;
    Ok(told(&desk(&state, &headers).await?.receive(id, offset, body.into_data_stream()).await?))
}

/// From an address that stays, for the dashboard's pages, to one that opens the file for a while.
async fn way(
    State(state): State<AppState>,
    Path((id, variant)): Path<(AttachmentId, String)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let variant = Variant::from_name(&variant).ok_or(Error::NotFound)?;
    let links = staff(&state, &headers).await?.file_links(id).await?;
    let link = match variant {
        Variant::File => Some(links.file),
        Variant::Preview => links.preview,
    };
    let link = link.and_then(|link| HeaderValue::try_from(link).ok()).ok_or(Error::NotFound)?;
    Ok((StatusCode::FOUND, [(header::LOCATION, link), (header::CACHE_CONTROL, KEEP_WAY)]).into_response())
}

#[derive(Deserialize)]
struct Proof {
    until: i64,
    sig: String,
}

async fn file(
    State(state): State<AppState>,
    Path((id, variant)): Path<(AttachmentId, String)>,
    Query(proof): Query<Proof>,
    headers: HeaderMap,
) -> Response {
    let Some(variant) = Variant::from_name(&variant) else { return refused(&Error::NotFound) };
    match state.services.open_file(id, variant, proof.until, &proof.sig).await {
        Ok(contents) => serve(&contents, variant, &headers).await.unwrap_or_else(|error| refused(&error)),
        Err(error) => refused(&error),
    }
}

async fn serve(contents: &Contents, variant: Variant, headers: &HeaderMap) -> Result<Response, Error> {
    let etag = etag(contents, variant);
    let common = [
        (header::CONTENT_TYPE, HeaderValue::from_static(contents.media.mime())),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_DISPOSITION, disposition::of(&contents.name, variant == Variant::Preview)),
        (header::CACHE_CONTROL, KEEP),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        // A site's own client may show it: who has the address has the right.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
        (header::ETAG, etag.clone()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| range::names(known, &etag)) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let wanted = headers.get(header::RANGE).filter(|_| {
        // Parts of what may have changed are of no use; what lies here never does.
        headers.get(header::IF_RANGE).is_none_or(|known| *known == etag)
    });
    match range::part(wanted, contents.bytes) {
        Part::All => {
            let body = Body::from_stream(contents.read(None).await?);
            Ok((common, [(header::CONTENT_LENGTH, HeaderValue::from(contents.bytes))], body).into_response())
        }
        Part::Some(range) => {
            let length = range.last - range.first + 1;
            let span = format!("bytes {}-{}/{}", range.first, range.last, contents.bytes);
            let span = HeaderValue::try_from(span).map_err(|_| Error::Internal)?;
            let body = Body::from_stream(contents.read(Some(range)).await?);
            let more = [(header::CONTENT_LENGTH, HeaderValue::from(length)), (header::CONTENT_RANGE, span)];
            Ok((StatusCode::PARTIAL_CONTENT, common, more, body).into_response())
        }
        Part::None => {
            let all = HeaderValue::try_from(format!("bytes */{}", contents.bytes)).map_err(|_| Error::Internal)?;
            Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, all)]).into_response())
        }
    }
}

/// Strong: the bytes behind it are these and no others.
fn etag(contents: &Contents, variant: Variant) -> HeaderValue {
    let mut etag = String::from("\"");
    for byte in &contents.sha256[..16] {
        use std::fmt::Write;
        // Writing into a String cannot fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push_str(if variant == Variant::Preview { "-p\"" } else { "\"" });
    HeaderValue::try_from(etag).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// For the eye of who opened an old address.
fn refused(error: &Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let words = match error {
        Error::Forbidden => "This address has expired, or is not a whole one. Open the file from the chat again.\n",
        Error::NotFound => "There is no such file.\n",
        _ => "The file cannot be opened just now. Try again.\n",
    };
    (status, words).into_response()
}
