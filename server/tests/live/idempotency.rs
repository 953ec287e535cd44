//! A repeat gets the first answer and changes nothing, whichever way it comes.

use domain::Stars;
use serde_json::json;
use wire::{
    Conflict, Error,
    agent::Ack,
    visitor::{ClientFrame, Rate, What},
};

use crate::common::{Agent, Failure, Server, Visitor, client_id, send, texts};

fn conflict(failure: &Failure) -> Option<&Conflict> {
    match &failure.error {
        Some(Error::Conflict(conflict)) => Some(conflict),
        _ => None,
    }
}

#[tokio::test]
async fn a_visitors_commands_over_socket_and_http_mixed() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut chat, _) = visitor.connect().await;

    let message = client_id();
    let first = chat.command(&send(message, "two")).await.expect("taken");
    chat.write("three").await;
    assert_eq!(visitor.command(&send(message, "two")).await.expect("over HTTP"), first);
    assert_eq!(chat.command(&send(message, "something else")).await.expect("whatever its text"), first);

    let leave = ClientFrame::Leave { client_id: client_id() };
    let left = visitor.command(&leave).await.expect("left");
    assert_eq!(chat.command(&leave).await.expect("left once"), left);
    assert_eq!(visitor.command(&send(message, "two")).await.expect("although it has ended"), first);

    let resume = ClientFrame::Resume { client_id: client_id() };
    let resumed = chat.command(&resume).await.expect("taken up");
    assert_eq!(visitor.command(&resume).await.expect("taken up once"), resumed);
    assert_eq!(visitor.command(&leave).await.expect("the first answer again"), left);
    chat.command(&ClientFrame::Leave { client_id: client_id() }).await.expect("left again");

    let stars = Stars::try_from(5).expect("five");
    let rating = Rate { client_id: client_id(), stars, words: String::new(), anonymous: false, edit_secret: None };
    let rated = chat.command(&ClientFrame::Rate(rating.clone())).await.expect("rated");
    assert_eq!(visitor.command(&ClientFrame::Rate(rating)).await.expect("rated once"), rated);

    let events = visitor.whole_chat().await;
    assert_eq!(texts(&events).iter().filter(|text| **text == "two").count(), 1);
    let count = |wanted: fn(&What) -> bool| events.iter().filter(|event| wanted(&event.what)).count();
    assert_eq!(count(|what| matches!(what, What::Ended { .. })), 2);
    assert_eq!(count(|what| matches!(what, What::Resumed)), 1);
    assert_eq!(count(|what| matches!(what, What::Rated { .. })), 1);
}

#[tokio::test]
async fn an_agents_commands() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;

    let (claim, write, end) = (client_id(), client_id(), client_id());
    let claimed = aki.claim_as(claim, visitor.session).await.expect("claimed");
    assert_eq!(aki.claim_as(claim, visitor.session).await, Ok(claimed.clone()));
    aki.claim(visitor.session).await.expect("what one has, one may take");
    let written = aki.write_as(write, visitor.session, "two").await.expect("written");
    assert_eq!(aki.write_as(write, visitor.session, "two").await, Ok(written.clone()));
    let arguments = json!({"client_id": end, "session": visitor.session});
    let ended: Ack = aki.call("end", arguments.clone()).await.expect("ended");
    assert_eq!(aki.call::<Ack>("end", arguments).await, Ok(ended));
    assert_eq!(aki.claim_as(claim, visitor.session).await, Ok(claimed), "although it has ended");
    assert_eq!(aki.write_as(write, visitor.session, "two").await, Ok(written));

    let events = visitor.whole_chat().await;
    assert_eq!(texts(&events).iter().filter(|text| **text == "two").count(), 1);
    assert_eq!(events.iter().filter(|event| event.what == What::Joined).count(), 1);
    assert_eq!(events.iter().filter(|event| matches!(event.what, What::Ended { .. })).count(), 1);
}

#[tokio::test]
async fn an_agents_repeat_after_the_chat_went_to_a_colleague() {
    let server = Server::start().await;
    let (aki, jo) = (Agent::sign_in(&server, "agent", 0).await, Agent::sign_in(&server, "agent", 1).await);
    let visitor = Visitor::start(&server, "one").await;
    aki.claim(visitor.session).await.expect("claimed");
    let write = client_id();
    let written = aki.write_as(write, visitor.session, "two").await.expect("written");
    let queue = aki.inbox().await.queues.iter().find(|queue| queue.member).expect("a queue").id;
    let arguments = json!({"client_id": client_id(), "session": visitor.session, "queue": queue});
    aki.call::<Ack>("requeue", arguments).await.expect("put back");
    jo.claim(visitor.session).await.expect("claimed by the other");
    // The answer was lost on the way; the dashboard asks again.
    assert_eq!(aki.write_as(write, visitor.session, "two").await, Ok(written));
    assert_eq!(aki.write(visitor.session, "three").await, Err(Error::NotFound), "what is new is not done");
}

#[tokio::test]
async fn the_same_start_many_times_at_once_is_one_chat() {
    let server = Server::start().await;
    for round in 0..10 {
        let request = Visitor::request(&server, &format!("round {round}"));
        let starts = (0..8).map(|_| Visitor::try_start(&server, &request, None, &[]));
        let mut session = None;
        for started in futures::future::join_all(starts).await {
            let started = started.expect("each of them is answered as the first");
            let session = *session.get_or_insert(started.session);
            assert_eq!(started.session, session);
            // Whichever answer reached the browser: its token works, and is the same visitor's.
            let visitor = Visitor::of(&server, started);
            assert_eq!(visitor.connect().await.1.session, session);
        }
    }
}

#[tokio::test]
async fn two_first_messages_at_the_same_moment_open_one_chat() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "earlier").await;
    for round in 0..20 {
        visitor.command(&ClientFrame::Leave { client_id: client_id() }).await.expect("left");
        let (one, other) = (Visitor::request(&server, "one"), Visitor::request(&server, "other"));
        let token = Some(visitor.token.as_str());
        let both = tokio::join!(
            Visitor::try_start(&server, &one, token, &[]),
            Visitor::try_start(&server, &other, token, &[])
        );
        let (opened, refused) = match both {
            (Ok(opened), Err(refused)) | (Err(refused), Ok(opened)) => (opened, refused),
            both => panic!("round {round}: {both:?}"),
        };
        assert_eq!(opened.token, None, "the one it has goes on to hold");
        assert_eq!(conflict(&refused), Some(&Conflict::AlreadyOpen { session: opened.session }));
        assert_eq!(visitor.connect().await.1.session, opened.session);
    }
}
