use axum::{extract::Extension, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::*;

const SOON: Duration = Duration::from_secs(10);

async fn start(router: Router, header_timeout: Duration) -> (SocketAddr, Server) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = Server::default();
    tokio::spawn(serve_with(listener, router, Arc::default(), server.clone(), header_timeout));
    (address, server)
}

async fn talk(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(SOON, stream.read_to_string(&mut answer)).await.expect("in time").expect("read");
    answer
}

#[tokio::test]
async fn requests_are_answered_and_know_their_client() {
    let who = get(|Extension(ClientAddr(address)): Extension<ClientAddr>| async move { address.to_string() });
    let (address, _server) = start(Router::new().route("/", who), SOON).await;
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let answer = talk(&mut stream, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
}

#[tokio::test]
async fn a_client_that_never_finishes_its_header_is_cut_off() {
    let (address, server) = start(Router::new(), Duration::from_millis(50)).await;
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let answer = talk(&mut stream, "GET / HTTP/1.1\r\nhost: ").await;
    assert!(!answer.contains("200"), "{answer}");
    assert_eq!(server.drain(SOON).await, 0);
}

#[tokio::test]
async fn headers_are_bounded() {
    let (address, _server) = start(Router::new(), SOON).await;
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let long = "a".repeat(MAX_HEADER_BYTES);
    let answer = talk(&mut stream, &format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {long}\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn stopping_finishes_requests_and_closes_idle_connections() {
    let gate = Arc::new(tokio::sync::Notify::new());
    let (entered, mut entries) = tokio::sync::mpsc::channel(1);
    let slow = {
        let gate = Arc::clone(&gate);
        get(move || async move {
            let _ = entered.send(()).await;
            gate.notified().await;
            "done"
        })
    };
    let (address, server) = start(Router::new().route("/", slow), SOON).await;
    let mut idle = TcpStream::connect(address).await.expect("connected");
    let mut busy = TcpStream::connect(address).await.expect("connected");
    busy.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    entries.recv().await.expect("entered");

    let draining = tokio::spawn({
        let server = server.clone();
        async move { server.drain(SOON).await }
    });
    assert_eq!(talk(&mut idle, "").await, "");
    assert!(!draining.is_finished(), "the request in flight is waited for");
    gate.notify_one();
    let answer = talk(&mut busy, "").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    assert_eq!(draining.await.expect("drained"), 0);
    assert!(TcpStream::connect(address).await.is_err(), "nothing is accepted any more");
}

#[tokio::test]
async fn waiting_for_the_last_is_bounded() {
    let server = Server::default();
    let forgotten = server.tasks.token();
    assert_eq!(server.drain(Duration::from_millis(10)).await, 1);
    drop(forgotten);
    assert_eq!(server.drain(SOON).await, 0);
}

#[tokio::test]
async fn the_answer_to_what_is_too_large_arrives() {
    let refuse = axum::routing::post(|| async { http::StatusCode::PAYLOAD_TOO_LARGE });
    let (address, server) = start(Router::new().route("/", refuse), SOON).await;
    let length = 3 * 1024 * 1024;
    let stream = TcpStream::connect(address).await.expect("connected");
    let (mut reading, mut writing) = stream.into_split();
    // Sent to the end before the answer is looked at, as many clients do.
    writing
        .write_all(format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n").as_bytes())
        .await
        .expect("sent");
    writing.write_all(&vec![b'x'; length]).await.expect("all of it is taken");
    drop(writing);
    let mut answer = String::new();
    timeout(SOON, reading.read_to_string(&mut answer)).await.expect("in time").expect("no reset");
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    drop(reading);
    assert_eq!(server.drain(SOON).await, 0);
}
