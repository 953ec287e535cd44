use axum::{
    Extension,
    body::Body,
    response::Html,
    routing::{get, post},
};
use http::{Request, Response};
use tower::ServiceExt;

use super::*;

fn router() -> Router {
    let page = |Extension(nonce): Extension<Nonce>| async move { Html(format!("{nonce}{}", " ".repeat(2000))) };
    let origins = Origins {
        public: "https://site.com".parse().expect("an origin"),
        widget: Some("https://chat.site.com".parse().expect("an origin")),
    };
    let router = Router::new()
        .route("/page", get(page))
        .route("/w/panel", get(page))
        .route("/json", get(|| async { axum::Json("x".repeat(2000)) }))
        .route("/stream", get(|| async { ([("content-type", "application/x-ndjson")], "x".repeat(2000)) }))
        .route("/kept", get(|| async { ([("cache-control", "no-cache"), ("etag", "\"x\"")], Html("x".repeat(2000))) }))
        .route("/change", post(|body: String| async move { body.len().to_string() }))
        .route("/w/change", post(|| async {}))
        .route("/panic", get(async || std::hint::black_box(None::<()>).expect("a test's panic")));
    let uploads = Router::new().route("/large", post(|body: Body| async move { counted(body).await }));
    protect(router, uploads, Arc::new(origins))
}

async fn counted(body: Body) -> String {
    axum::body::to_bytes(body, usize::MAX).await.map_or_else(|error| error.to_string(), |bytes| bytes.len().to_string())
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    router().oneshot(request).await.expect("an answer")
}

async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn changes_are_taken_from_our_own_pages_only() {
    let own = [
        &[("origin", "https://site.com")][..],
        &[("origin", "https://site.com:443")],
        &[("origin", "https://site.com"), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-origin")],
    ];
    for headers in own {
        assert_eq!(ask("POST", "/change", headers, "").await.status(), StatusCode::OK, "{headers:?}");
    }
    let foreign = [
        &[][..],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "https://site.com.evil")],
        &[("origin", "https://evilsite.com")],
        &[("origin", "http://site.com")],
        &[("origin", "https://site.com:8443")],
        &[("origin", "https://chat.site.com")],
        &[("origin", "https://site.com"), ("origin", "https://evil.example")],
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "none")],
    ];
    for headers in foreign {
        let response = ask("POST", "/change", headers, "").await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert!(text(response).await.contains("https://site.com"));
        for method in ["PUT", "DELETE", "PATCH"] {
            assert_eq!(
                ask(method, "/change", headers, "").await.status(),
                StatusCode::FORBIDDEN,
                "{method} {headers:?}"
            );
        }
        // Visitors' requests have rules of their own, and looking changes nothing.
        assert_eq!(ask("POST", "/w/change", headers, "").await.status(), StatusCode::OK, "{headers:?}");
        assert_eq!(ask("GET", "/page", headers, "").await.status(), StatusCode::OK, "{headers:?}");
    }
}

#[test]
fn sockets_are_opened_by_our_own_pages_only() {
    let origins = Origins {
        public: "https://site.com".parse().expect("an origin"),
        widget: Some("https://chat.site.com".parse().expect("an origin")),
    };
    let judge = |origin: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", http::HeaderValue::from_static("same-origin"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, http::HeaderValue::from_static(origin));
        }
        (origins.is_dashboard(&headers), origins.is_frame(&headers))
    };
    assert_eq!(judge(Some("https://site.com")), (true, true));
    assert_eq!(judge(Some("https://chat.site.com")), (false, true));
    for foreign in [None, Some("null"), Some("https://site.com.evil"), Some("https://evilsite.com")] {
        assert_eq!(judge(foreign), (false, false), "{foreign:?}");
    }
    assert_eq!(origins.frame().as_str(), "https://chat.site.com");
}

#[tokio::test]
async fn pages_carry_a_policy_with_a_nonce_of_their_own() {
    let mut nonces = std::collections::HashSet::new();
    for _ in 0..2 {
        let response = ask("GET", "/page", &[], "").await;
        let headers = response.headers().clone();
        let nonce = text(response).await.trim().to_owned();
        let policy = headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains(&format!("'nonce-{nonce}'")) && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(policy.contains("wss://site.com"), "{policy}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "same-origin");
        assert_eq!(headers["cache-control"], "no-store");
        assert!(headers.contains_key("permissions-policy") && headers.contains_key("x-request-id"));
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 2);
    // A page for visitors that forgot its policy gets the one that allows nothing.
    let response = ask("GET", "/w/panel", &[], "").await;
    assert_eq!(response.headers()["content-security-policy"], csp::NOTHING);
    assert!(!response.headers().contains_key("cross-origin-opener-policy"));
}

#[tokio::test]
async fn what_a_handler_sets_is_kept() {
    let response = ask("GET", "/kept", &[("accept-encoding", "br")], "").await;
    assert_eq!(response.headers()["cache-control"], "no-cache");
    assert!(!response.headers().contains_key("content-encoding"), "a strong ETag is a promise about the bytes");
}

#[tokio::test]
async fn pages_and_json_are_packed_and_streams_are_not() {
    for (path, encoding) in [("/page", Some("br")), ("/json", Some("br")), ("/stream", None)] {
        let response = ask("GET", path, &[("accept-encoding", "gzip, br")], "").await;
        let found = response.headers().get("content-encoding").map(|value| value.to_str().expect("text"));
        assert_eq!(found, encoding, "{path}");
    }
}

#[tokio::test]
async fn bodies_are_bounded_and_panics_are_answers() {
    let own = [("origin", "https://site.com")];
    let fits = "x".repeat(MAX_BODY_BYTES);
    assert_eq!(text(ask("POST", "/change", &own, &fits).await).await, MAX_BODY_BYTES.to_string());
    let long = format!("{fits}x");
    assert_eq!(ask("POST", "/change", &own, &long).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    // Uploads are bounded by their handlers, and guarded like everything else.
    assert_eq!(text(ask("POST", "/large", &own, &long).await).await, long.len().to_string());
    assert_eq!(ask("POST", "/large", &[], "").await.status(), StatusCode::FORBIDDEN);
    let response = ask("GET", "/panic", &[], "").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text(response).await.contains("test's"), "causes stay in the log");
}
