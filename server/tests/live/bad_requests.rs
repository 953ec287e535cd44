//! What requests are sent by programs with faults and by people who mean harm.

use domain::FieldProblem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wire::{
    Close, Error,
    visitor::{ClientFrame, Refused, StartRequest},
};

use crate::common::{Agent, Server, Setup, Visitor, client_id, within};

async fn post(server: &Server, path: &str, token: Option<&str>, body: String) -> (u16, Option<Error>) {
    let request = server.http.post(format!("{}{path}", server.dashboard)).header("content-type", "application/json");
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = within("an answer", request.body(body).send()).await.expect("the server answers");
    let status = answer.status().as_u16();
    let body = within("the body", answer.text()).await.expect("a body");
    (status, serde_json::from_str::<Refused>(&body).ok().map(|refused| refused.error))
}

#[tokio::test]
async fn starts_that_cannot_be() {
    let server = Server::start().await;
    let start = async |request: &StartRequest| {
        let failure = Visitor::try_start(&server, request, None, &[]).await.expect_err("refused");
        (failure.status, failure.error)
    };
    let request = Visitor::request(&server, "one");
    for site in ["", "no-such-site", "../etc/passwd", "' OR 1=1 --"] {
        let unknown = StartRequest { site: site.into(), ..request.clone() };
        assert_eq!(start(&unknown).await, (404, Some(Error::NotFound)), "{site}");
    }
    let answers = testkit::answers(&"n".repeat(101), "lena@", " \u{200B} ");
    let (status, error) = start(&StartRequest { answers, ..request.clone() }).await;
    let Some(Error::Invalid(fields)) = error else { panic!("{status} {error:?}") };
    let fields: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.problem)).collect();
    let expected =
        [("name", FieldProblem::TooLong), ("email", FieldProblem::NotAnEmail), ("question", FieldProblem::Missing)];
    assert_eq!((status, &fields[..]), (422, &expected[..]), "all of them at once");
    let answers = testkit::answers("", "", &"q".repeat(10_001));
    let error = Error::invalid("question", FieldProblem::TooLong);
    assert_eq!(start(&StartRequest { answers, ..request.clone() }).await, (422, Some(error)));

    // The refused ids are not used up.
    Visitor::try_start(&server, &request, None, &[]).await.expect("the chat begins");
}

#[tokio::test]
async fn too_many_requests_and_lines_of_one_visitor() {
    let setup = Setup::demo().limit("VISITOR_MESSAGES_PER_SECOND", 2).limit("VISITOR_MESSAGES_BURST", 20);
    let server = setup.start().await;
    let (busy, other) = (Visitor::start(&server, "one").await, Visitor::start(&server, "two").await);
    let ping = serde_json::to_string(&ClientFrame::Ping).expect("encodes");
    // They come faster than the bucket fills, on whatever machine: each takes less than a fortieth of a second.
    let mut answers = Vec::new();
    while answers.len() < 5_000 && !matches!(answers.last(), Some((429, _))) {
        answers.push(post(&server, "/w/api/frame", Some(&busy.token), ping.clone()).await);
    }
    assert!(answers.len() > 400, "as many as on a line: {}", answers.len());
    assert!(matches!(answers.last(), Some((429, Some(Error::RateLimited { .. })))), "{:?}", answers.last());
    assert_eq!(post(&server, "/w/api/frame", Some(&other.token), ping).await.0, 200, "somebody else's are their own");

    let mut lines = Vec::new();
    for _ in 0..64 {
        lines.push(other.connect().await);
    }
    let mut one_more = other.open().await;
    one_more.send(&other.hello(0, None, "")).await;
    assert_eq!(one_more.end().await, Some(Close::RateLimited.code()));
}

#[tokio::test]
async fn too_many_starts_from_one_address() {
    let setup = Setup::demo().limit("STARTS_PER_MINUTE_PER_ADDRESS", 1).limit("STARTS_BURST_PER_ADDRESS", 2);
    let server = setup.start().await;
    for question in ["one", "two"] {
        Visitor::start(&server, question).await;
    }
    let failure = Visitor::try_start(&server, &Visitor::request(&server, "three"), None, &[]).await;
    let failure = failure.expect_err("the third at once");
    assert_eq!(failure.status, 429);
    assert!(failure.retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)), "{failure:?}");
}

