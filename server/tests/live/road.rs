//! The whole road of a chat, from the question to the rating.

use domain::{EventKind, Outcome, Stars, Status};
use serde_json::json;
use wire::{
    Conflict, Error,
    agent::{self, Recent, Resolved, Row},
    visitor::{ClientFrame, Marks, Rate, ServerFrame, State, What, Who},
};

use crate::common::{Agent, AgentSocket, Books, Server, Visitor, VisitorSocket, client_id, texts};

fn stars(n: u8) -> Stars {
    Stars::try_from(n).expect("1 to 5")
}

fn rate(n: u8, words: &str) -> Rate {
    Rate { client_id: client_id(), stars: stars(n), words: words.into(), anonymous: false, edit_secret: None }
}

fn anonymously(n: u8, words: &str, secret: &str) -> ClientFrame {
    ClientFrame::Rate(Rate { anonymous: true, edit_secret: Some(secret.into()), ..rate(n, words) })
}

async fn state(socket: &mut VisitorSocket, status: Status) -> State {
    let wanted = |frame| match frame {
        ServerFrame::State(state) if state.status == status => Some(state),
        _ => None,
    };
    socket.until(status.name(), wanted).await
}

async fn row(socket: &mut AgentSocket, waiting_for: &str, wanted: impl Fn(&Row) -> bool) -> Row {
    let wanted = |frame| match frame {
        agent::ServerFrame::Row(row) if wanted(&row) => Some(row),
        _ => None,
    };
    socket.until(waiting_for, wanted).await
}

