//! From where: pages of other origins are refused on sockets, API and server functions.

use reqwest::Method;
use serde_json::json;
use wire::visitor::{ClientFrame, ServerFrame};

use crate::common::{Agent, Server, Socket, Visitor, VisitorSocket};

/// Origins that are not the server's own, made to look like it.
fn foreign(own: &str) -> Vec<String> {
    let (scheme, rest) = own.split_once("://").expect("a scheme");
    let (host, port) = rest.split_once(':').expect("a port");
    vec![
        "https://evil.example".into(),
        "null".into(),
        format!("{own}.evil"),
        format!("{scheme}://{host}.evil:{port}"),
        format!("{scheme}://evil{host}:{port}"),
        format!("{scheme}://evil.{host}:{port}"),
        format!("{own}0"),
        format!("{scheme}://{host}"),
        format!("https://{rest}"),
        format!("{scheme}://localhost:{port}"),
        format!("{own}@evil.example"),
        format!("{scheme}://evil.example@{rest}"),
        format!("{scheme}://evil.example/{own}"),
        format!("https://evil.example#{own}"),
        format!("{own} https://evil.example"),
        format!("{own}, https://evil.example"),
        own.replacen("http", "ws", 1),
        rest.to_owned(),
    ]
}

async fn visitor_socket(server: &Server, headers: &[(&str, &str)]) -> Result<VisitorSocket, u16> {
    Socket::open(&server.dashboard, "/w/api/socket", headers).await
}

#[tokio::test]
async fn the_visitors_socket() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    for origin in foreign(&server.dashboard) {
        assert_eq!(visitor_socket(&server, &[("origin", &origin)]).await.err(), Some(403), "{origin}");
    }
    // The site's own page talks over HTTP; its socket is the frame's.
    assert_eq!(visitor_socket(&server, &[("origin", &server.shop)]).await.err(), Some(403));
    // The frame, and what is no browser.
    for headers in [&[("origin", server.dashboard.as_str())][..], &[]] {
        let mut socket = visitor_socket(&server, headers).await.expect("allowed");
        socket.send(&visitor.hello(0, None, "")).await;
        assert!(matches!(socket.frame().await, ServerFrame::Welcome(_)));
    }
}

#[tokio::test]
async fn the_agents_socket() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    for origin in foreign(&server.dashboard).into_iter().chain([server.shop.clone()]) {
        assert_eq!(aki.open_from(&[("origin", &origin)]).await.err(), Some(403), "{origin}");
    }
    assert_eq!(aki.open_from(&[]).await.err(), Some(403), "a browser always says it");
    aki.connect().await;
}

#[tokio::test]
async fn the_public_api() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    for origin in foreign(&server.dashboard).into_iter().chain(foreign_sites(&server)) {
        let headers = [("origin", origin.as_str())];
        let failure = visitor.frame_with(&ClientFrame::Ping, &headers).await.expect_err("refused");
        assert_eq!(failure.status, 403, "{origin}");
        let request = Visitor::request(&server, "from elsewhere");
        let failure = Visitor::try_start(&server, &request, None, &headers).await.expect_err("refused");
        assert_eq!(failure.status, 403, "{origin}");
        let stream = server.http.get(format!("{}/w/api/stream", server.dashboard)).bearer_auth(&visitor.token);
        let answer = stream.header("origin", &origin).send().await.expect("an answer");
        assert_eq!(answer.status(), 403, "{origin}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{origin}");
        let asked = preflight(&server, &origin).await;
        assert!(!asked.headers().contains_key("access-control-allow-origin"), "{origin}");
    }
    for origin in [&server.dashboard, &server.shop] {
        visitor.frame_with(&ClientFrame::Ping, &[("origin", origin)]).await.expect("allowed");
    }
    let asked = preflight(&server, &server.shop).await;
    assert_eq!(asked.headers()["access-control-allow-origin"], server.shop.as_str());
    assert!(!asked.headers().contains_key("access-control-allow-credentials"), "the staff's cookie must not count");
    assert!(asked.headers()["vary"].to_str().is_ok_and(|vary| vary.to_lowercase().contains("origin")));
}

fn foreign_sites(server: &Server) -> Vec<String> {
    vec![format!("{}.evil", server.shop), format!("{}0", server.shop), server.shop.replacen("http", "https", 1)]
}

async fn preflight(server: &Server, origin: &str) -> reqwest::Response {
    let request = server.http.request(Method::OPTIONS, format!("{}/w/api/frame", server.dashboard));
    let request = request.header("origin", origin).header("access-control-request-method", "POST");
    let request = request.header("access-control-request-headers", "authorization, content-type");
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn server_functions_and_forms() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let account = server.account("agent", 0);
    let password = account.password.as_deref().expect("a password");
    let foreign = foreign(&server.dashboard);
    let mut cases: Vec<Vec<(&str, &str)>> = foreign.iter().map(|origin| vec![("origin", origin.as_str())]).collect();
    cases.push(vec![("origin", server.shop.as_str())]);
    cases.push(vec![]);
    cases.push(vec![("referer", server.dashboard.as_str())]);
    cases.push(vec![("sec-fetch-site", "cross-site")]);
    cases.push(vec![("sec-fetch-site", "same-site")]);
    cases.push(vec![("sec-fetch-site", "none")]);
    for headers in cases {
        let (status, body) = aki.raw("availability", &json!({"to": "away"}), &headers).await;
        assert_eq!(status, 403, "{headers:?}: {body}");
        assert!(Agent::try_sign_in(&server, &account.email, password, &headers).await.is_err(), "{headers:?}");
        let mut out = server.http.post(format!("{}/sign-out", server.dashboard)).header("cookie", aki.cookie());
        for (name, value) in &headers {
            out = out.header(*name, *value);
        }
        assert_eq!(out.send().await.expect("an answer").status(), 403, "{headers:?}");
    }
    let me = aki.inbox().await.me;
    assert_eq!(me.availability, domain::Availability::Online, "none of it did anything");
    // Old browsers that name no origin can still say that it is the same.
    let (status, _) = aki.raw("availability", &json!({"to": "away"}), &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn looking_changes_nothing() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    for path in ["/api/availability?to=away", "/api/inbox", "/api/claim", "/sign-out"] {
        let status = aki.get(path).await.status();
        assert!(matches!(status.as_u16(), 404 | 405), "{path} answered {status}");
    }
    assert_eq!(aki.inbox().await.me.availability, domain::Availability::Online);
}

#[tokio::test]
async fn pages_forbid_what_they_do_not_need() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let nobody = Agent::with_token(&server, String::new());
    let panel = format!("/w/{}/panel?lang=en", server.site);
    for (who, path, ancestors) in
        [(&aki, "/inbox", "'none'"), (&nobody, "/sign-in", "'none'"), (&nobody, &panel, &server.shop)]
    {
        let page = who.get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.contains(&format!("frame-ancestors {ancestors}")), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(page.headers()["x-content-type-options"], "nosniff", "{path}");
    }
    let unknown = aki.get("/w/no-such-site/panel").await;
    assert_eq!(unknown.status(), 404);
}
