//! Coming back: everything that was missed, once, in order, whatever happened to the line.

use domain::SessionId;
use tokio::net::TcpSocket;
use wire::{
    Close, MAX_FRAME,
    agent::{self, StaffEvent},
    visitor::{ClientFrame, Event, Page, ServerFrame, Welcome, What},
};

use crate::common::{Agent, Heard, Server, Socket, Visitor, VisitorSocket, texts};

fn numbers(events: &[Event]) -> Vec<u32> {
    events.iter().map(|event| event.vseq).collect()
}

fn up_to(first: u32, last: u32) -> Vec<u32> {
    (first..=last).collect()
}

/// The pages after the welcome's own.
async fn further_pages(socket: &mut VisitorSocket, first: Page) -> Vec<Page> {
    let mut pages = vec![first];
    while pages.last().is_some_and(|page| page.more) {
        match socket.frame().await {
            ServerFrame::Events(page) => pages.push(page),
            other => panic!("no page but {other:?}"),
        }
    }
    pages
}

/// A chat with events 1 to `last`.
async fn chat_up_to(server: &Server, last: u32) -> Visitor {
    let visitor = Visitor::start(server, "one").await;
    let (mut socket, welcome) = visitor.connect().await;
    for n in numbers(&welcome.page.events).len() + 1..=last as usize {
        assert_eq!(socket.write(&format!("message {n}")).await.vseq as usize, n);
    }
    visitor
}

#[tokio::test]
async fn a_visitor_gets_all_that_follows_page_by_page() {
    let server = Server::start().await;
    let visitor = chat_up_to(&server, 260).await;
    let newest = visitor.connect().await.1;
    assert_eq!(numbers(&newest.page.events), up_to(161, 260), "nothing held: the newest page");
    assert!(newest.page.more, "and there are earlier ones");
    let Welcome { epoch, session, .. } = newest;

    let resume = async |after| {
        let (mut socket, welcome) = visitor.connect_from(after, Some(session), &epoch).await;
        let pages = further_pages(&mut socket, welcome.page).await;
        assert!(pages.iter().all(|page| page.events.len() <= 100));
        (pages.len(), pages.into_iter().flat_map(|page| page.events).collect::<Vec<_>>())
    };
    for (after, pages) in [(7, 3), (60, 2), (160, 1), (259, 1), (260, 1)] {
        let (count, events) = resume(after).await;
        assert_eq!(numbers(&events), up_to(after + 1, 260), "after {after}");
        assert_eq!(count, pages, "after {after}");
    }
    assert_eq!(visitor.whole_chat().await.len(), 260, "and history goes back to the beginning");

    // Positions that are void: the newest page, as if nothing were held.
    let other: SessionId = "00000000-0000-7000-8000-000000000001".parse().expect("an id");
    for (after, session, epoch) in [
        (7, Some(session), "another"),
        (7, Some(session), ""),
        (7, Some(other), &*epoch),
        (7, None, &*epoch),
        (9_999, Some(session), &*epoch),
    ] {
        let (mut socket, welcome) = visitor.connect_from(after, session, epoch).await;
        assert_eq!(numbers(&welcome.page.events), up_to(161, 260), "{after} {session:?} {epoch}");
        assert_eq!(socket.newest().await, 260, "and no pages of a resume after it");
    }
}

#[tokio::test]
async fn an_agent_gets_all_that_follows_page_by_page() {
    let server = Server::picking().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = chat_up_to(&server, 230).await;
    let seqs = |events: &[StaffEvent]| events.iter().map(|event| event.seq).collect::<Vec<_>>();
    let (mut desk, _, epoch) = aki.connect_fully().await;

    let fresh = desk.watch(visitor.session, 0, "").await.expect("watched");
    assert_eq!((seqs(&fresh.events), fresh.fresh, fresh.more), (up_to(131, 230), true, true));
    let mut held = 12;
    for (last, more) in [(112, true), (212, true), (230, false)] {
        let page = desk.watch(visitor.session, held, &epoch).await.expect("watched");
        assert_eq!((seqs(&page.events), page.fresh, page.more), (up_to(held + 1, last), false, more));
        held = last;
    }
    let void = desk.watch(visitor.session, 12, "another").await.expect("watched");
    assert_eq!((seqs(&void.events), void.fresh), (up_to(131, 230), true));
    let ahead = desk.watch(visitor.session, 999, &epoch).await.expect("watched");
    assert!(ahead.fresh, "a position that cannot be");

    // The same by server function.
    let page = aki.thread(visitor.session, 12, &epoch).await.expect("the thread");
    assert_eq!((seqs(&page.events), page.more), (up_to(13, 112), true));
    let arguments = serde_json::json!({"session": visitor.session, "before": 31});
    let earlier: agent::Thread = aki.call("history", arguments).await.expect("earlier ones");
    assert_eq!((seqs(&earlier.events), earlier.more), (up_to(1, 30), false));

    // From a moment on: the first event of that moment begins the page.
    let from = |at: domain::Timestamp| serde_json::json!({"session": visitor.session, "at": at});
    let second = page.events[0].clone();
    let first_then = page.events.iter().find(|event| event.at == second.at).map_or(0, |event| event.seq);
    let then: agent::Thread = aki.call("thread-at", from(second.at)).await.expect("from then on");
    assert!(then.events[0].seq <= first_then && then.events[0].at >= second.at && !then.fresh, "{:?}", then.events[0]);
    let all: agent::Thread =
        aki.call("thread-at", from(domain::Timestamp::from_millis(0))).await.expect("from the first");
    assert_eq!((seqs(&all.events), all.more), (up_to(1, 100), true));
    let none: agent::Thread =
        aki.call("thread-at", from(domain::Timestamp::from_millis(i64::MAX / 1000))).await.expect("an answer");
    assert_eq!((none.events.len(), none.more), (0, false));
}

