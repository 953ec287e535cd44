//! What sockets are sent by programs with faults and by people who mean harm: each has a clear answer, and the server
//! goes on.

use domain::FieldProblem;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};
use wire::{
    Close, Error, MAX_FRAME, PROTOCOL, agent,
    visitor::{ClientFrame, Hello, ServerFrame},
};

use crate::common::{Agent, Heard, Server, Setup, Visitor, VisitorSocket, client_id, send};

/// The answer to what was not understood.
async fn error(socket: &mut VisitorSocket) -> Error {
    let error = |frame| match frame {
        ServerFrame::Error(error) => Some(error),
        _ => None,
    };
    socket.until("an error", error).await
}

#[tokio::test]
async fn visitors_frames_that_end_the_line() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let hello = serde_json::to_string(&visitor.hello(0, None, "")).expect("encodes");
    let too_big = serde_json::to_string(&send(client_id(), &"a".repeat(MAX_FRAME))).expect("encodes");
    let cases = [
        ("broken JSON", Message::text("{\"send\":"), Close::Protocol),
        ("no JSON", Message::text("hello"), Close::Protocol),
        ("nothing", Message::text(""), Close::Protocol),
        ("binary", Message::binary(b"\"ping\"".to_vec()), Close::Protocol),
        ("hello twice", Message::text(hello.clone()), Close::Protocol),
        ("too big", Message::text(too_big.clone()), Close::TooBig),
    ];
    for (name, message, close) in cases {
        let (mut socket, _) = visitor.connect().await;
        socket.send_raw(message.clone()).await;
        assert_eq!(socket.end().await, Some(close.code()), "{name}");
        // Instead of hello.
        if name != "hello twice" {
            let mut socket = visitor.open().await;
            socket.send_raw(message).await;
            assert_eq!(socket.end().await, Some(close.code()), "{name}, first");
        }
    }
    for (name, first) in [("a send", send(client_id(), "hi")), ("a ping", ClientFrame::Ping)] {
        let mut socket = visitor.open().await;
        socket.send(&first).await;
        assert_eq!(socket.end().await, Some(Close::Protocol.code()), "{name} before hello");
    }
    for v in [0, PROTOCOL + 1] {
        let mut socket = visitor.open().await;
        let hello = Hello { v, token: visitor.token.clone(), after: 0, session: None, epoch: String::new() };
        socket.send(&ClientFrame::Hello(hello)).await;
        assert_eq!(socket.end().await, Some(Close::Version.code()), "version {v}");
    }
    // Nothing of all that was kept.
    assert_eq!(visitor.whole_chat().await.len(), 3);
}

#[tokio::test]
async fn visitors_frames_that_are_answered_and_forgiven() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut socket, _) = visitor.connect().await;
    let unknown = Error::invalid("frame", FieldProblem::Unknown);
    for text in [
        "{\"dance\":{\"tempo\":3}}",
        "\"jump\"",
        "{}",
        "[]",
        "null",
        "17",
        "{\"send\":{\"client_id\":\"no id\",\"text\":\"x\"}}",
        "{\"send\":{\"text\":\"x\"}}",
        "{\"send\":{\"client_id\":\"00000000-0000-7000-8000-000000000001\",\"text\":17}}",
        "{\"rate\":{\"client_id\":\"00000000-0000-7000-8000-000000000001\",\"stars\":6}}",
        "{\"mark\":{\"delivered\":-1,\"read\":0}}",
        "{\"mark\":{\"delivered\":4294967296,\"read\":0}}",
    ] {
        socket.send_text(text).await;
        assert_eq!(error(&mut socket).await, unknown, "{text}");
    }
    // Fields of a newer version are no fault.
    let id = client_id();
    let newer = format!("{{\"send\":{{\"client_id\":\"{id}\",\"text\":\"two\",\"mood\":\"good\"}}}}");
    socket.send_text(&newer).await;
    let ack = |frame| match frame {
        ServerFrame::Ack(ack) => Some(ack),
        _ => None,
    };
    assert_eq!(socket.until("an ack", ack).await.client_id, id);
    // Marks beyond what there is are cut to it.
    socket.send(&ClientFrame::Mark { delivered: u32::MAX, read: u32::MAX }).await;
    assert_eq!(socket.newest().await, 4);
    assert_eq!(visitor.connect().await.1.own.read, 4);
}

#[tokio::test]
async fn texts_that_cannot_be_messages() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    aki.claim(visitor.session).await.expect("claimed");
    let (mut socket, _) = visitor.connect().await;
    let cases = [
        (String::new(), FieldProblem::Missing),
        (" \n\t".into(), FieldProblem::Missing),
        ("\u{0}\u{7}\u{1b}".into(), FieldProblem::Missing),
        ("\u{200B}\u{202E}\u{2060}".into(), FieldProblem::Missing),
        ("a".repeat(10_001), FieldProblem::TooLong),
        ("\u{1F980}".repeat(10_001), FieldProblem::TooLong),
    ];
    for (text, problem) in cases {
        let expected = Error::invalid("text", problem);
        let shown: String = text.chars().take(10).collect();
        let id = client_id();
        let refused = socket.command(&send(id, &text)).await;
        assert_eq!(refused, Err(expected.clone()), "{shown:?}");
        let failure = visitor.command(&send(client_id(), &text)).await.expect_err("refused");
        assert_eq!((failure.status, failure.error), (422, Some(expected.clone())), "{shown:?}");
        assert_eq!(aki.write(visitor.session, &text).await, Err(expected), "{shown:?}");
        // The id is not used up by a refusal.
        socket.command(&send(id, "better")).await.expect("the same id with a better text");
    }
    // The longest that fits, and one with characters that are dropped.
    socket.write(&"\u{1F980}".repeat(10_000)).await;
    socket.write("a\u{0}b\u{7}\r\nc\u{2028}").await;
    let events = visitor.whole_chat().await;
    let texts = crate::common::texts(&events);
    assert_eq!(texts[texts.len() - 2].chars().count(), 10_000);
    assert_eq!(texts[texts.len() - 1], "ab\nc");
}

