//! Whose chat it is: every way to a chat tried by those whose it is not.

use domain::{Role, SessionId};
use serde_json::{Value, json};
use wire::{
    Close, Conflict, Error,
    agent::{self, Details, Resolved, Thread},
    visitor::{ClientFrame, ServerFrame},
};

use crate::common::{Agent, Books, Heard, Server, Setup, Visitor, client_id, texts};

/// The functions that name a chat, with arguments that are right apart from that.
fn functions_on(session: SessionId, queue: domain::QueueId) -> Vec<(&'static str, Value)> {
    let id = client_id();
    vec![
        ("thread", json!({"session": session, "after": 0, "epoch": ""})),
        ("history", json!({"session": session, "before": 3})),
        ("thread-at", json!({"session": session, "at": 0})),
        ("details", json!({"session": session})),
        ("save-draft", json!({"session": session, "text": "draft"})),
        ("claim", json!({"client_id": id, "session": session})),
        ("send", json!({"client_id": client_id(), "session": session, "text": "hello"})),
        ("end", json!({"client_id": client_id(), "session": session})),
        ("close-wrap-up", json!({"client_id": client_id(), "session": session})),
        ("requeue", json!({"client_id": client_id(), "session": session, "queue": queue})),
        ("classification", json!({"session": session})),
        ("classify", json!({"session": session, "rev": 0, "given": {}})),
        ("block", json!({"client_id": client_id(), "session": session})),
        ("unblock", json!({"session": session})),
        ("accept", json!({"client_id": client_id(), "session": session})),
        ("decline", json!({"client_id": client_id(), "session": session})),
        ("transfer", json!({"client_id": client_id(), "session": session, "to": client_id()})),
        ("cancel-transfer", json!({"client_id": client_id(), "session": session})),
        ("assign", json!({"client_id": client_id(), "session": session, "to": client_id()})),
        ("add-colleague", json!({"client_id": client_id(), "session": session, "agent": client_id()})),
        ("remove-colleague", json!({"client_id": client_id(), "session": session, "agent": client_id()})),
    ]
}

/// A server with a second site, whose queue has nobody but one agent of its own.
async fn with_two_sites() -> (Server, Agent, domain::QueueId) {
    let setup = Setup::demo().start().await.stop().await;
    let books = Books::open(&setup).await;
    let (_, queue) = books.other_site("other-site", "https://other.example").await;
    let made = books.colleague("Olga Other", Role::Agent, &[queue]).await;
    books.store.close().await;
    let server = setup.start().await;
    let olga = Agent::with_token(&server, made.token);
    (server, olga, queue)
}

async fn start_on(server: &Server, site: &str, question: &str) -> Visitor {
    let request = wire::visitor::StartRequest { site: site.to_owned(), ..Visitor::request(server, question) };
    let started = Visitor::try_start(server, &request, None, &[]).await.expect("the chat begins");
    Visitor::of(server, started)
}