#[tokio::test]
async fn from_the_question_to_a_rating_with_a_name() {
    let server = Server::picking().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let (mut desk, inbox) = aki.connect().await;
    assert!(inbox.rows.is_empty());

    let visitor = Visitor::start(&server, "Is the oak desk in stock?").await;
    let (mut chat, welcome) = visitor.connect().await;
    assert_eq!(welcome.session, visitor.session);
    assert_eq!(welcome.state.status, Status::WaitingForAgent);
    assert_eq!(welcome.state.queue.map(|place| place.position), Some(1));
    let events = &welcome.page.events;
    assert_eq!((events[0].what.clone(), events[0].who.clone()), (What::Started, Who::Visitor));
    assert_eq!((texts(events)[0], events[1].who.clone()), ("Is the oak desk in stock?", Who::Visitor));
    assert_eq!(events[2].who, Who::Site, "the site's own greeting");
    assert_eq!(events.len(), 3);

    // It stands in the agent's list, who looks at it before taking it.
    let waiting = row(&mut desk, "the new chat", |row| row.session == visitor.session).await;
    assert_eq!((waiting.visitor.name.as_str(), waiting.visitor.email.as_str()), ("Lena S.", "lena@example.org"));
    assert_eq!((waiting.last_text.as_str(), waiting.unread), ("Is the oak desk in stock?", 1));
    let thread = desk.watch(visitor.session, 0, "").await.expect("a waiting chat of one's queue");
    assert_eq!(thread.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);

    // A second message: acknowledged to the visitor, heard by whoever looks at it, and in the list.
    let ack = chat.write("Or the ash one?").await;
    assert_eq!(ack.vseq, 4);
    let heard = desk.event().await;
    assert_eq!(heard.seq, 4);
    assert_eq!(heard.shown.map(|shown| shown.kind), Some(EventKind::Message { text: "Or the ash one?".into() }));
    assert_eq!(row(&mut desk, "the second message", |row| row.rev == 4).await.unread, 2);

    // Taken.
    let ack = aki.claim(visitor.session).await.expect("nobody else has it");
    assert_eq!(ack.seq, 5);
    let assigned = state(&mut chat, Status::AssignedToAgent).await;
    assert_eq!(assigned.agent.map(|face| (face.name, face.initials)), Some(("Aki Kimura".into(), "AK".into())));
    let taken = row(&mut desk, "its taking", |row| row.owner.is_some()).await;
    assert_eq!(taken.owner_name.as_deref(), Some("Aki Kimura"));

    // Both sides write, type and read.
    aki.write(visitor.session, "Both are. Which size?").await.expect("the owner may write");
    let reply = chat.event().await;
    assert_eq!(reply.what, What::Message { text: "Both are. Which size?".into() });
    assert!(matches!(reply.who, Who::Agent(face) if face.name == "Aki Kimura"));
    assert_eq!(reply.client_id, None, "the agent's ids are none of the visitor's business");
    state(&mut chat, Status::ActiveChat).await;
    chat.send(&ClientFrame::Typing { on: true }).await;
    desk.until("typing", |frame| matches!(frame, agent::ServerFrame::Typing { on: true, .. }).then_some(())).await;
    desk.send(&agent::ClientFrame::Typing { session: visitor.session, on: true }).await;
    chat.until("typing", |frame| matches!(frame, ServerFrame::Typing { on: true }).then_some(())).await;
    chat.send(&ClientFrame::Mark { delivered: reply.vseq, read: reply.vseq - 1 }).await;
    let seen = |frame| match frame {
        agent::ServerFrame::Marks { visitor, .. } => Some(visitor),
        _ => None,
    };
    assert_eq!(desk.until("marks", seen).await, Marks { delivered: reply.vseq, read: reply.vseq - 1 });
    desk.send(&agent::ClientFrame::Mark { session: visitor.session, delivered: 6, read: 6 }).await;
    let read = Marks { delivered: 6, read: 6 };
    chat.until("marks", |frame| (frame == ServerFrame::Marks(read)).then_some(())).await;
    assert_eq!(row(&mut desk, "everything read", |row| row.unread == 0).await.rev, 6);

    // Ended and rated; the rating can be changed.
    assert_eq!(
        chat.command(&ClientFrame::Rate(rate(4, "early"))).await,
        Err(Error::Conflict(Conflict::NotEnded)),
        "not while it goes on"
    );
    aki.end(visitor.session).await.expect("the owner may end it");
    assert_eq!(chat.event().await.what, What::Ended { outcome: Outcome::Handled });
    assert_eq!(state(&mut chat, Status::Resolved).await.outcome, Some(Outcome::Handled));
    chat.command(&ClientFrame::Rate(rate(4, "Quick."))).await.expect("rated");
    chat.command(&ClientFrame::Rate(rate(5, "Quick and kind."))).await.expect("changed");
    let again = visitor.connect().await.1;
    assert_eq!(again.state.stars, Some(stars(5)), "what was given is shown again");

    let recent: Recent = aki.call("recent", json!({"outcome": null, "before": null})).await.expect("own ended chats");
    let rating = recent.rows[0].rating.clone().expect("with the rating");
    assert_eq!((rating.stars, rating.words.as_str()), (stars(5), "Quick and kind."));
    assert_eq!(recent.average, Some((5.0, 1)), "a changed rating counts once");
    let sam = Agent::sign_in(&server, "supervisor", 0).await;
    let resolved: Resolved = sam.call("resolved", json!({"filter": {}})).await.expect("the supervised queues");
    assert_eq!(resolved.rows[0].session, visitor.session);
    assert_eq!(resolved.rows[0].rating.as_ref().map(|rating| rating.stars), Some(stars(5)));

    // All of it outlives the power cut.
    let server = server.kill().await.start().await;
    let aki = Agent::with_token(&server, aki.token);
    let recent: Recent =
        aki.call("recent", json!({"outcome": null, "before": null})).await.expect("the sign-in still stands");
    assert_eq!(recent.rows[0].rating.as_ref().map(|rating| rating.stars), Some(stars(5)));
    let visitor = visitor.at(&server);
    let events = visitor.whole_chat().await;
    assert_eq!(texts(&events)[2..], ["Or the ash one?", "Both are. Which size?"]);
}

