//! Answers of the public API: JSON, with the error's own status.

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::FieldProblem;
use serde::{Serialize, de::DeserializeOwned};
use wire::{Error, visitor::Refused};

/// A failed request: `{"error": …}` with the status that goes with it.
pub struct Failed(pub Error);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = match &self.0 {
            Error::RateLimited { retry_after } => Some(*retry_after),
            _ => None,
        };
        let mut response = (status, Json(Refused { error: self.0 })).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A JSON body; what is wrong with it is answered in the API's own form.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let bytes = axum::body::Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_long = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Failed(Error::invalid("body", if too_long { FieldProblem::TooLong } else { FieldProblem::Missing }))
        })?;
        let parsed = serde_json::from_slice(&bytes);
        parsed.map(Self).map_err(|_| Failed(Error::invalid("body", FieldProblem::Unknown)))
    }
}

pub fn json<T: Serialize>(answer: &T) -> Response {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)).into_response()
}

/// The token in `Authorization: Bearer`. Never in an address: those end up in logs.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}