#[tokio::test]
async fn a_wrong_token_opens_nothing() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let truncated = visitor.token[..visitor.token.len() - 1].to_owned();
    for token in [truncated, format!("{}A", visitor.token), visitor.token.to_lowercase(), "x".repeat(43), String::new()]
    {
        let stranger = visitor.with_token(token);
        let mut socket = stranger.open().await;
        socket.send(&stranger.hello(0, Some(visitor.session), "")).await;
        assert_eq!(socket.end().await, Some(Close::Unauthenticated.code()), "{:?}", stranger.token);
        let failure = stranger.frame(&ClientFrame::Ping).await.expect_err("refused");
        assert_eq!((failure.status, failure.error), (401, Some(Error::Unauthenticated)));
        let address = format!("{}/w/api/stream?session={}", server.dashboard, visitor.session);
        let answer = server.http.get(address).bearer_auth(&stranger.token).send().await.expect("an answer");
        assert_eq!(answer.status(), 401);
    }
    // In an address it counts for nothing.
    let address = format!("{}/w/api/stream?token={}", server.dashboard, visitor.token);
    assert_eq!(server.http.get(address).send().await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn a_visitors_token_leads_to_their_own_chat_only() {
    let server = Server::start().await;
    let lena = Visitor::start(&server, "Lena's question").await;
    let mallory = Visitor::start(&server, "Mallory's question").await;
    let own = mallory.connect().await.1;
    // Naming another's chat as the position.
    let (mut socket, welcome) = mallory.connect_from(1, Some(lena.session), &own.epoch).await;
    assert_eq!(welcome.session, mallory.session);
    assert_eq!(texts(&welcome.page.events)[0], "Mallory's question");
    let mut lines = mallory.stream(1, Some(lena.session), &own.epoch).await;
    match lines.next().await {
        Some(ServerFrame::Welcome(welcome)) => assert_eq!(welcome.session, mallory.session),
        other => panic!("no welcome but {other:?}"),
    }
    socket.write("mine").await;
    socket.send(&ClientFrame::History { before: u32::MAX }).await;
    let history = |frame| match frame {
        ServerFrame::History(page) => Some(page),
        _ => None,
    };
    let page = socket.until("history", history).await;
    assert!(texts(&page.events).iter().all(|text| !text.contains("Lena")));
    assert_eq!(texts(&lena.whole_chat().await)[0], "Lena's question");
    assert_eq!(lena.whole_chat().await.len(), 3);
}

#[tokio::test]
async fn a_token_of_one_site_is_none_on_another() {
    let (server, _, _) = with_two_sites().await;
    let lena = Visitor::start(&server, "on the shop").await;
    let request = wire::visitor::StartRequest { site: "other-site".into(), ..Visitor::request(&server, "elsewhere") };
    let started = Visitor::try_start(&server, &request, Some(&lena.token), &[]).await.expect("as somebody new");
    assert_ne!(started.session, lena.session);
    assert!(started.token.as_ref().is_some_and(|token| *token != lena.token), "a visitor belongs to a site");
    let there = Visitor::of(&server, started);
    assert_eq!(texts(&there.whole_chat().await)[0], "elsewhere");

    // A page of the other site with a token of this one, and the other way round.
    for (visitor, origin, allowed) in [
        (&lena, "https://other.example", false),
        (&lena, server.shop.as_str(), true),
        (&there, "https://other.example", true),
        (&there, server.shop.as_str(), false),
    ] {
        let answer = visitor.frame_with(&ClientFrame::Ping, &[("origin", origin)]).await;
        match answer {
            Ok(_) => assert!(allowed, "{origin}"),
            Err(failure) => assert_eq!((failure.status, allowed), (403, false), "{origin}"),
        }
    }
    let refused = Visitor::try_start(&server, &request, None, &[("origin", server.shop.as_str())]).await;
    assert_eq!(refused.expect_err("a page of another site").status, 403);
}

#[tokio::test]
async fn a_chat_in_a_queue_of_others_does_not_exist() {
    let (server, olga, _) = with_two_sites().await;
    let (aki, sam) = (Agent::sign_in(&server, "agent", 0).await, Agent::sign_in(&server, "supervisor", 0).await);
    let sales = aki.inbox().await.queues[0].id;
    let theirs = start_on(&server, "other-site", "not for you").await;
    let (mut socket, inbox) = aki.connect().await;
    assert!(inbox.rows.is_empty());
    assert_eq!(socket.watch(theirs.session, 0, "").await, Err(Error::NotFound));
    for (function, arguments) in functions_on(theirs.session, sales) {
        assert_eq!(aki.call::<Value>(function, arguments).await, Err(Error::NotFound), "{function}");
    }
    // Nor for the supervisor of another queue; and where a chat is owned by its agent.
    for who in [&sam, &aki] {
        olga.claim(theirs.session).await.expect("hers");
        let seen = who.call::<Thread>("thread", json!({"session": theirs.session, "after": 0, "epoch": ""})).await;
        assert_eq!(seen, Err(Error::NotFound));
        assert!(who.inbox().await.rows.is_empty());
    }
    theirs.write("still not for you").await;
    olga.write(theirs.session, "a secret").await.expect("written");
    olga.end(theirs.session).await.expect("ended");
    let resolved: Resolved = sam.call("resolved", json!({"filter": {}})).await.expect("those of Sales");
    assert!(resolved.rows.is_empty());
    let heard = socket.heard_so_far().await;
    let forbidden = heard.iter().find(|frame| !matches!(frame, agent::ServerFrame::Presence(_)));
    assert!(forbidden.is_none(), "{forbidden:?}");
    // What does not exist at all is answered in the same way.
    let nobody = "00000000-0000-7000-8000-000000000001".parse().expect("an id");
    for (function, arguments) in functions_on(nobody, sales) {
        assert_eq!(aki.call::<Value>(function, arguments).await, Err(Error::NotFound), "{function}");
    }
}

#[tokio::test]
async fn a_colleagues_chat_is_closed_to_other_members_of_the_queue() {
    let server = Server::start().await;
    let (aki, jo) = (Agent::sign_in(&server, "agent", 0).await, Agent::sign_in(&server, "agent", 1).await);
    let visitor = Visitor::start(&server, "one").await;
    let (mut socket, inbox) = jo.connect().await;
    let queue = inbox.queues[0].id;
    // While it waits she may look, and hears what happens.
    socket.watch(visitor.session, 0, "").await.expect("a waiting chat");
    visitor.write("two").await;
    socket.event().await;

    aki.claim(visitor.session).await.expect("claimed");
    visitor.write("for Aki only").await;
    aki.write(visitor.session, "for you only").await.expect("written");
    visitor.frame(&ClientFrame::Typing { on: true }).await.expect("taken");
    let heard = socket.heard_so_far().await;
    assert!(heard.iter().any(|frame| matches!(frame, agent::ServerFrame::Gone { .. })), "{heard:?}");
    let told = serde_json::to_string(&heard).expect("frames encode");
    assert!(!told.contains("only"), "nothing of what follows the claim: {told}");
    assert_eq!(socket.newest(visitor.session).await, None, "and not even its number");
    assert_eq!(socket.watch(visitor.session, 0, "").await, Err(Error::NotFound));

    for (function, arguments) in functions_on(visitor.session, queue) {
        let expected = match function {
            "claim" | "accept" => Error::Conflict(Conflict::TakenBy { name: "Aki Kimura".into() }),
            "decline" => Error::Conflict(Conflict::NotRinging),
            _ => Error::NotFound,
        };
        assert_eq!(jo.call::<Value>(function, arguments).await, Err(expected), "{function}");
    }
    // Typing and marks on the socket are the owner's only.
    let session = visitor.session;
    for frame in
        [agent::ClientFrame::Typing { session, on: true }, agent::ClientFrame::Mark { session, delivered: 9, read: 9 }]
    {
        socket.send(&frame).await;
        let refused = |frame| match frame {
            agent::ServerFrame::Error(error) => Some(error),
            _ => None,
        };
        assert_eq!(socket.until("a refusal", refused).await, Error::NotFound, "{frame:?}");
    }
    assert_eq!(visitor.connect().await.1.marks.read, 0);
}

#[tokio::test]
async fn supervisors_and_admins_look_but_do_not_touch() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    aki.claim(visitor.session).await.expect("claimed");
    let queue = aki.inbox().await.queues[0].id;
    for role in ["supervisor", "admin"] {
        let over = Agent::sign_in(&server, role, 0).await;
        assert_eq!(over.inbox().await.rows.len(), 1);
        assert_eq!(over.thread(visitor.session, 0, "").await.expect("they see all of it").events.len(), 4);
        let details: Details = over.call("details", json!({"session": visitor.session})).await.expect("details");
        assert!(!details.may_write && !details.may_take);
        for (function, arguments) in functions_on(visitor.session, queue) {
            // The rest is theirs to read and to note; the block would end the chat that the others are tried on.
            let own = [
                "thread",
                "thread-at",
                "history",
                "details",
                "save-draft",
                "classification",
                "classify",
                "block",
                "unblock",
            ];
            if !own.contains(&function) {
                assert_eq!(over.call::<Value>(function, arguments).await, Err(Error::Forbidden), "{role} {function}");
            }
        }
        assert_eq!(over.call::<Value>("recent", json!({"outcome": null, "before": null})).await, Err(Error::Forbidden));
    }
    assert_eq!(aki.call::<Value>("resolved", json!({"filter": {}})).await, Err(Error::Forbidden), "an agent");
}

