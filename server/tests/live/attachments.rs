//! Files over HTTP: sent in pieces by both sides, opened by signed addresses, and every way to what is not one's own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, response::IntoResponse};
use domain::{AttachmentId, EventKind, FileFault, Media, SessionId};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use wire::{
    Conflict, Error,
    file::{FileLinks, Upload},
    visitor::{ClientFrame, Refused, What},
};

use crate::common::{Agent, Server, Setup, Visitor, client_id, within};

/// A film as far as its form goes, of that many bytes.
fn film(bytes: usize) -> Vec<u8> {
    let head = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2\0\0\0\x08moov";
    let rest = bytes - head.len();
    let mut film = head.to_vec();
    film.extend(u32::try_from(rest).expect("small").to_be_bytes());
    film.extend(b"mdat");
    film.extend((0..rest - 8).map(|n| n.to_le_bytes()[0]));
    film
}

/// 1 × 1, with its sums.
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1F\x15\xC4\x89\0\0\0\rIDATx\x9Cc\
\xF8\xCF\xC0\xF0\x1F\0\x05\0\x01\xFF\x89\x99=\x1D\0\0\0\0IEND\xAEB`\x82";

struct Scene {
    server: Server,
    aki: Agent,
    visitor: Visitor,
    session: SessionId,
}

impl Scene {
    async fn new() -> Self {
        Self::on(Server::start().await).await
    }

    async fn on(server: Server) -> Self {
        let aki = Agent::sign_in(&server, "agent", 0).await;
        let visitor = Visitor::start(&server, "Can you show me?").await;
        let session = visitor.session;
        aki.claim(session).await.expect("nobody else has it");
        Self { server, aki, visitor, session }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.server.dashboard)
    }

    /// A request of the agent's browser.
    async fn as_agent(&self, method: Method, path: &str, offset: Option<u64>, body: Vec<u8>) -> reqwest::Response {
        let request = self.server.http.request(method, self.address(path)).header(header::COOKIE, self.aki.cookie());
        let request = request.header(header::ORIGIN, &self.server.dashboard).body(body);
        let request = offset.iter().fold(request, |request, offset| request.header("upload-offset", *offset));
        within("an answer", request.send()).await.expect("the server answers")
    }

    async fn as_visitor(&self, method: Method, path: &str, offset: Option<u64>, body: Vec<u8>) -> reqwest::Response {
        let request = self.server.http.request(method, self.address(path)).bearer_auth(&self.visitor.token).body(body);
        let request = offset.iter().fold(request, |request, offset| request.header("upload-offset", *offset));
        within("an answer", request.send()).await.expect("the server answers")
    }

    async fn begin(&self, name: &str, bytes: usize) -> Result<Upload, Error> {
        self.aki.call("begin-upload", json!({"session": self.session, "file": {"name": name, "bytes": bytes}})).await
    }

    async fn attach(&self, file: AttachmentId) -> Result<Value, Error> {
        self.aki.call("attach", json!({"client_id": client_id(), "session": self.session, "file": file})).await
    }

    async fn sent(&self, name: &str, bytes: Vec<u8>) -> AttachmentId {
        let upload = self.begin(name, bytes.len()).await.expect("announced");
        let answer = self.as_agent(Method::PUT, &format!("/agent/uploads/{}", upload.id), Some(0), bytes).await;
        assert_eq!(answer.status(), StatusCode::OK);
        self.attach(upload.id).await.expect("attached");
        upload.id
    }

    async fn links(&self, id: AttachmentId) -> FileLinks {
        let answer = self.as_visitor(Method::GET, &format!("/w/api/files/{id}"), None, Vec::new()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("links")
    }

    /// By nobody in particular: the address is the proof.
    async fn open(&self, address: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = self.server.http.get(self.address(address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        within("an answer", request.send()).await.expect("the server answers")
    }
}

async fn refused(answer: reqwest::Response) -> (u16, Error) {
    let status = answer.status().as_u16();
    (status, answer.json::<Refused>().await.expect("in the API's own form").error)
}

#[tokio::test]
async fn an_agents_film_comes_in_pieces_and_is_played_in_parts() {
    let scene = Scene::new().await;
    // More than any other request may bring.
    let film = film(700_000);
    let upload = scene.begin("../../x\r\nSet-Cookie: a=b\".mp4", film.len()).await.expect("announced");
    let path = format!("/agent/uploads/{}", upload.id);
    let answer = scene.as_agent(Method::PUT, &path, Some(0), film[..400_000].to_vec()).await;
    assert_eq!(answer.json::<Upload>().await.expect("an upload").offset, 400_000);
    let here = scene.as_agent(Method::HEAD, &path, None, Vec::new()).await;
    assert_eq!(here.headers()["upload-offset"], "400000");
    let wrong = scene.as_agent(Method::PUT, &path, Some(0), film.clone()).await;
    assert_eq!(refused(wrong).await, (409, Error::Conflict(Conflict::Offset { at: 400_000 })));
    let nowhere = scene.as_agent(Method::PUT, &path, None, film.clone()).await;
    assert_eq!(nowhere.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let rest = scene.as_agent(Method::PUT, &path, Some(400_000), film[400_000..].to_vec()).await;
    assert_eq!(rest.status(), StatusCode::OK);
    scene.attach(upload.id).await.expect("attached");

    let event = scene.visitor.whole_chat().await.pop().expect("an event");
    let What::Attachment(sent) = event.what else { panic!("no attachment but {:?}", event.what) };
    assert_eq!((sent.media, sent.bytes, sent.size, sent.preview), (Media::Mp4, 700_000, None, false));
    let links = scene.links(sent.id).await;
    let whole = scene.open(&links.file, &[]).await;
    let headers = whole.headers().clone();
    for (name, value) in [
        ("content-type", "video/mp4"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("accept-ranges", "bytes"),
        ("content-length", "700000"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    let disposition = headers["content-disposition"].to_str().expect("ASCII");
    assert!(disposition.starts_with("attachment; filename=\"x Set-Cookie_ a=b_.mp4\""), "{disposition}");
    assert!(!headers.contains_key("set-cookie"));
    assert_eq!(whole.bytes().await.expect("a body"), film);

    let part = scene.open(&links.file, &[("range", "bytes=699990-")]).await;
    assert_eq!(
        (part.status().as_u16(), part.headers()["content-range"].to_str().ok()),
        (206, Some("bytes 699990-699999/700000"))
    );
    assert_eq!(part.bytes().await.expect("a body"), film[699_990..]);
    let beyond = scene.open(&links.file, &[("range", "bytes=700000-")]).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let etag = headers["etag"].to_str().expect("ASCII");
    assert_eq!(scene.open(&links.file, &[("if-none-match", etag)]).await.status(), StatusCode::NOT_MODIFIED);
    let other = scene.open(&links.file, &[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);

    // The dashboard's own address leads there for who is signed in, and for nobody else.
    let way = scene.as_agent(Method::GET, &format!("/agent/files/{}/file", sent.id), None, Vec::new()).await;
    assert_eq!(way.status(), StatusCode::FOUND);
    let to = way.headers()["location"].to_str().expect("ASCII").to_owned();
    assert_eq!(scene.open(&to, &[]).await.bytes().await.expect("a body"), film);
    let stranger = scene.open(&format!("/agent/files/{}/file", sent.id), &[]).await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_address_is_for_one_file_and_a_while() {
    let scene = Scene::new().await;
    let one = scene.sent("one.png", PNG.to_vec()).await;
    let two = scene.sent("two.png", PNG.to_vec()).await;
    let links = scene.links(one).await;
    let preview = links.preview.clone().expect("a small picture");
    let small = scene.open(&preview, &[]).await;
    assert_eq!(
        (small.status(), small.headers()["content-disposition"].as_bytes()[..6].to_vec()),
        (StatusCode::OK, b"inline".to_vec())
    );
    let (path, query) = links.file.split_once('?').expect("a proof");
    let later = query.replacen("until=", "until=9", 1);
    let zero = query.replacen(|c: char| c.is_ascii_digit(), "0", 1);
    for forged in [
        links.file.replace(&one.to_string(), &two.to_string()),
        links.file.replace("/file?", "/preview?"),
        format!("{path}?{later}"),
        format!("{path}?{zero}"),
        format!("{path}?{}", &query[..query.len() - 2]),
    ] {
        let answer = scene.open(&forged, &[]).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{forged}");
    }
    assert_eq!(scene.open(path, &[]).await.status(), StatusCode::BAD_REQUEST);
    let strange = scene.open(&links.file.replace("/file?", "/page?"), &[]).await;
    assert_eq!(strange.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visitor_sends_a_picture_when_the_agent_allows_it() {
    let scene = Scene::new().await;
    let begin = |name: &str, bytes: usize| serde_json::to_vec(&json!({"name": name, "bytes": bytes})).expect("JSON");
    let announce = || scene.as_visitor(Method::POST, "/w/api/uploads", None, begin("a.png", PNG.len()));
    assert_eq!(refused(announce().await).await, (409, Error::Conflict(Conflict::AttachmentsOff)));
    let allow = json!({"client_id": client_id(), "session": scene.session, "on": true});
    scene.aki.call::<Value>("allow-attachments", allow).await.expect("the owner may");
    let upload: Upload = announce().await.json().await.expect("announced");
    let path = format!("/w/api/uploads/{}", upload.id);
    let put = scene.as_visitor(Method::PUT, &path, Some(0), PNG.to_vec()).await;
    assert_eq!(put.headers()["upload-offset"], PNG.len().to_string().as_str());
    let frame = ClientFrame::Attach { client_id: client_id(), file: upload.id };
    let ack = scene.visitor.command(&frame).await.expect("sent");
    assert_eq!(scene.visitor.command(&frame).await.expect("repeated"), ack);
    let thread = scene.aki.thread(scene.session, 0, "").await.expect("one's own chat");
    let last = thread.events.last().and_then(|event| event.shown.clone()).expect("shown").kind;
    assert!(matches!(last, EventKind::Attachment(file) if file.id == upload.id && file.media == Media::Png));

    // 151 MB, and a page under a picture's name.
    let large = scene.as_visitor(Method::POST, "/w/api/uploads", None, begin("a.png", 151 << 20)).await;
    assert_eq!(refused(large).await, (422, Error::File(FileFault::TooLarge { most: 150 << 20 })));
    let page = b"<!doctype html><script>alert(1)</script>";
    let upload: Upload = scene
        .as_visitor(Method::POST, "/w/api/uploads", None, begin("a.png", page.len()))
        .await
        .json()
        .await
        .expect("announced");
    let path = format!("/w/api/uploads/{}", upload.id);
    scene.as_visitor(Method::PUT, &path, Some(0), page.to_vec()).await;
    let failure = scene.visitor.command(&ClientFrame::Attach { client_id: client_id(), file: upload.id }).await;
    assert_eq!(failure.expect_err("refused").error, Some(Error::File(FileFault::Html)));

    // Another visitor's token opens none of it.
    let stranger = Visitor::start(&scene.server, "Who are you?").await;
    for (method, path) in [
        (Method::HEAD, path.clone()),
        (Method::PUT, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::GET, format!("/w/api/files/{}", upload.id)),
    ] {
        let request = scene.server.http.request(method.clone(), scene.address(&path)).bearer_auth(&stranger.token);
        let answer = request.header("upload-offset", 0).body("x").send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {path}");
    }
    let given_up = scene.as_visitor(Method::DELETE, &path, None, Vec::new()).await;
    assert_eq!(given_up.status(), StatusCode::NO_CONTENT);
    // A page of somewhere else may not bring bytes in an agent's name.
    let upload = scene.begin("a.png", PNG.len()).await.expect("announced");
    let request = scene.server.http.put(scene.address(&format!("/agent/uploads/{}", upload.id)));
    let request = request.header(header::COOKIE, scene.aki.cookie()).header(header::ORIGIN, "https://evil.example");
    let answer = request.header("upload-offset", 0).body(PNG.to_vec()).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

/// Objects by path.
type Bucket = Arc<Mutex<HashMap<String, Bytes>>>;

/// As much of S3 as is asked for.
async fn s3(
    State(bucket): State<Bucket>,
    method: Method,
    uri: axum::http::Uri,
    headers: axum::http::HeaderMap,
    body: Bytes,
) -> axum::response::Response {
    let signed = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=the-key/"), "{signed}");
    let mut bucket = bucket.lock().expect("unharmed");
    let path = uri.path().to_owned();
    let common = [("etag", "\"1\""), ("last-modified", "Sun, 22 Nov 2026 04:00:00 GMT")];
    match (method.as_str(), bucket.get(&path).cloned()) {
        ("PUT", _) => {
            bucket.insert(path, body);
            common.into_response()
        }
        ("GET" | "HEAD", Some(object)) => {
            let range =
                headers.get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
            match range {
                Some((first, last)) => {
                    let (first, last): (usize, usize) =
                        (first.parse().expect("a number"), last.parse().expect("a number"));
                    let span = format!("bytes {first}-{last}/{}", object.len());
                    (StatusCode::PARTIAL_CONTENT, common, [("content-range", span)], object.slice(first..=last))
                        .into_response()
                }
                None => (common, object).into_response(),
            }
        }
        ("DELETE", _) => {
            bucket.remove(&path);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::test]
async fn files_lie_in_a_bucket_when_that_is_configured() {
    let bucket = Bucket::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let routes = Router::new().fallback(s3).with_state(Arc::clone(&bucket));
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
    let setup = [
        ("STORE", "s3://the-bucket/files/of/ours"),
        ("S3_ENDPOINT", &endpoint),
        ("S3_REGION", "eu-central-1"),
        ("S3_ACCESS_KEY_ID", "the-key"),
        ("S3_SECRET_ACCESS_KEY", "secret"),
    ]
    .iter()
    .fold(Setup::demo(), |setup, (name, value)| setup.environment(&format!("DESKBELL_ATTACHMENTS__{name}"), value));
    let data = setup.data_folder();
    let scene = Scene::on(setup.start().await).await;
    let film = film(300_000);
    let id = scene.sent("a.mp4", film.clone()).await;
    let picture = scene.sent("a.png", PNG.to_vec()).await;
    let path = |file: AttachmentId| format!("/the-bucket/files/of/ours/{}/{file}", scene.session);
    {
        let bucket = bucket.lock().expect("unharmed");
        assert_eq!(bucket.get(&path(id)).map(|object| object[..] == film[..]), Some(true));
        assert!(bucket.contains_key(&format!("{}-preview", path(picture))));
    }
    assert!(!data.join("files").exists(), "nothing lies in the data folder");
    let links = scene.links(id).await;
    assert_eq!(scene.open(&links.file, &[]).await.bytes().await.expect("a body"), film);
    let part = scene.open(&links.file, &[("range", "bytes=10-19")]).await;
    assert_eq!(part.bytes().await.expect("a body"), film[10..20]);
    serving.abort();
    let _ = serving.await;
    assert_eq!(scene.open(&links.file, &[("range", "bytes=0-0")]).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}
