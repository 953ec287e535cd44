use axum::{Router, body::Body, routing::get as route};
use http::{Request, header};
use tower::ServiceExt;

use super::*;

static SCRIPT: Asset = Asset {
    name: "app.js",
    path: "app.0123456789abcdef.js",
    media: "text/javascript",
    sha256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    raw: b"console.log('a longer text')",
    br: Some(b"brotli"),
    gzip: Some(b"gzipped"),
};

static PICTURE: Asset = Asset { name: "a.png", path: "a.png", media: "image/png", br: None, gzip: None, ..SCRIPT };

async fn ask(asset: &'static Asset, method: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Bytes) {
    let router = Router::new()
        .route("/", route(move |headers: HeaderMap| async move { asset.response(&headers, Audience::Everyone) }));
    let mut request = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = router.oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, axum::body::to_bytes(body, usize::MAX).await.expect("a body"))
}

#[tokio::test]
async fn the_best_accepted_form_is_sent_with_its_own_etag() {
    let cases = [
        ("gzip, br", Some("br"), &b"brotli"[..]),
        ("gzip", Some("gzip"), b"gzipped"),
        ("br;q=0, gzip", Some("gzip"), b"gzipped"),
        ("deflate", None, SCRIPT.raw),
    ];
    let mut etags = std::collections::HashSet::new();
    for (accepted, encoding, expected) in cases {
        let (status, headers, body) = ask(&SCRIPT, "GET", &[("accept-encoding", accepted)]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers.get(header::CONTENT_ENCODING).map(|v| v.to_str().expect("text")), encoding, "{accepted}");
        assert_eq!(body, expected);
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[header::VARY], "accept-encoding");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
        etags.insert(headers[header::ETAG].clone());
    }
    assert_eq!(etags.len(), 3, "a strong ETag for each form");
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let (_, headers, _) = ask(&SCRIPT, "GET", &[("accept-encoding", "br")]).await;
    let etag = headers[header::ETAG].to_str().expect("text").to_owned();
    let (status, headers, body) = ask(&SCRIPT, "GET", &[("accept-encoding", "br"), ("if-none-match", &etag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(headers[header::ETAG], etag);
    assert!(headers.contains_key(header::CACHE_CONTROL) && headers.contains_key(header::VARY));
    // The packed form is not the plain one.
    let (status, ..) = ask(&SCRIPT, "GET", &[("if-none-match", &etag)]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn head_tells_the_length_without_the_body() {
    let (status, headers, body) = ask(&SCRIPT, "HEAD", &[("accept-encoding", "gzip")]).await;
    assert_eq!((status, body.len()), (StatusCode::OK, 0));
    assert_eq!(headers[header::CONTENT_LENGTH], "7");
}

#[tokio::test]
async fn stable_names_are_asked_for_again() {
    let (_, headers, body) = ask(&PICTURE, "GET", &[("accept-encoding", "br")]).await;
    assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
    assert_eq!(headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(body, PICTURE.raw);
}

#[test]
fn only_hashed_paths_are_served() {
    for asset in TABLE {
        let served = serve(asset.path, &HeaderMap::new(), Audience::Own).status();
        assert_eq!(served == StatusCode::OK, asset.is_hashed(), "{}", asset.path);
        assert!(get(asset.path).is_some() && by_name(asset.name).is_some());
    }
    assert_eq!(serve("../Cargo.toml", &HeaderMap::new(), Audience::Own).status(), StatusCode::NOT_FOUND);
}