#[tokio::test]
async fn no_hello_in_time() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let mut silent = visitor.open().await;
    let mut desk = aki.open().await.expect("the socket opens");
    // One that keeps the line busy below the protocol is no better.
    let mut pinging = visitor.open().await;
    pinging.send_raw(Message::Ping(Vec::new().into())).await;
    let ends = futures::join!(silent.end(), desk.end(), pinging.end());
    assert_eq!(ends.0, Some(Close::HelloTimeout.code()));
    assert_eq!(ends.1, Some(Close::HelloTimeout.code()));
    assert!(ends.2.is_some_and(|code| code == Close::HelloTimeout.code() || code == Close::Protocol.code()));
}

#[tokio::test]
async fn a_flood_of_frames_ends_the_line() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    for message in [Message::text("\"ping\""), Message::text("{}"), Message::Ping(Vec::new().into())] {
        let (mut socket, _) = visitor.connect().await;
        for _ in 0..1_000 {
            socket.send_raw(message.clone()).await;
        }
        let end = socket.end().await;
        assert_eq!(end, Some(Close::RateLimited.code()), "{message:?}");
    }
    visitor.connect().await.0.write("two").await;
}

#[tokio::test]
async fn a_message_in_endless_fragments_is_bounded() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut socket, _) = visitor.connect().await;
    for n in 0..200 {
        let code = if n == 0 { Data::Text } else { Data::Continue };
        let fragment = Frame::message(vec![b' '; 1024], OpCode::Data(code), false);
        socket.send_raw(Message::Frame(fragment)).await;
    }
    assert_eq!(socket.end().await, Some(Close::TooBig.code()));
}

#[tokio::test]
async fn too_many_messages_are_told_when_to_go_on() {
    let setup = Setup::demo().limit("VISITOR_MESSAGES_PER_SECOND", 1).limit("VISITOR_MESSAGES_BURST", 3);
    let server = setup.start().await;
    let visitor = Visitor::start(&server, "one").await;
    let other = Visitor::start(&server, "other").await;
    let (mut socket, _) = visitor.connect().await;
    let (refused, retry_after) = loop {
        let id = client_id();
        match socket.command(&send(id, "quick")).await {
            Ok(_) => {}
            Err(Error::RateLimited { retry_after }) => break (id, retry_after),
            Err(error) => panic!("{error:?}"),
        }
    };
    assert!((1..=2).contains(&retry_after), "{retry_after}");
    let failure = visitor.command(&send(client_id(), "quick")).await.expect_err("over HTTP too");
    assert_eq!(failure.status, 429);
    assert!(failure.retry_after.is_some_and(|seconds| (1..=2).contains(&seconds)), "{failure:?}");
    other.write("not my fault").await;
    // Not a pause in place of a condition: the answer said how long to wait.
    tokio::time::sleep(std::time::Duration::from_secs(retry_after.into())).await;
    socket.command(&send(refused, "quick")).await.expect("the same one, after the time that was told");
    assert_eq!(visitor.whole_chat().await.iter().filter(|event| event.client_id == Some(refused)).count(), 1);
}

#[tokio::test]
async fn agents_frames() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let ending = [
        (Message::text("{\"watch\""), Close::Protocol),
        (Message::binary(vec![1]), Close::Protocol),
        (Message::text("{\"hello\":{\"v\":1}}"), Close::Protocol),
        (Message::text(format!("\"{}\"", "a".repeat(MAX_FRAME))), Close::TooBig),
    ];
    for (message, close) in ending {
        let (mut socket, _) = aki.connect().await;
        let shown: String = format!("{message:?}").chars().take(40).collect();
        socket.send_raw(message).await;
        assert_eq!(socket.end().await, Some(close.code()), "{shown}");
    }
    let mut socket = aki.open().await.expect("the socket opens");
    socket.send(&agent::ClientFrame::Hello { v: 99 }).await;
    assert_eq!(socket.end().await, Some(Close::Version.code()));
    let mut socket = aki.open().await.expect("the socket opens");
    socket.send(&agent::ClientFrame::Ping).await;
    assert_eq!(socket.end().await, Some(Close::Protocol.code()), "before hello");

    let (mut socket, _) = aki.connect().await;
    for text in ["{\"dance\":1}", "{\"watch\":{\"session\":\"x\",\"after\":0,\"epoch\":\"\"}}", "[]"] {
        socket.send_text(text).await;
        loop {
            match socket.hear().await {
                Heard::Frame(agent::ServerFrame::Error(error)) => {
                    assert_eq!(error, Error::invalid("frame", FieldProblem::Unknown), "{text}");
                    break;
                }
                Heard::Frame(_) => {}
                end => panic!("{text}: {end:?}"),
            }
        }
    }
    socket.heard_so_far().await;
}
