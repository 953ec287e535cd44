//! The demo's shop: static pages on a listener of their own, which stand for a customer's website on another origin.
//! They carry the same snippet that a customer copies, and the policy that a careful shop would have.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::State,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use services::Services;

use crate::{
    assets::{self, Asset, Audience},
    origin::Origin,
    security::{self, csp},
};

/// Where the pages have the snippet.
const PLACE: &str = "{{snippet}}";

/// What the shop needs to know of Deskbell, as any site does.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Where the launcher is loaded from.
    pub deskbell: Origin,
    pub site_key: String,
}

impl Shop {
    /// What a site's owner pastes into their pages.
    fn snippet(&self) -> String {
        format!("<script async src=\"{}/w/{}.js\"></script>", self.deskbell, self.site_key)
    }
}

/// The shop's address for browsers: `localhost`, so that it is another site than the dashboard at `127.0.0.1` even
/// where only the host counts.
pub fn address(listen: SocketAddr) -> String {
    let ip = listen.ip();
    if ip.is_loopback() || ip.is_unspecified() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

pub fn router(shop: Shop) -> Router {
    security::observed(security::outer(Router::new().fallback(get(serve)).with_state(Arc::new(shop))))
}

/// What the stories do not wait for: they put the engine's clock forward, and have chats that would take months. Only in
/// builds for development.
#[cfg(debug_assertions)]
pub fn for_stories(services: Services) -> Router {
    use axum::{extract::Path, routing::post};

    let advance = |Path(seconds): Path<u32>, State(services): State<Services>| async move {
        services.advance(domain::Span::seconds(i64::from(seconds)));
        services.settle().await;
        match services.send_letters().await {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    };
    let chat = |Path((owner, visitor, messages, days)): Path<(String, String, u32, u32)>,
                State(services): State<Services>| async move {
        match services.seed_chat(&owner, &visitor, messages, days).await {
            Ok(seeded) => (StatusCode::OK, format!("{} {}", seeded.session, seeded.token)),
            Err(error) => (StatusCode::CONFLICT, error.to_string()),
        }
    };
    let waiting = |Path((visitor, chats)): Path<(String, u32)>, State(services): State<Services>| async move {
        match services.seed_waiting(&visitor, chats).await {
            Ok(()) => (StatusCode::OK, String::new()),
            Err(error) => (StatusCode::CONFLICT, error.to_string()),
        }
    };
    Router::new()
        .route("/test-clock/{seconds}", post(advance))
        .route("/test-chat/{owner}/{visitor}/{messages}/{days}", post(chat))
        .route("/test-waiting/{visitor}/{chats}", post(waiting))
        .with_state(services)
}

#[cfg(not(debug_assertions))]
pub fn for_stories(_: Services) -> Router {
    Router::new()
}

async fn serve(State(shop): State<Arc<Shop>>, uri: Uri, request: HeaderMap) -> Response {
    let mut response = answer(&shop, uri.path(), &request);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, csp::shop(&shop.deskbell));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}

fn answer(shop: &Shop, path: &str, request: &HeaderMap) -> Response {
    match find(path) {
        Some(asset) if asset.media == "text/html" => page(shop, asset, StatusCode::OK),
        Some(asset) => asset.response(request, Audience::Own),
        None => match assets::by_name("demo/404.html") {
            Some(asset) => page(shop, asset, StatusCode::NOT_FOUND),
            None => (StatusCode::NOT_FOUND, "The shop has no such page.\n").into_response(),
        },
    }
}

/// `/`, `/chairs` and `/chairs/oak` are pages; `/shop.css` is a file.
fn find(path: &str) -> Option<&'static Asset> {
    let path = path.trim_matches('/');
    let names = if path.is_empty() {
        vec!["demo/index.html".to_owned()]
    } else {
        vec![format!("demo/{path}"), format!("demo/{path}.html"), format!("demo/{path}/index.html")]
    };
    names.iter().find_map(|name| assets::by_name(name))
}

fn page(shop: &Shop, asset: &Asset, status: StatusCode) -> Response {
    let html = String::from_utf8_lossy(asset.raw).replace(PLACE, &shop.snippet());
    (status, [(header::CACHE_CONTROL, "no-cache")], Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str) -> (http::response::Parts, String) {
        let shop = Shop { deskbell: "http://127.0.0.1:3000".parse().expect("an origin"), site_key: "k3y".into() };
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let (parts, body) = router(shop).oneshot(request).await.expect("an answer").into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        (parts, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn the_shop_is_another_site_than_the_dashboard() {
        assert_eq!(address(([127, 0, 0, 1], 3001).into()), "http://localhost:3001");
        assert_eq!(address(([0, 0, 0, 0], 80).into()), "http://localhost:80");
        assert_eq!(address(([192, 0, 2, 1], 80).into()), "http://192.0.2.1:80");
    }

    #[tokio::test]
    async fn every_answer_has_the_shops_policy() {
        for path in ["/", "/nothing/here"] {
            let (parts, _) = ask("GET", path).await;
            let policy = parts.headers["content-security-policy"].to_str().expect("text");
            assert!(policy.contains("script-src 'self' http://127.0.0.1:3000;"), "{policy}");
        }
        assert_eq!(ask("GET", "/nothing/here").await.0.status, StatusCode::NOT_FOUND);
        assert_eq!(ask("POST", "/").await.0.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn pages_carry_the_snippet() {
        let Some(home) = assets::by_name("demo/index.html") else { return };
        assert!(String::from_utf8_lossy(home.raw).contains(PLACE), "the page has a place for it");
        let (parts, html) = ask("GET", "/").await;
        assert_eq!(parts.status, StatusCode::OK);
        assert!(html.contains("<script async src=\"http://127.0.0.1:3000/w/k3y.js\"></script>"));
        assert!(!html.contains(PLACE));
        assert_eq!(ask("HEAD", "/").await.1, "");
        assert_eq!(ask("GET", "/index").await.1, html);
    }
}
