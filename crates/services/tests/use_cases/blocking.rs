//! Visitors whom the staff want to hear no more from, and chats as files, on both engines.

use domain::{Outcome, Stars, Status};
use services::{TranscriptFormat, VisitorAccess};
use testkit::both_dbs;
use wire::{
    Conflict, Error,
    agent::{Details, ResolvedFilter},
    visitor::{ClientFrame, Rate, ServerFrame},
};

use super::{House, acked, caller, hello, only_row};

async fn answer(visitor: &VisitorAccess, frame: ClientFrame) -> Result<(), Error> {
    match visitor.handle(frame).await {
        Some(ServerFrame::Ack(_)) => Ok(()),
        Some(ServerFrame::Refused { error, .. }) => Err(error),
        other => panic!("neither done nor refused but {other:?}"),
    }
}

async fn outcome(visitor: &VisitorAccess) -> Option<Outcome> {
    let welcome = visitor.catch_up(&hello()).next().await.expect("reads").expect("a welcome");
    let ServerFrame::Welcome(welcome) = welcome else { panic!("no welcome but {welcome:?}") };
    welcome.state.outcome
}

both_dbs! {
    async fn a_blocked_visitor_is_out_until_somebody_lets_them_in(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo) = (house.staff("aki").await, house.staff("jo").await);
        let started = house.services.start_chat(house.start(house.ids.client()), None, &caller()).await.expect("starts");
        let token = started.token.expect("a new visitor's token");
        let visitor = house.services.visitor(&token).await.expect("the token is good");
        let session = started.session;
        aki.desk().expect("an agent").claim(house.ids.client(), session).await.expect("takes it");
        assert_eq!(jo.block(house.ids.client(), session).await, Err(Error::NotFound), "a colleague's chat");

        let id = house.ids.client();
        assert_eq!(aki.block(id, session).await, Ok(()));
        assert_eq!(aki.block(id, session).await, Ok(()), "a repeat changes nothing");
        let details: Details = aki.details(session).await.expect("theirs");
        assert_eq!((details.row.status, details.row.outcome), (Status::Resolved, Some(Outcome::Blocked)));
        let me = aki.me().name;
        assert_eq!((details.may_block, details.blocked.map(|(by, _)| by)), (true, Some(me)));
        assert_eq!(outcome(&visitor).await, Some(Outcome::Blocked));

        let again = house.services.start_chat(house.start(house.ids.client()), Some(&token), &caller()).await;
        assert_eq!(again.map(|started| started.session), Err(Error::Forbidden));
        assert_eq!(answer(&visitor, ClientFrame::Resume { client_id: house.ids.client() }).await, Err(Error::Forbidden));
        let stars = Stars::try_from(1).expect("one");
        let rate = Rate { client_id: house.ids.client(), stars, words: String::new(), anonymous: false, edit_secret: None };
        assert_eq!(answer(&visitor, ClientFrame::Rate(rate)).await, Err(Error::Forbidden));
        let text = "Let me in".to_owned();
        let write = ClientFrame::Send { client_id: house.ids.client(), text };
        assert_eq!(answer(&visitor, write).await, Err(Error::Conflict(Conflict::Ended)));
        // Another browser is another visitor.
        house.services.start_chat(house.start(house.ids.client()), None, &caller()).await.expect("starts");

        assert_eq!(aki.unblock(session).await, Ok(()));
        assert_eq!(aki.unblock(session).await, Ok(()), "once more changes nothing");
        assert_eq!(outcome(&visitor).await, None, "they may go on");
        assert_eq!(answer(&visitor, ClientFrame::Resume { client_id: house.ids.client() }).await, Ok(()));
        house.services.stop().await;
    }

    async fn a_block_ends_the_chat_that_runs_unless_it_is_a_colleagues(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo, sam) = (house.staff("aki").await, house.staff("jo").await, house.staff("sup").await);
        let started = house.services.start_chat(house.start(house.ids.client()), None, &caller()).await.expect("starts");
        let token = started.token.expect("a new visitor's token");
        aki.desk().expect("an agent").claim(house.ids.client(), started.session).await.expect("takes it");
        aki.desk().expect("an agent").end(house.ids.client(), started.session).await.expect("ends it");
        house.clock.set(house.clock.now() + domain::Span::seconds(10));
        let next = house.services.start_chat(house.start(house.ids.client()), Some(&token), &caller()).await;
        let next = next.expect("starts").session;
        jo.desk().expect("an agent").claim(house.ids.client(), next).await.expect("takes it");
        let theirs = Error::Conflict(Conflict::TakenBy { name: jo.me().name });
        assert_eq!(aki.block(house.ids.client(), started.session).await, Err(theirs));
        assert_eq!(only_row(&jo).await.status, Status::AssignedToAgent);

        assert_eq!(sam.block(house.ids.client(), started.session).await, Ok(()), "a supervisor of the queue");
        assert!(jo.inbox().await.expect("an inbox").rows.is_empty());
        let blocked = ResolvedFilter { outcome: Some(Outcome::Blocked), ..ResolvedFilter::default() };
        let found = sam.supervision().expect("a supervisor").resolved(blocked).await.expect("the list");
        assert_eq!(found.rows.iter().map(|row| row.session).collect::<Vec<_>>(), [next]);
        house.services.stop().await;
    }

    async fn who_looks_at_a_waiting_chat_can_block_it(db: TestDb) {
        let house = House::new(db).await;
        let aki = house.staff("aki").await;
        let _visitor = house.visitor().await;
        let session = only_row(&aki).await.session;
        assert_eq!(aki.block(house.ids.client(), session).await, Ok(()));
        assert!(aki.inbox().await.expect("an inbox").rows.is_empty());
        house.services.stop().await;
    }

    async fn a_transcript_holds_what_its_reader_may_see(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo) = (house.staff("aki").await, house.staff("jo").await);
        let visitor = house.visitor().await;
        let session = only_row(&aki).await.session;
        let desk = aki.desk().expect("an agent");
        // She stays here, or the engine would take the chat back.
        let _line = aki.connect();
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.note(house.ids.client(), session, "Careful".into()).await.expect("notes");
        // More than one page.
        for n in 0..250 {
            let text = format!("line {n}");
            acked(&visitor, ClientFrame::Send { client_id: house.ids.client(), text }).await;
            // As fast as anybody types.
            house.clock.set(house.clock.now() + domain::Span::seconds(1));
        }
        let file = aki.transcript(session, TranscriptFormat::Text, "Europe/Berlin").await.expect("hers");
        assert_eq!(file.name.split_at(10).0, "chat-Lena-", "{}", file.name);
        for words in ["Chat with Lena\n", "Lena: In stock?", "(note): Careful", "* Aki Kimura took the chat", "Lena: line 249"] {
            assert!(file.text.contains(words), "{words}: {}", file.text);
        }
        let csv = aki.transcript(session, TranscriptFormat::Csv, "").await.expect("hers").text;
        let rows = usize::try_from(aki.thread(session, 0, "").await.expect("hers").events.last().expect("some").seq);
        assert_eq!(csv.lines().count() - 1, rows.expect("small"), "each event once");
        assert_eq!(jo.transcript(session, TranscriptFormat::Json, "").await, Err(Error::NotFound));

        desk.requeue(house.ids.client(), session, only_row(&aki).await.queue, None).await.expect("puts it back");
        let passing = jo.transcript(session, TranscriptFormat::Json, "").await.expect("a waiting chat").text;
        assert!(passing.contains("line 249") && !passing.contains("Careful"), "no notes for who passes by");
        house.services.stop().await;
    }
}