#[tokio::test]
async fn taken_up_again_and_rated_without_a_name() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "Hello?").await;
    let (mut chat, _) = visitor.connect().await;
    aki.claim(visitor.session).await.expect("claimed");
    aki.end(visitor.session).await.expect("ended");
    state(&mut chat, Status::Resolved).await;

    let late = chat.command(&crate::common::send(client_id(), "One more thing")).await;
    assert_eq!(late, Err(Error::Conflict(Conflict::Ended)), "a message that comes too late");
    chat.command(&ClientFrame::Resume { client_id: client_id() }).await.expect("taken up again");
    assert_eq!(state(&mut chat, Status::WaitingForAgent).await.agent, None);
    chat.write("One more thing").await;
    aki.claim(visitor.session).await.expect("claimed again");
    chat.command(&ClientFrame::Leave { client_id: client_id() }).await.expect("left");
    assert_eq!(state(&mut chat, Status::Resolved).await.outcome, Some(Outcome::Left));

    let secret = "0123456789abcdef0123456789abcdef";
    chat.command(&anonymously(2, "Slow.", secret)).await.expect("rated");
    chat.command(&anonymously(3, "Not so slow.", secret)).await.expect("changed by the secret");
    let conflict = Err(Error::Conflict(Conflict::AlreadyRated));
    assert_eq!(chat.command(&anonymously(1, "", "another secret of some length")).await, conflict);
    assert_eq!(chat.command(&ClientFrame::Rate(rate(1, ""))).await, conflict, "one cannot become the other");
    let missing = Rate { anonymous: true, ..rate(1, "") };
    assert!(matches!(chat.command(&ClientFrame::Rate(missing)).await, Err(Error::Invalid(_))), "no secret");

    // It counts, and is joined to nothing.
    let sam = Agent::sign_in(&server, "supervisor", 0).await;
    let resolved: Resolved = sam.call("resolved", json!({"filter": {}})).await.expect("the supervised queues");
    let given: Vec<_> = resolved.anonymous.iter().map(|given| (given.stars, given.words.as_str())).collect();
    assert_eq!(given, [(stars(3), "Not so slow.")]);
    assert_eq!(resolved.anonymous[0].day.millis() % 86_400_000, 0, "the day only");
    assert_eq!(resolved.averages.iter().map(|(_, stars, n)| (*stars, *n)).collect::<Vec<_>>(), [(3.0, 1)]);
    assert!(resolved.rows.iter().all(|row| row.rating.is_none()));
    let events = visitor.whole_chat().await;
    assert!(events.iter().all(|event| !matches!(event.what, What::Rated { .. })));
    assert_eq!(visitor.connect().await.1.state.stars, None);
    let books = Books::open(server.setup()).await;
    assert!(books.events(visitor.session).await.iter().all(|event| !matches!(event.kind, EventKind::Rated { .. })));
}

#[tokio::test]
async fn a_second_agent_and_both_places_in_the_queue() {
    let server = Server::start().await;
    let (aki, jo) = (Agent::sign_in(&server, "agent", 0).await, Agent::sign_in(&server, "agent", 1).await);
    let first = Visitor::start(&server, "first").await;
    let second = Visitor::start(&server, "second").await;
    let (mut chat, welcome) = second.connect().await;
    assert_eq!(welcome.state.queue.map(|place| place.position), Some(2));
    let (mut desk, inbox) = jo.connect().await;
    assert_eq!(inbox.rows.len(), 2);

    aki.claim(first.session).await.expect("claimed");
    let moved = |frame| match frame {
        ServerFrame::State(State { queue: Some(place), .. }) => Some(place.position),
        _ => None,
    };
    assert_eq!(chat.until("the place to move up", moved).await, 1);
    let gone = |frame| match frame {
        agent::ServerFrame::Gone { session, taken_by, .. } => Some((session, taken_by)),
        _ => None,
    };
    let gone = desk.until("the claimed chat to go", gone).await;
    assert_eq!(gone, (first.session, Some("Aki Kimura".into())));

    // Put back, and taken by the other one.
    let queue = inbox.queues.iter().find(|queue| queue.member).expect("a queue of hers").id;
    let arguments = json!({"client_id": client_id(), "session": first.session, "queue": queue});
    aki.call::<agent::Ack>("requeue", arguments).await.expect("put back");
    row(&mut desk, "it to come back", |row| row.session == first.session && row.owner.is_none()).await;
    jo.claim(first.session).await.expect("claimed by the other");
    assert_eq!(aki.claim(first.session).await, Err(Error::Conflict(Conflict::TakenBy { name: "Jo Marsh".into() })));
    let events = first.whole_chat().await;
    let what: Vec<_> = events.into_iter().skip(3).map(|event| event.what).collect();
    assert_eq!(what, [What::Joined, What::Requeued, What::Joined]);
}
