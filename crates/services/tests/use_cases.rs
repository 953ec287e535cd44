//! Use cases on both engines, with the demo's people: what each may do, and who hears of it.

#[path = "use_cases/blocking.rs"]
mod blocking;
#[path = "use_cases/classification.rs"]
mod classification;
#[path = "use_cases/composer.rs"]
mod composer;
mod house;

use std::net::{IpAddr, Ipv4Addr};

use domain::{ClientId, Outcome, Span, Stars, Status, Timestamp};
use realtime::Signal;
use services::{Caller, Clock, Services, Staff, VisitorAccess, demo::Demo};
use testkit::{Ids, NOW, TestDb, at, both_dbs};
use wire::{
    Conflict, Error,
    agent::{self, ResolvedFilter},
    visitor::{ClientFrame, Hello, Rate, ServerFrame, StartRequest, What},
};

struct House {
    services: Services,
    clock: Clock,
    demo: Demo,
    ids: Ids,
}

impl House {
    async fn new(db: &TestDb) -> Self {
        let (services, clock, demo) = house::open(db, |_| {}).await;
        Self { services, clock, demo, ids: Ids::seeded(7) }
    }

    async fn staff(&self, email: &str) -> Staff {
        house::staff(&self.services, &self.demo, email).await
    }

    fn start(&self, client_id: ClientId) -> StartRequest {
        StartRequest {
            site: self.demo.site_key.clone(),
            client_id,
            answers: testkit::answers("Lena", "", "In stock?"),
            message: false,
            page: None,
            language: None,
            time_zone: None,
        }
    }

    async fn visitor(&self) -> VisitorAccess {
        let started = self.services.start_chat(self.start(self.ids.client()), None, &caller()).await.expect("starts");
        self.services.visitor(&started.token.expect("a new visitor's token")).await.expect("the token is good")
    }
}

fn caller() -> Caller {
    Caller { address: house::home(), user_agent: "Test/1".into() }
}

fn hello() -> Hello {
    Hello { v: wire::PROTOCOL, token: String::new(), after: 0, session: None, epoch: String::new() }
}

async fn only_row(staff: &Staff) -> wire::agent::Row {
    let inbox = staff.inbox().await.expect("an inbox");
    assert_eq!(inbox.rows.len(), 1);
    inbox.rows[0].clone()
}

async fn acked(visitor: &VisitorAccess, frame: ClientFrame) -> wire::visitor::Ack {
    match visitor.handle(frame).await {
        Some(ServerFrame::Ack(ack)) => ack,
        other => panic!("no ack but {other:?}"),
    }
}

fn rate(client_id: ClientId, stars: u8, secret: Option<&str>) -> ClientFrame {
    ClientFrame::Rate(Rate {
        client_id,
        stars: Stars::try_from(stars).expect("1 to 5"),
        words: "Quick".into(),
        anonymous: secret.is_some(),
        edit_secret: secret.map(str::to_owned),
    })
}

