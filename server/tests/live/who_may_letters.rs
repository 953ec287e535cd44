//! Letters and one's own data (PRODUCT V11, V12, V18): for who has the visitor's token, from pages that may ask.

use serde_json::{Value, json};
use wire::{Error, visitor::Refused};

use crate::common::{Server, Visitor, within};

async fn post(
    server: &Server,
    path: &str,
    token: Option<&str>,
    origin: Option<&str>,
    body: &Value,
) -> (u16, Option<Error>) {
    let mut request = server.http.post(format!("{}{path}", server.dashboard)).json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    let answer = within("an answer", request.send()).await.expect("the server answers");
    // Whoever comes from another page gets no further than to the door, which has no form of its own.
    (answer.status().as_u16(), answer.json::<Refused>().await.ok().map(|refused| refused.error))
}

#[tokio::test]
async fn letters_and_data_are_for_the_visitor_alone() {
    let server = Server::picking().await;
    let lena = Visitor::start(&server, "In stock?").await;
    let asks = [
        ("/w/api/transcript", json!({ "email": "lena@example.org" })),
        ("/w/api/privacy", json!({ "ask": "copy", "email": "lena@example.org" })),
        ("/w/api/privacy", json!({ "ask": "erase", "code": "123456" })),
    ];
    for (path, body) in &asks {
        for token in [None, Some("nonsense")] {
            let refused = post(&server, path, token, None, body).await;
            assert_eq!(refused, (401, Some(Error::Unauthenticated)), "{path}");
        }
        for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
            let (status, _) = post(&server, path, Some(&lena.token), Some(origin), body).await;
            assert_eq!(status, 403, "{path} from {origin}");
        }
    }
    // Without a mail server nothing is promised, and a code that was never sent opens nothing.
    let (status, error) = post(&server, asks[0].0, Some(&lena.token), None, &asks[0].1).await;
    assert_eq!((status, error), (503, Some(Error::Unavailable)));
    let (status, _) = post(&server, asks[1].0, Some(&lena.token), None, &asks[1].1).await;
    assert_eq!(status, 503);
    let (status, error) = post(&server, asks[2].0, Some(&lena.token), None, &asks[2].1).await;
    assert_eq!((status, error), (422, Some(Error::invalid("code", domain::FieldProblem::Unknown))));
}

#[tokio::test]
async fn the_link_of_a_letter_opens_from_our_own_page_only() {
    let server = Server::picking().await;
    let body = json!({ "code": "nonsense" });
    for origin in [None, Some("https://evil.example"), Some("null")] {
        assert_eq!(post(&server, "/w/api/return", None, origin, &body).await.0, 403, "{origin:?}");
    }
    let own = server.dashboard.clone();
    assert_eq!(post(&server, "/w/api/return", None, Some(&own), &body).await, (404, Some(Error::NotFound)));
}