#[tokio::test]
async fn all_tabs_of_a_visitor_hear_the_same() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut left, _) = visitor.connect().await;
    let (mut right, _) = visitor.connect().await;
    let mut line = visitor.stream(0, None, "").await;
    assert!(matches!(line.next().await, Some(ServerFrame::Welcome(_))));

    aki.claim(visitor.session).await.expect("claimed");
    visitor.connect().await.0.write("from a third tab").await;
    visitor.write("from elsewhere").await;
    aki.write(visitor.session, "to all").await.expect("written");
    aki.end(visitor.session).await.expect("ended");

    let mut expected = visitor.whole_chat().await;
    expected.drain(..3);
    assert_eq!(texts(&expected), ["from a third tab", "from elsewhere", "to all"]);
    assert_eq!(to_the_end(&mut left).await, expected);
    assert_eq!(to_the_end(&mut right).await, expected);
    let mut streamed = Vec::new();
    while streamed.len() < expected.len() {
        if let ServerFrame::Event(event) = line.next().await.expect("the stream goes on") {
            streamed.push(event);
        }
    }
    assert_eq!(streamed, expected);
}

/// Events up to the end of the chat.
async fn to_the_end(socket: &mut VisitorSocket) -> Vec<Event> {
    let mut events = Vec::new();
    socket
        .until("the end of the chat", |frame| {
            let ServerFrame::Event(event) = frame else { return None };
            let over = matches!(event.what, What::Ended { .. });
            events.push(event);
            over.then_some(())
        })
        .await;
    events
}

#[tokio::test]
async fn a_stream_resumes_as_a_socket_does() {
    let server = Server::start().await;
    let visitor = chat_up_to(&server, 220).await;
    let (_, welcome) = visitor.connect().await;
    let mut line = visitor.stream(15, Some(visitor.session), &welcome.epoch).await;
    let mut events = Vec::new();
    while events.len() < 205 {
        match line.next().await.expect("the stream goes on") {
            ServerFrame::Welcome(Welcome { page, .. }) | ServerFrame::Events(page) => events.extend(page.events),
            other => panic!("no page but {other:?}"),
        }
    }
    assert_eq!(numbers(&events), up_to(16, 220));
    visitor.write("live").await;
    match line.next().await {
        Some(ServerFrame::Event(event)) => assert_eq!(event.vseq, 221),
        other => panic!("no event but {other:?}"),
    }
}

#[tokio::test]
async fn a_beat_names_the_newest_number() {
    let server = Server::picking().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut chat, _) = visitor.connect().await;
    let (mut desk, _) = aki.connect().await;
    assert_eq!(chat.newest().await, 3);
    assert_eq!(desk.newest(visitor.session).await, None, "not watched");
    desk.watch(visitor.session, 0, "").await.expect("watched");
    assert_eq!(desk.newest(visitor.session).await, Some(3));
    chat.write("two").await;
    assert_eq!(chat.newest().await, 4);
    assert_eq!(desk.newest(visitor.session).await, Some(4));
    desk.send(&agent::ClientFrame::Unwatch { session: visitor.session }).await;
    assert_eq!(desk.newest(visitor.session).await, None);
    match visitor.frame(&ClientFrame::Ping).await {
        Ok(Some(ServerFrame::Beat { vseq })) => assert_eq!(vseq, 4),
        other => panic!("no beat but {other:?}"),
    }
}

