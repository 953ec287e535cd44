//! Ten thousand messages while the server is killed five times: what was acknowledged is there once, in order, without
//! a gap, and what was not acknowledged and sent again is there once too.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use domain::ClientId;
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
use sync::{Begin, Feed, Offer, Outbox, State};
use tokio::sync::watch;
use wire::{
    Close,
    visitor::{Event, ServerFrame, What},
};

use crate::common::{Books, Heard, Setup, Socket, Visitor, VisitorSocket, client_id, send, within};

const CHATS: usize = 50;
const MESSAGES: usize = 200;
const KILLS: usize = 5;

/// What all visitors share.
#[derive(Clone)]
struct Stage {
    /// Whether the server is up; false from just before it is killed.
    up: watch::Receiver<bool>,
    /// Acknowledgements so far.
    acked: watch::Sender<usize>,
    /// Messages that were on their way when the line was cut.
    resent: Arc<AtomicUsize>,
    /// Those of them that were on the disk already.
    done_already: Arc<AtomicUsize>,
    began: Instant,
}

/// What a visitor believes at the end.
struct Belief {
    visitor: Visitor,
    sent: Vec<(ClientId, String)>,
    acked: HashMap<ClientId, u32>,
    heard: Vec<Event>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_messages_and_five_kills() {
    five_kills(Setup::demo()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_messages_and_five_kills_on_postgres() {
    let (setup, database) = on_postgres().await;
    five_kills(setup).await;
    database.drop().await;
}

async fn five_kills(setup: Setup) {
    let mut server = setup.fixed_ports().start().await;
    let (up, is_up) = watch::channel(true);
    let (acked, mut progress) = watch::channel(0);
    let stage = Stage { up: is_up, acked, resent: Arc::default(), done_already: Arc::default(), began: Instant::now() };
    let mut talks = Vec::new();
    for n in 0..CHATS {
        let visitor = Visitor::start(&server, &format!("question {n}")).await;
        talks.push(tokio::spawn(talk(visitor, stage.clone())));
    }

    for kill in 1..=KILLS {
        let enough = CHATS * MESSAGES * kill / (KILLS + 1);
        within("enough messages", progress.wait_for(|acked| *acked >= enough)).await.expect("the visitors live");
        up.send_replace(false);
        server = server.kill().await.start().await;
        up.send_replace(true);
    }
    let mut beliefs = Vec::new();
    for talk in talks {
        beliefs.push(within("all messages", talk).await.expect("the visitor's task ends well"));
    }

    let resent = stage.resent.load(Ordering::Relaxed);
    assert!(resent > 0, "no message was on its way at any kill: the test has lost its point");
    for belief in &beliefs {
        check(belief, &belief.visitor.whole_chat().await);
    }
    // And in the database, with the server gone once more.
    let setup = server.kill().await;
    let books = Books::open(&setup).await;
    for belief in &beliefs {
        let events = books.events(belief.visitor.session).await;
        let ids: Vec<_> = events.iter().skip(2).filter_map(|event| event.client_id).collect();
        let sent: Vec<_> = belief.sent.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, sent);
    }
    books.store.close().await;
    let (done, took) = (stage.done_already.load(Ordering::Relaxed), stage.began.elapsed());
    eprintln!("{} messages, {resent} sent again, {done} of these for nothing, in {took:?}", CHATS * MESSAGES);
}

fn check(belief: &Belief, kept: &[Event]) {
    let messages: Vec<_> = kept
        .iter()
        .skip(2)
        .filter_map(|event| match (&event.what, event.client_id) {
            (What::Message { text }, Some(id)) => Some((id, text.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(messages, belief.sent, "each message once, in the order in which it was written");
    for event in kept.iter().filter(|event| matches!(event.what, What::Message { .. })) {
        if let Some(acked) = event.client_id.and_then(|id| belief.acked.get(&id)) {
            assert_eq!(event.vseq, *acked, "at the place that was acknowledged");
        }
    }
    assert_eq!(belief.acked.len(), MESSAGES);
    assert_eq!(belief.heard, kept, "what was heard live, over all the interruptions, is what is kept");
}

async fn talk(visitor: Visitor, stage: Stage) -> Belief {
    let mut outbox = Outbox::default();
    let mut sent = Vec::new();
    for n in 0..MESSAGES {
        let (id, text) = (client_id(), format!("message {n}"));
        outbox.push(id, text.clone(), 0);
        sent.push((id, text));
    }
    let mut belief = Belief { visitor, sent, acked: HashMap::new(), heard: Vec::new() };
    let mut feed = Feed::default();
    let mut up = stage.up.clone();
    while !outbox.is_empty() || belief.heard.len() < MESSAGES + 3 {
        within("the server to be up", up.wait_for(|up| *up)).await.expect("the test goes on");
        let Ok(opened) = Socket::try_open(&belief.visitor.base, "/w/api/socket", &[]).await else { continue };
        let mut socket: VisitorSocket = opened.expect("the upgrade is not refused");
        let hello = belief.visitor.hello(feed.after(), feed.session(), feed.epoch());
        if socket.try_send(&hello).await.is_ok() {
            converse(&mut socket, &mut outbox, &mut feed, &mut belief, &stage).await;
        }
        let flying = outbox.entries().filter(|entry| entry.state == State::Flying).count();
        stage.resent.fetch_add(flying, Ordering::Relaxed);
        outbox.cut();
    }
    belief
}

/// Until everything is said and heard, or the line is gone.
async fn converse(
    socket: &mut VisitorSocket,
    outbox: &mut Outbox<String>,
    feed: &mut Feed,
    belief: &mut Belief,
    stage: &Stage,
) {
    let mut welcomed = false;
    let mut tried = std::collections::HashSet::new();
    while !welcomed || !outbox.is_empty() || belief.heard.len() < MESSAGES + 3 {
        let now = i64::try_from(stage.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        if welcomed && let Some(entry) = outbox.due(now) {
            let (id, frame) = (entry.id, send(entry.id, &entry.body));
            assert!(tried.insert(id), "once per line");
            if socket.try_send(&frame).await.is_err() {
                return;
            }
        }
        match socket.hear().await {
            Heard::Frame(ServerFrame::Welcome(welcome)) => {
                let page = welcome.page;
                let first = page.events.first().map(|event| event.vseq);
                let begin = feed.begin(welcome.session, &welcome.epoch, first, page.more, false);
                assert!(begin == Begin::Continue || belief.heard.is_empty(), "a kill makes nothing void");
                hear(page.events, feed, belief, outbox, stage);
                welcomed = true;
            }
            Heard::Frame(ServerFrame::Events(page)) => {
                feed.page(page.more);
                hear(page.events, feed, belief, outbox, stage);
            }
            Heard::Frame(ServerFrame::Event(event)) => hear(vec![event], feed, belief, outbox, stage),
            Heard::Frame(ServerFrame::Ack(ack)) => {
                if outbox.done(ack.client_id).is_some() {
                    stage.acked.send_modify(|acked| *acked += 1);
                }
                let before = belief.acked.insert(ack.client_id, ack.vseq);
                assert!(before.is_none_or(|before| before == ack.vseq), "a repeat gets the first answer");
            }
            Heard::Frame(ServerFrame::State(_) | ServerFrame::Beat { .. } | ServerFrame::Marks(_)) => {}
            Heard::Frame(other) => panic!("unexpected: {other:?}"),
            Heard::Closed(code) => {
                assert!(Close::resumable(code), "closed with {code}");
                return;
            }
            Heard::Gone => return,
        }
    }
}

fn hear(events: Vec<Event>, feed: &mut Feed, belief: &mut Belief, outbox: &Outbox<String>, stage: &Stage) {
    for event in events {
        match feed.offer(event.vseq) {
            Offer::Next => {
                // Done before the kill, but the acknowledgement was lost with the server. A client would not send it
                // again now; this one does, to see that it stays one.
                let unanswered = event.client_id.and_then(|id| outbox.get(id));
                if unanswered.is_some_and(|entry| entry.state == State::Waiting) {
                    stage.done_already.fetch_add(1, Ordering::Relaxed);
                }
                belief.heard.push(event);
            }
            Offer::Seen => {}
            Offer::Gap => panic!("event {} after {}", event.vseq, feed.after()),
        }
    }
}

/// A database of its own on the server that the tests are given.
struct Postgres {
    server: PgConnection,
    name: String,
}

async fn on_postgres() -> (Setup, Postgres) {
    let address = std::env::var("DESKBELL_TEST_POSTGRES")
        .expect("DESKBELL_TEST_POSTGRES names a server; `cargo xtask test` starts one");
    let options: PgConnectOptions = address.parse().expect("a PostgreSQL address");
    let mut server = options.connect().await.expect("the PostgreSQL server answers");
    let name = format!("deskbell_live_{}", std::process::id());
    for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut server).await.expect("it makes a database");
    }
    let address = options.database(&name).to_url_lossy().to_string();
    (Setup::demo().postgres(&address), Postgres { server, name })
}

impl Postgres {
    async fn drop(mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut self.server).await;
    }
}