both_dbs! {
    async fn a_start_is_repeatable_and_a_visitor_has_one_open_chat(db: TestDb) {
        let house = House::new(db).await;
        let client_id = house.ids.client();
        let first = house.services.start_chat(house.start(client_id), None, &caller()).await.expect("starts");
        let again = house.services.start_chat(house.start(client_id), None, &caller()).await.expect("repeats");
        assert_eq!(first.session, again.session);
        for token in [first.token.clone(), again.token] {
            house.services.visitor(&token.expect("a token")).await.expect("both tokens are good");
        }
        let other = house.start(house.ids.client());
        let refused = house.services.start_chat(other, first.token.as_deref(), &caller()).await;
        assert_eq!(refused, Err(Error::Conflict(Conflict::AlreadyOpen { session: first.session })));
        house.services.stop().await;
    }

    async fn a_page_comes_with_the_first_rows_and_the_line_with_all(db: TestDb) {
        let house = House::new(db).await;
        let aki = house.staff("aki").await;
        for n in 0..104 {
            let from = Caller { address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, n)), user_agent: "Test/1".into() };
            house.services.start_chat(house.start(house.ids.client()), None, &from).await.expect("starts");
        }
        let all: Vec<_> = aki.inbox().await.expect("an inbox").rows.into_iter().map(|row| row.session).collect();
        assert_eq!(all.len(), 104);
        // One's own comes always, wherever it stands.
        aki.desk().expect("an agent").claim(house.ids.client(), all[103]).await.expect("takes it");
        let first = aki.first_inbox().await.expect("an inbox");
        let shown: Vec<_> = first.rows.iter().map(|row| row.session).collect();
        assert_eq!((&shown[..100], shown.last(), shown.len()), (&all[..100], Some(&all[103]), 101));
        assert_eq!(first.rest, agent::Rest { waiting: 3, taken: 0 });
        let line = aki.connect();
        let Ok(agent::ServerFrame::Welcome { inbox, .. }) = line.welcome().await else { panic!("no welcome") };
        assert_eq!((inbox.rows.len(), inbox.rest), (104, agent::Rest::default()));
        // Whose none of them is has them counted.
        let sam = house.staff("sup").await.first_inbox().await.expect("an inbox");
        assert_eq!((sam.rows.len(), sam.rest), (101, agent::Rest { waiting: 3, taken: 0 }), "one is somebody's");
        house.services.stop().await;
    }

    async fn who_may_see_and_do_what(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo, sam, ada) =
            (house.staff("aki").await, house.staff("jo").await, house.staff("sup").await, house.staff("admin").await);
        let _visitor = house.visitor().await;
        let session = only_row(&aki).await.session;
        assert!(sam.desk().is_err() && ada.desk().is_err(), "only agents have a desk");
        assert!(aki.supervision().is_err());

        let desk = aki.desk().expect("an agent");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        let late = jo.desk().expect("an agent").claim(house.ids.client(), session).await;
        assert_eq!(late, Err(Error::Conflict(Conflict::TakenBy { name: "Aki Kimura".into() })));

        assert_eq!(jo.thread(session, 0, "").await.err(), Some(Error::NotFound), "a colleague's chat");
        assert_eq!(jo.inbox().await.expect("an inbox").rows.len(), 0);
        for overseer in [&sam, &ada] {
            assert_eq!(only_row(overseer).await.owner_name.as_deref(), Some("Aki Kimura"));
            overseer.thread(session, 0, "").await.expect("reads along");
        }
        let theirs = jo.desk().expect("an agent").send(house.ids.client(), session, "mine now".into()).await;
        assert_eq!(theirs.err(), Some(Error::NotFound));
        house.services.stop().await;
    }

    async fn both_sides_hear_of_everything_once_and_in_order(db: TestDb) {
        let house = House::new(db).await;
        let aki = house.staff("aki").await;
        let desk = aki.desk().expect("an agent");
        let visitor = house.visitor().await;
        let mut line = visitor.connect().expect("a line");
        let welcome = visitor.catch_up(&hello()).next().await.expect("reads").expect("a welcome");
        let ServerFrame::Welcome(welcome) = welcome else { panic!("no welcome but {welcome:?}") };
        assert_eq!(welcome.state.queue.map(|place| place.position), Some(1));
        let mut seen: Vec<u32> = welcome.page.events.iter().map(|event| event.vseq).collect();

        let session = only_row(&aki).await.session;
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.note(house.ids.client(), session, "a regular".into()).await.expect("notes");
        desk.send(house.ids.client(), session, "Hello".into()).await.expect("writes");
        let client_id = house.ids.client();
        let first = acked(&visitor, ClientFrame::Send { client_id, text: "Hi".into() }).await;
        let again = acked(&visitor, ClientFrame::Send { client_id, text: "something else".into() }).await;
        assert_eq!(first, again);
        desk.end(house.ids.client(), session).await.expect("ends");

        let mut words = Vec::new();
        loop {
            let frame = match line.next().await {
                Some(Signal::Frame(frame)) => frame,
                // That the chat is new may be told after the line was opened.
                Some(Signal::Greet | Signal::Over) => continue,
                None => panic!("the line was cut"),
            };
            match serde_json::from_slice(&frame.bytes()).expect("a frame") {
                ServerFrame::Event(event) => {
                    seen.push(event.vseq);
                    match event.what {
                        What::Message { text } => words.push(text),
                        What::Ended { outcome } => {
                            assert_eq!(outcome, Outcome::Handled);
                            break;
                        }
                        _ => {}
                    }
                }
                ServerFrame::State(state) => assert_ne!(state.status, Status::WrapUp),
                other => panic!("unexpected {other:?}"),
            }
        }
        assert_eq!(words, ["Hello", "Hi"]);
        // Three at the start, then: joined, two messages, ended; the note has no number here.
        assert_eq!(seen, (1..=7).collect::<Vec<_>>());
        house.services.stop().await;
    }

    async fn a_wait_ends_as_missed_when_its_time_is_over(db: TestDb) {
        let house = House::new(db).await;
        let sam = house.staff("sup").await;
        let _visitor = house.visitor().await;
        house.clock.set(at(299));
        house.services.settle().await;
        assert_eq!(only_row(&sam).await.status, Status::WaitingForAgent);
        house.clock.set(at(300));
        house.services.settle().await;
        let ended = sam.supervision().expect("a supervisor").resolved(ResolvedFilter::default()).await.expect("a list");
        assert_eq!(ended.rows.iter().map(|row| row.outcome).collect::<Vec<_>>(), [Some(Outcome::Missed)]);
        house.services.stop().await;
    }

    async fn who_goes_away_while_waiting_is_not_answered(db: TestDb) {
        let house = House::new(db).await;
        let sam = house.staff("sup").await;
        let (_gone, stays) = (house.visitor().await, house.visitor().await);
        let _line = stays.connect();
        for (seconds, waiting) in [(0, 2), (119, 2), (120, 1), (240, 1)] {
            house.clock.set(at(seconds));
            house.services.run_absences().await.expect("looks");
            assert_eq!(sam.inbox().await.expect("an inbox").rows.len(), waiting, "after {seconds} s");
        }
        let ended = sam.supervision().expect("a supervisor").resolved(ResolvedFilter::default()).await.expect("a list");
        assert_eq!(ended.rows.iter().map(|row| row.outcome).collect::<Vec<_>>(), [Some(Outcome::Abandoned)]);
        house.services.stop().await;
    }

    async fn a_rating_is_named_or_anonymous_and_never_both(db: TestDb) {
        let house = House::new(db).await;
        let (aki, sam) = (house.staff("aki").await, house.staff("sup").await);
        let desk = aki.desk().expect("an agent");
        let (secret, other) = ("a-secret-of-the-browser", "quite-another-secret");

        let anonymous = house.visitor().await;
        let session = only_row(&aki).await.session;
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.end(house.ids.client(), session).await.expect("ends");
        acked(&anonymous, rate(house.ids.client(), 2, Some(secret))).await;
        acked(&anonymous, rate(house.ids.client(), 3, Some(secret))).await;
        for again in [rate(house.ids.client(), 1, Some(other)), rate(house.ids.client(), 1, None)] {
            let refused = anonymous.handle(again).await;
            assert!(
                matches!(refused, Some(ServerFrame::Refused { error: Error::Conflict(Conflict::AlreadyRated), .. })),
                "{refused:?}"
            );
        }

        // The newest end stands first: of two in the same moment neither is newer.
        house.clock.set(at(1));
        let named = house.visitor().await;
        let session = only_row(&aki).await.session;
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.end(house.ids.client(), session).await.expect("ends");
        acked(&named, rate(house.ids.client(), 4, None)).await;
        acked(&named, rate(house.ids.client(), 5, None)).await;

        let ended = sam.supervision().expect("a supervisor").resolved(ResolvedFilter::default()).await.expect("a list");
        let stars: Vec<_> =
            ended.rows.iter().map(|row| row.rating.as_ref().map(|rating| u8::from(rating.stars))).collect();
        assert_eq!(stars, [Some(5), None], "the anonymous one is joined to no chat");
        assert_eq!(ended.anonymous.iter().map(|rating| u8::from(rating.stars)).collect::<Vec<_>>(), [3]);
        assert_eq!(desk.recent(None, None).await.expect("recent").average, Some((4.0, 2)));
        house.services.stop().await;
    }

    async fn a_sign_in_ends_by_disuse_and_by_signing_out(db: TestDb) {
        let house = House::new(db).await;
        let account = &house.demo.accounts[2];
        let wrong = house.services.sign_in(&account.email, "wrong", house::home()).await;
        assert_eq!(wrong, Err(Error::Unauthenticated));
        assert_eq!(house.services.sign_in("nobody@demo.example", "wrong", house::home()).await, Err(Error::Unauthenticated));
        let password = account.password.as_deref().expect("a password");
        let token = house.services.sign_in(&account.email.to_uppercase(), password, house::home()).await.expect("signs in");
        house.clock.set(NOW + Span::seconds(13 * 24 * 3600));
        let staff = house.services.staff(&token).await.expect("used in time");
        house.clock.set(Timestamp::from_micros(house.services.now().micros() + Span::seconds(13 * 24 * 3600).micros()));
        house.services.staff(&token).await.expect("use moves the end");
        staff.sign_out().await.expect("signs out");
        assert_eq!(house.services.staff(&token).await.err(), Some(Error::Unauthenticated));
        house.services.stop().await;
    }

    async fn a_repeat_gets_the_first_answer_even_after_the_chat_has_gone(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo) = (house.staff("aki").await, house.staff("jo").await);
        let _visitor = house.visitor().await;
        let row = only_row(&aki).await;
        let (session, queue) = (row.session, aki.inbox().await.expect("an inbox").queues[0].id);
        let (desk, other) = (aki.desk().expect("an agent"), jo.desk().expect("an agent"));
        let (claim, note, put_back) = (house.ids.client(), house.ids.client(), house.ids.client());
        let claimed = desk.claim(claim, session).await.expect("takes it");
        let noted = desk.note(note, session, "a regular".into()).await.expect("notes");
        let requeued = desk.requeue(put_back, session, queue, None).await.expect("puts it back");
        other.claim(house.ids.client(), session).await.expect("takes it");

        assert_eq!(desk.note(note, session, "a regular".into()).await, Ok(noted));
        assert_eq!(desk.requeue(put_back, session, queue, None).await, Ok(requeued));
        assert_eq!(desk.claim(claim, session).await, Ok(claimed));
        // Only what one did oneself, and only what was done.
        assert_eq!(desk.note(house.ids.client(), session, "new".into()).await, Err(Error::NotFound));
        assert_eq!(desk.requeue(house.ids.client(), session, queue, None).await, Err(Error::NotFound));
        let thread = jo.thread(session, 0, "").await.expect("it is Jo's");
        let notes = thread.events.iter().filter(|event| format!("{event:?}").contains("a regular")).count();
        assert_eq!(notes, 1);
        house.services.stop().await;
    }

    async fn who_may_see_a_chat_may_read_what_came_before_it_and_nothing_else(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo) = (house.staff("aki").await, house.staff("jo").await);
        let (akis, jos) = (aki.desk().expect("an agent"), jo.desk().expect("an agent"));
        let later = |seconds| house.clock.set(at(seconds));
        let write = |email: &str| {
            let mut start = house.start(house.ids.client());
            start.answers = testkit::answers("Lena", email, "In stock?");
            start
        };
        let start = async |start, token: Option<&str>| {
            house.services.start_chat(start, token, &caller()).await.expect("starts")
        };
        // Two people, each with a chat that Aki had, with a note; of the first Jo then gets another.
        let first = start(write("lena@example.org"), None).await;
        let token = first.token.clone().expect("a token");
        let stranger = start(write("kim@example.org"), None).await;
        for session in [first.session, stranger.session] {
            akis.claim(house.ids.client(), session).await.expect("takes it");
            akis.note(house.ids.client(), session, "a regular".into()).await.expect("notes");
        }
        let open = jo.thread(first.session, 0, "").await.err();
        assert_eq!(open, Some(Error::NotFound), "a colleague's chat");
        for session in [first.session, stranger.session] {
            akis.end(house.ids.client(), session).await.expect("ends");
        }
        assert_eq!(jo.thread(first.session, 0, "").await.err(), Some(Error::NotFound), "nobody is here now");
        assert_eq!(jo.details(first.session).await.err(), Some(Error::NotFound));

        later(60);
        let second = start(write("lena@example.org"), Some(&token)).await;
        // From another browser, with the same address.
        later(120);
        let third = start(write("lena@example.org"), None).await;
        let panel = jo.details(third.session).await.expect("it waits");
        assert_eq!((panel.before, panel.earlier.len()), (2, 2));
        let told: Vec<_> = panel.earlier.iter().map(|chat| (chat.session, chat.may_read, chat.agent.as_deref())).collect();
        assert_eq!(told, [(second.session, true, None), (first.session, true, Some("Aki Kimura"))]);
        assert_eq!(panel.earlier[1].first_words, "In stock?");
        assert_eq!(aki.details(first.session).await.expect("was hers").before, 0, "later ones are not earlier");

        // Whole, with notes, over both ways; and only read.
        let thread = jo.thread(first.session, 0, "").await.expect("came before");
        assert!(thread.events.iter().all(|event| event.shown.is_some()));
        assert!(thread.events.iter().any(|event| format!("{event:?}").contains("a regular")));
        jo.history(first.session, 3).await.expect("pages of it too");
        jo.details(first.session).await.expect("and its panel");
        let mut line = jo.connect();
        let watch = agent::ClientFrame::Watch { session: first.session, after: 0, epoch: String::new() };
        assert!(matches!(line.handle(watch).await, Some(agent::ServerFrame::Thread(_))));
        let mark = agent::ClientFrame::Mark { session: first.session, delivered: 3, read: 3 };
        assert_eq!(line.handle(mark).await, Some(agent::ServerFrame::Error(Error::NotFound)));
        for done in [
            jos.note(house.ids.client(), first.session, "mine".into()).await,
            jos.send(house.ids.client(), first.session, "mine".into()).await,
            jos.requeue(house.ids.client(), first.session, panel.row.queue, None).await,
        ] {
            assert_eq!(done.err(), Some(Error::NotFound));
        }
        assert_eq!(jo.save_draft(first.session, "mine".into()).await, Err(Error::NotFound));

        // Another person's stays unseen.
        assert_eq!(jo.thread(stranger.session, 0, "").await.err(), Some(Error::NotFound));
        assert_eq!(jo.history(stranger.session, 9).await.err(), Some(Error::NotFound));
        assert_eq!(jo.details(stranger.session).await.err(), Some(Error::NotFound));
        let watch = agent::ClientFrame::Watch { session: stranger.session, after: 0, epoch: String::new() };
        assert_eq!(line.handle(watch).await, Some(agent::ServerFrame::Error(Error::NotFound)));

        // Aki takes both that wait: the second goes on while Jo has nothing of Lena's left; then Jo gets the third back.
        let queue = panel.row.queue;
        akis.claim(house.ids.client(), second.session).await.expect("takes it");
        akis.claim(house.ids.client(), third.session).await.expect("takes it");
        assert_eq!(jo.thread(first.session, 0, "").await.err(), Some(Error::NotFound), "the right went with the chat");
        akis.requeue(house.ids.client(), third.session, queue, None).await.expect("puts it back");
        jos.claim(house.ids.client(), third.session).await.expect("takes it");
        let panel = jo.details(third.session).await.expect("hers");
        assert_eq!(panel.before, 2);
        let open = &panel.earlier[0];
        assert_eq!((open.session, open.may_read, open.first_words.as_str()), (second.session, false, ""));
        assert_eq!(jo.thread(second.session, 0, "").await.err(), Some(Error::NotFound), "it still goes on with Aki");
        house.services.stop().await;
    }

    async fn who_lost_a_chat_is_not_seen_typing_in_it(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo) = (house.staff("aki").await, house.staff("jo").await);
        let visitor = house.visitor().await;
        let mut line = visitor.connect().expect("a line");
        let session = only_row(&aki).await.session;
        let queue = aki.inbox().await.expect("an inbox").queues[0].id;
        let (mut akis, mut jos) = (aki.connect(), jo.connect());
        let typing = || agent::ClientFrame::Typing { session, on: true };
        let refused = Some(agent::ServerFrame::Error(Error::Forbidden));
        assert_eq!(akis.handle(typing()).await, refused, "nobody has it yet");
        aki.desk().expect("an agent").claim(house.ids.client(), session).await.expect("takes it");
        assert_eq!(akis.handle(typing()).await, None, "at once, whoever has heard of it by then");
        aki.desk().expect("an agent").requeue(house.ids.client(), session, queue, None).await.expect("puts it back");
        assert_eq!(akis.handle(typing()).await, refused);
        jo.desk().expect("an agent").claim(house.ids.client(), session).await.expect("takes it");
        assert_eq!(akis.handle(typing()).await, Some(agent::ServerFrame::Error(Error::NotFound)));
        assert_eq!(jos.handle(typing()).await, None);
        let mut seen = 0;
        while seen < 2 {
            if let Some(Signal::Frame(frame)) = line.next().await {
                seen += usize::from(frame.bytes().starts_with(b"{\"typing\""));
            }
        }
        house.services.stop().await;
    }

    async fn what_a_visitor_does_goes_to_their_new_chat_at_once(db: TestDb) {
        let house = House::new(db).await;
        let aki = house.staff("aki").await;
        let first = house.services.start_chat(house.start(house.ids.client()), None, &caller()).await.expect("starts");
        let token = first.token.expect("a new visitor's token");
        let visitor = house.services.visitor(&token).await.expect("the token is good");
        for n in 0..20 {
            let words = |text: &str| ClientFrame::Send { client_id: house.ids.client(), text: format!("{text} {n}") };
            acked(&visitor, words("now")).await;
            acked(&visitor, ClientFrame::Leave { client_id: house.ids.client() }).await;
            house.clock.set(Timestamp::from_millis(house.clock.now().millis() + 10_000));
            let start = house.start(house.ids.client());
            let next = house.services.start_chat(start, Some(&token), &caller()).await.expect("starts");
            acked(&visitor, words("then")).await;
            let row = only_row(&aki).await;
            assert_eq!((row.session, row.last_text), (next.session, format!("then {n}")));
        }
        house.services.stop().await;
    }

    async fn drafts_are_ones_own(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo) = (house.staff("aki").await, house.staff("jo").await);
        let _visitor = house.visitor().await;
        let session = only_row(&aki).await.session;
        aki.save_draft(session, "Half a sen".into()).await.expect("kept");
        assert_eq!(aki.draft(session).await.as_deref(), Ok("Half a sen"));
        assert_eq!(jo.draft(session).await.as_deref(), Ok(""));
        aki.desk().expect("an agent").claim(house.ids.client(), session).await.expect("takes it");
        aki.desk().expect("an agent").send(house.ids.client(), session, "A sentence".into()).await.expect("writes");
        assert_eq!(aki.draft(session).await.as_deref(), Ok(""), "what was sent is no draft");
        house.services.stop().await;
    }
}