#[tokio::test]
async fn nothing_a_visitor_hears_holds_a_note() {
    let server = Server::picking().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    aki.claim(visitor.session).await.expect("claimed");
    let id = aki.id().await;
    let books = Books::open(server.setup()).await;
    let mut expected = 4;
    for n in 0..3 {
        books.note(visitor.session, id, &format!("confidential {n}")).await;
        visitor.write(&format!("message {n}")).await;
        expected += 1;
    }
    let mut told = Vec::new();
    let (mut socket, _) = visitor.connect().await;
    socket.send(&ClientFrame::History { before: u32::MAX }).await;
    socket.send(&ClientFrame::Ping).await;
    loop {
        let (heard, text) = socket.hear_raw().await;
        told.push(text);
        if let Heard::Frame(ServerFrame::Beat { vseq }) = heard {
            assert_eq!(vseq, expected, "notes do not show as holes");
            break;
        }
    }
    let events = visitor.whole_chat().await;
    told.push(serde_json::to_string(&events).expect("encodes"));
    let mut lines = visitor.stream(0, None, "").await;
    told.push(format!("{:?}", lines.next().await));
    assert!(told.iter().all(|text| !text.contains("confidential")), "{told:?}");

    // Its own people see them, where they belong.
    let thread = aki.thread(visitor.session, 0, "").await.expect("the thread");
    let text = serde_json::to_string(&thread).expect("encodes");
    assert_eq!(text.matches("confidential").count(), 3);
    // Put back, a colleague who may take it is told that something is there, and not what.
    let queue = aki.inbox().await.queues[0].id;
    let arguments = json!({"client_id": client_id(), "session": visitor.session, "queue": queue});
    aki.call::<agent::Ack>("requeue", arguments).await.expect("put back");
    let jo = Agent::sign_in(&server, "agent", 1).await;
    let thread = jo.thread(visitor.session, 0, "").await.expect("a waiting chat");
    assert_eq!(thread.events.iter().filter(|event| event.shown.is_none()).count(), 3);
    assert!(!serde_json::to_string(&thread).expect("encodes").contains("confidential"));
}

