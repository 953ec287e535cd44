//! Who is asking, for server functions.

/// The token of the sign-in cookie. The server provides it as a context of each request that carries one.
#[derive(Debug, Clone)]
pub struct SignedIn(pub String);

#[cfg(feature = "ssr")]
mod server {
    use leptos::prelude::use_context;
    use wire::{Error, Result};

    use super::SignedIn;

    /// The person who is signed in.
    pub async fn staff() -> Result<services::Staff> {
        let token = use_context::<SignedIn>().ok_or(Error::Unauthenticated)?;
        let services = use_context::<services::Services>().ok_or(Error::Internal)?;
        services.staff(&token.0).await
    }

    /// Sets the status of an error. Only for scripts: a form sent without JavaScript is answered by a redirect, and a
    /// page that shows an error is still a page.
    pub fn report<T>(result: Result<T>) -> Result<T> {
        if let Err(error) = &result
            && let (Some(parts), Some(options)) =
                (use_context::<http::request::Parts>(), use_context::<leptos_axum::ResponseOptions>())
            && !wants_page(&parts.headers)
            && let Ok(status) = http::StatusCode::from_u16(error.status())
        {
            options.set_status(status);
        }
        result
    }

    /// Sets the status of a page.
    pub fn page_status(status: u16) {
        if let (Some(options), Ok(status)) =
            (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
        {
            options.set_status(status);
        }
    }

    fn wants_page(headers: &http::HeaderMap) -> bool {
        headers
            .get(http::header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server::{page_status, report, staff};

#[cfg(not(feature = "ssr"))]
pub(crate) fn page_status(_: u16) {}
