//! The files made for browsers, embedded by `build.rs`: found by path or by name, and served.
//!
//! To add a file: the build tool puts it into the site's manifest; nothing is to be done here.

mod negotiate;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

pub use negotiate::{Encoding, accepts};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// What code asks for: `app.js`.
    pub name: &'static str,
    /// Under which it is served: `app.3f9c….js`; the name itself for files that are served some other way.
    pub path: &'static str,
    pub media: &'static str,
    sha256: &'static str,
    pub raw: &'static [u8],
    /// Absent where packing would not help.
    br: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Who may take a file into a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Pages of Deskbell.
    Own,
    /// Any site that embeds the widget: its pages may fetch and preload these.
    Everyone,
}

/// Whether the build had made the browser's files. Without them only the API works.
pub const fn embedded() -> bool {
    !TABLE.is_empty()
}

/// The file served under this path (below `/assets/` and `/w/assets/`).
pub fn get(path: &str) -> Option<&'static Asset> {
    TABLE.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|at| &TABLE[at])
}

/// The file of this logical name.
pub fn by_name(name: &str) -> Option<&'static Asset> {
    TABLE.iter().find(|asset| asset.name == name)
}

/// `GET /assets/{*path}`.
pub async fn serve_own(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve(&path, &headers, Audience::Own)
}

/// `GET /w/assets/{*path}`.
pub async fn serve_everyone(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve(&path, &headers, Audience::Everyone)
}

fn serve(path: &str, request: &HeaderMap, audience: Audience) -> Response {
    // Files without a hash in their name are parts of something else, or somebody else's pages (the demo shop's), which
    // must not appear under this origin.
    match get(path).filter(|asset| asset.is_hashed()) {
        Some(asset) => asset.response(request, audience),
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}

impl Asset {
    /// Whether the name changes with the content, so that it may be kept for ever.
    pub fn is_hashed(&self) -> bool {
        self.name != self.path
    }

    /// Its address for pages of the dashboard.
    pub fn url(&self) -> String {
        format!("/assets/{}", self.path)
    }

    /// Its address for the visitors' frame, whose policy allows nothing outside `/w/`.
    pub fn visitor_url(&self) -> String {
        format!("/w/assets/{}", self.path)
    }

    /// The smallest form that the client takes.
    pub fn body(&self, accepted: Option<&HeaderValue>) -> (Encoding, &'static [u8]) {
        let choices = [(Encoding::Brotli, self.br), (Encoding::Gzip, self.gzip)];
        choices
            .into_iter()
            .find_map(|(encoding, body)| {
                body.filter(|_| negotiate::accepts(accepted, encoding)).map(|body| (encoding, body))
            })
            .unwrap_or((Encoding::Identity, self.raw))
    }

    /// The answer to a GET; axum takes the body away for a HEAD and leaves the length.
    pub fn response(&self, request: &HeaderMap, audience: Audience) -> Response {
        let (encoding, body) = self.body(request.get(header::ACCEPT_ENCODING));
        // Strong means equal to the byte, so each form has its own.
        let etag = format!("\"{}{}\"", &self.sha256[..self.sha256.len().min(32)], encoding.suffix());
        let fresh = negotiate::matches(request, &etag);
        let mut response = if fresh {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Bytes::from_static(body).into());
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, self.content_type());
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            if let Some(token) = encoding.token() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
            }
            response
        };
        let headers = response.headers_mut();
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        let keep = if self.is_hashed() { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let (policy, cors) = match audience {
            Audience::Own => ("same-origin", None),
            // Public bytes that are the same for all and come without cookies: there is nothing to protect.
            Audience::Everyone => ("cross-origin", Some("*")),
        };
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static(policy));
        if let Some(origins) = cors {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(origins));
        }
        response
    }

    fn content_type(&self) -> HeaderValue {
        let text = self.media.starts_with("text/") || self.media.ends_with("json") || self.media == "image/svg+xml";
        let value = if text { format!("{}; charset=utf-8", self.media) } else { self.media.to_owned() };
        HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
    }
}

#[cfg(test)]
mod tests;