#[tokio::test]
async fn staff_cannot_come_back_as_the_visitor() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let request = Visitor::request(&server, "one");
    let started = Visitor::try_start(&server, &request, None, &[]).await.expect("the chat begins");
    // Whoever knows the id of the start gets a token for its visitor: that is how a lost answer is repeated. So nobody
    // else may be told that id.
    let thread = aki.thread(started.session, 0, "").await.expect("a waiting chat");
    let (mut socket, _) = aki.connect().await;
    let watched = socket.watch(started.session, 0, "").await.expect("a waiting chat");
    for thread in [thread, watched] {
        let text = serde_json::to_string(&thread).expect("encodes");
        assert!(!text.contains(&request.client_id.to_string()), "{text}");
    }
}

#[tokio::test]
async fn a_chat_as_a_file_is_for_those_who_may_read_it() {
    let (server, olga, _) = with_two_sites().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let request = Visitor::request(&server, "=SUM(1)");
    let started = Visitor::try_start(&server, &request, None, &[]).await.expect("the chat begins");
    aki.claim(started.session).await.expect("claimed");
    let path = |ending: &str| format!("/agent/chats/{}/transcript/{ending}", started.session);
    for (ending, kind, words) in [
        ("txt?zone=Europe/Berlin", "text/plain; charset=utf-8", "times of Europe/Berlin"),
        ("txt?zone=Nowhere", "text/plain; charset=utf-8", "times of UTC"),
        ("json", "application/json", "\"text\": \"=SUM(1)\""),
        ("csv", "text/csv; charset=utf-8", "\"'=SUM(1)\""),
    ] {
        let answer = aki.get(&path(ending)).await;
        assert_eq!(answer.status(), 200, "{ending}");
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!((header("content-type").as_str(), header("cache-control").as_str()), (kind, "no-store"));
        let name = header("content-disposition");
        assert!(name.starts_with("attachment; filename=\"chat-") && !name.contains('\n'), "{name}");
        assert!(header("content-security-policy").starts_with("sandbox"), "{ending}");
        let text = answer.text().await.expect("a body");
        assert!(text.contains(words), "{ending}: {text}");
    }
    assert_eq!(aki.get(&path("exe")).await.status(), 404);
    assert_eq!(aki.get("/agent/chats/nonsense/transcript/txt").await.status(), 400);
    let jo = Agent::sign_in(&server, "agent", 1).await;
    for stranger in [&jo, &olga] {
        assert_eq!(stranger.get(&path("txt")).await.status(), 404);
    }
    assert_eq!(Agent::with_token(&server, String::new()).get(&path("txt")).await.status(), 401);
}