#[tokio::test]
async fn bodies_that_are_no_frames() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let token = Some(visitor.token.as_str());
    let unknown = Some(Error::invalid("body", FieldProblem::Unknown));
    for body in ["", "{", "[]", "null", "{\"dance\":{}}", "{\"send\":{\"text\":\"no id\"}}", "\u{FFFD}"] {
        assert_eq!(post(&server, "/w/api/frame", token, body.into()).await, (422, unknown.clone()), "{body}");
    }
    let hello = serde_json::to_string(&visitor.hello(0, None, "")).expect("encodes");
    let (status, error) = post(&server, "/w/api/frame", token, hello).await;
    assert_eq!((status, error), (422, Some(Error::invalid("frame", FieldProblem::Unknown))));
    for body in ["", "{}", "{\"site\":17}"] {
        assert_eq!(post(&server, "/w/api/start", None, body.into()).await, (422, unknown.clone()), "{body}");
        assert_eq!(post(&server, "/w/api/identify", None, body.into()).await, (422, unknown.clone()), "{body}");
    }
    // Larger than a frame may be, and larger than anything may be.
    for bytes in [wire::MAX_FRAME + 1, 1 << 20] {
        let (status, error) = post(&server, "/w/api/frame", token, format!("\"{}\"", "a".repeat(bytes))).await;
        assert!(status == 413 || error == Some(Error::invalid("body", FieldProblem::TooLong)), "{status} {error:?}");
    }
    // Without a token nothing is even looked at.
    let ping = serde_json::to_string(&ClientFrame::Ping).expect("encodes");
    assert_eq!(post(&server, "/w/api/frame", None, ping).await, (401, Some(Error::Unauthenticated)));
    assert_eq!(visitor.whole_chat().await.len(), 3);
}

#[tokio::test]
async fn arguments_that_cannot_be_read() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let own = [("origin", server.dashboard.as_str())];
    let visitor = Visitor::start(&server, "one").await;
    for arguments in [
        serde_json::json!({}),
        serde_json::json!({"client_id": client_id(), "session": "x"}),
        serde_json::json!({"client_id": 17, "session": visitor.session}),
        serde_json::json!([]),
    ] {
        let (status, body) = aki.raw("claim", &arguments, &own).await;
        assert!((400..500).contains(&status), "{arguments}: {status} {body}");
        let error: Result<Error, _> = serde_json::from_str(&body);
        assert!(matches!(error, Ok(Error::Invalid(_))), "{arguments}: {body}");
        assert!(!body.contains("expected"), "the parser's words stay in the log: {body}");
    }
    let (status, _) = aki.raw("no-such-function", &serde_json::json!({}), &own).await;
    assert!((400..500).contains(&status), "{status}");
    assert!(visitor.whole_chat().await.len() == 3);
}

#[tokio::test]
async fn unknown_addresses_and_methods() {
    let server = Server::start().await;
    for path in
        ["/nothing", "/w/", "/w/no-such-site.js", "/w/assets/nothing.js", "/assets/../data/deskbell.db", "/w/api"]
    {
        let answer = server.http.get(format!("{}{path}", server.dashboard)).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
    for path in ["/w/api/start", "/w/api/identify", "/w/api/frame"] {
        let answer = server.http.get(format!("{}{path}", server.dashboard)).send().await.expect("an answer");
        assert_eq!(answer.status(), 405, "{path}");
    }
    // A socket's address without an upgrade.
    let answer = server.http.get(format!("{}/w/api/socket", server.dashboard)).send().await.expect("an answer");
    assert!(answer.status().is_client_error(), "{}", answer.status());
}

/// Everything that comes until the other side hangs up.
async fn raw(server: &Server, request: &[u8]) -> String {
    let address = server.dashboard.strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    // It may hang up before it has read all of it.
    let _ = within("the request to be taken", stream.write_all(request)).await;
    let mut answer = Vec::new();
    let _ = within("the other side to hang up", stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn huge_headers() {
    let server = Server::start().await;
    let long = "a".repeat(64 * 1024);
    let many: Vec<_> = (0..1_000).map(|n| format!("x-{n}: {n}\r\n")).collect();
    for headers in [format!("x-long: {long}\r\n"), many.concat(), format!("cookie: deskbell_sign_in={long}\r\n")] {
        let answer = raw(&server, format!("GET /inbox HTTP/1.1\r\nhost: x\r\n{headers}\r\n").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    let answer = raw(&server, format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert_eq!(server.health().await, 200);
}

#[tokio::test]
async fn slow_headers_and_nonsense() {
    let server = Server::start().await;
    // Each ends by itself; a server without a limit would keep them until the test gives up.
    let silent = raw(&server, b"");
    let half = raw(&server, b"GET / HTTP/1.1\r\nhost: x\r\nx-half:");
    let nonsense = raw(&server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is TLS\r\n\r\n");
    let (silent, half, nonsense) = futures::join!(silent, half, nonsense);
    for answer in [silent, half, nonsense] {
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    // And the others were served meanwhile.
    assert_eq!(server.health().await, 200);
}