#[tokio::test]
async fn who_never_reads_is_cut_off_and_the_others_go_on() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    aki.claim(visitor.session).await.expect("claimed");
    let (mut quick, welcome) = visitor.connect().await;
    let mut slow = with_a_small_buffer(&visitor).await;
    slow.send(&visitor.hello(0, None, "")).await;
    assert!(matches!(slow.frame().await, ServerFrame::Welcome(_)));

    // Long ones: what the kernel holds for a connection has to be full before the queue is.
    let text = "\u{1F980}".repeat(10_000);
    let last = 4 + 450;
    for _ in 0..450 {
        aki.write(visitor.session, &text).await.expect("written, whoever reads");
        let event = quick.event().await;
        assert!(matches!(event.what, What::Message { .. }));
    }
    // Only now does the slow one read.
    let mut held = 0;
    let code = loop {
        match slow.hear().await {
            Heard::Frame(ServerFrame::Event(event)) => {
                assert_eq!(event.vseq, if held == 0 { event.vseq } else { held + 1 }, "cut off, not skipped");
                held = event.vseq;
            }
            Heard::Frame(_) => {}
            Heard::Closed(code) => break Some(code),
            Heard::Gone => break None,
        }
    };
    assert!(held < last, "it was cut off before the last one");
    assert!(code.is_none_or(|code| code == Close::TooSlow.code()), "with a code that lets it come back: {code:?}");

    let (mut back, resumed) = visitor.connect_from(held, Some(visitor.session), &welcome.epoch).await;
    let pages = further_pages(&mut back, resumed.page).await;
    let missed: Vec<_> = pages.into_iter().flat_map(|page| page.events).collect();
    assert_eq!(numbers(&missed), up_to(held + 1, last));
    quick.write("still here").await;
}

/// A socket whose kernel takes little in advance.
async fn with_a_small_buffer(visitor: &Visitor) -> VisitorSocket {
    let address = visitor.base.strip_prefix("http://").expect("plain HTTP").parse().expect("an address");
    let tcp = TcpSocket::new_v4().expect("a socket");
    tcp.set_recv_buffer_size(4 * 1024).expect("a small buffer");
    let stream = tcp.connect(address).await.expect("connected");
    Socket::over(stream, &visitor.base, "/w/api/socket").await
}

#[tokio::test]
async fn no_frame_is_larger_than_a_frame_may_be() {
    let server = Server::picking().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    let mut said = Vec::new();
    for n in 0..30 {
        said.push(format!("{n} {}", "\u{1F980}".repeat(9_990)));
        visitor.write(&said[n]).await;
    }
    // Fresh, earlier, and what was missed.
    let (mut socket, welcome) = visitor.connect().await;
    assert!(welcome.page.more && welcome.page.events.last().is_some_and(|event| event.vseq == 33));
    socket.send(&ClientFrame::History { before: 20 }).await;
    let (_, text) = socket.hear_raw().await;
    assert!(text.contains("history") && text.len() <= MAX_FRAME, "{}", text.len());
    let mut back = visitor.open().await;
    back.send(&visitor.hello(3, Some(visitor.session), &welcome.epoch)).await;
    let mut held = 3;
    while held < 33 {
        let (heard, text) = back.hear_raw().await;
        assert!(text.len() <= MAX_FRAME, "{}", text.len());
        if let Heard::Frame(ServerFrame::Welcome(Welcome { page, .. }) | ServerFrame::Events(page)) = heard {
            assert_eq!(page.events.first().map(|event| event.vseq), Some(held + 1));
            held = page.events.last().map_or(held, |event| event.vseq);
        }
    }
    assert_eq!(texts(&visitor.whole_chat().await)[2..], said);

    let (mut desk, _, epoch) = aki.connect_fully().await;
    let mut held = 3;
    loop {
        desk.send(&agent::ClientFrame::Watch { session: visitor.session, after: held, epoch: epoch.clone() }).await;
        let (heard, text) = desk.hear_raw().await;
        assert!(text.len() <= MAX_FRAME, "{}", text.len());
        let Heard::Frame(agent::ServerFrame::Thread(thread)) = heard else { continue };
        assert!(!thread.fresh);
        held = thread.events.last().map_or(held, |event| event.seq);
        if !thread.more {
            break;
        }
    }
    assert_eq!(held, 33);
}

#[tokio::test]
async fn an_inbox_of_hundreds_is_told_whole() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    for n in 0..12 {
        let starts = (0..50).map(|m| {
            let server = &server;
            async move { Visitor::start(server, &format!("{n} {m} {}", "x".repeat(150))).await }
        });
        futures::future::join_all(starts).await;
    }
    assert_eq!(aki.connect().await.1.rows.len(), 600);
}

#[tokio::test]
async fn another_chat_greets_the_open_tabs_anew() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut tab, _) = visitor.connect().await;
    tab.command(&ClientFrame::Leave { client_id: crate::common::client_id() }).await.expect("left");
    let request = Visitor::request(&server, "another");
    let started = Visitor::try_start(&server, &request, Some(&visitor.token), &[]).await.expect("another chat");
    let greeted = |frame| match frame {
        ServerFrame::Welcome(welcome) if welcome.session == started.session => Some(welcome),
        _ => None,
    };
    let welcome = tab.until("the greeting", greeted).await;
    assert_eq!(texts(&welcome.page.events)[0], "another");
    assert_eq!(tab.write("two").await.vseq, 4);
}
