//! Whose pages may change something: only our own.
//!
//! A cookie travels with every request to its host, whoever's page causes it (same-site pages even with SameSite=Lax),
//! so requests that change something must say that they come from a page of ours.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};

use crate::origin::Origin;

/// Our own origins, as browsers see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    /// The dashboard's, and the visitors' frame's unless it has a second one.
    pub public: Origin,
    pub widget: Option<Origin>,
}

impl Origins {
    /// Where the visitors' frame is served.
    pub fn frame(&self) -> &Origin {
        self.widget.as_ref().unwrap_or(&self.public)
    }

    /// Whether a socket of the dashboard is opened by one of its pages. Browsers always name the origin of a socket.
    pub fn is_dashboard(&self, headers: &HeaderMap) -> bool {
        named(headers).is_some_and(|origin| origin == self.public)
    }

    /// Whether a socket or request under `/w/` comes from the visitors' frame.
    pub fn is_frame(&self, headers: &HeaderMap) -> bool {
        named(headers).is_some_and(|origin| origin == self.public || Some(&origin) == self.widget.as_ref())
    }

    /// Whether a request that changes something comes from a page of the dashboard. A browser too old to name the
    /// origin may still say that it is the same.
    fn may_change(&self, headers: &HeaderMap) -> bool {
        if headers.contains_key(header::ORIGIN) {
            return self.is_dashboard(headers);
        }
        headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin")
    }
}

/// Refuses changes from elsewhere. `/w/` has rules of its own: there is no cookie, and sites may use the API directly.
pub async fn check(State(origins): State<Arc<Origins>>, request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || request.uri().path().starts_with("/w/") || origins.may_change(request.headers()) {
        return next.run(request).await;
    }
    tracing::info!(origin = ?request.headers().get(header::ORIGIN), "refused a request from another origin");
    let answer = format!(
        "This request does not come from a page of {0}, so it was refused.\n\
         Open the dashboard at {0}. If that is not its address, its operator has to set `public_url`.\n",
        origins.public
    );
    (StatusCode::FORBIDDEN, answer).into_response()
}

/// The one origin that is named; `null`, several and nonsense are none.
fn named(headers: &HeaderMap) -> Option<Origin> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    only.to_str().ok()?.parse().ok()
}
