//! Alerts on both engines: a real push service and a real mail server at the other end, a clock that the test steers.

mod house;

use domain::{
    AlertKind, AlertPrefs, AlertWay, AlertWays, Availability, ClientId, QueueRules, QueueSettings, SessionId, Span,
    Strategy,
};
use outgoing::{Http, Mailer};
use realtime::Frame;
use services::{AgentLine, Caller, Clock, Outgoing, Services, Staff, VisitorAccess, demo::Demo};
use testkit::{Ids, MailServer, NOW, PushService, TestDb, at, both_dbs};
use wire::{
    Error,
    agent::{Alert, AlertTest, ClientFrame, PushSubscription, ServerFrame},
    visitor::{self, StartRequest},
};

struct House {
    services: Services,
    clock: Clock,
    demo: Demo,
    ids: Ids,
    push: PushService,
    mail: MailServer,
}

/// What the settings allow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Private {
    Allowed,
    Refused,
}

impl House {
    async fn new(db: &TestDb, private: Private) -> Self {
        let (services, clock, demo) = house::open(db, |_| {}).await;
        let (push, mail) = (PushService::start().await, MailServer::start().await);
        let allowed = (private == Private::Allowed).then(|| "127.0.0.0/8".parse().expect("a network"));
        let outgoing = Outgoing {
            http: Http::new(allowed),
            mailer: Mailer::new(&mail.url(), "Deskbell <desk@example.org>"),
            public_url: "https://desk.example".to_owned(),
        };
        services.start_alerts(outgoing).await.expect("alerts start");
        let mut tx = db.store.begin().await.expect("a transaction");
        let queue = tx.queues().await.expect("queues")[0].clone();
        let settings = QueueSettings { strategy: Strategy::RingByTurns, ..QueueSettings::default() };
        tx.update_queue(queue.id, &queue.name, QueueRules::default(), &settings).await.expect("updated");
        tx.commit().await.expect("committed");
        Self { services, clock, demo, ids: Ids::seeded(7), push, mail }
    }

    async fn staff(&self, email: &str) -> Staff {
        house::staff(&self.services, &self.demo, email).await
    }

    /// Aki, with a browser that takes Web Push; nobody else works.
    async fn aki(&self) -> Staff {
        for other in ["jo", "supervisor", "admin"] {
            self.staff(other).await.set_availability(Availability::Offline).await.expect("offline");
        }
        let aki = self.staff("aki").await;
        aki.set_availability(Availability::Online).await.expect("online");
        aki.subscribe(self.browser()).await.expect("subscribes");
        aki
    }

    fn browser(&self) -> PushSubscription {
        let (p256dh, auth) = self.push.keys();
        PushSubscription { endpoint: self.push.endpoint(), p256dh, auth }
    }

    async fn visitor(&self, name: &str) -> VisitorAccess {
        let request = StartRequest {
            site: self.demo.site_key.clone(),
            client_id: self.ids.client(),
            answers: testkit::answers(name, "", "In stock?"),
            message: false,
            page: None,
            language: None,
            time_zone: None,
        };
        let started = self.services.start_chat(request, None, &caller()).await.expect("starts");
        let visitor = self.services.visitor(&started.token.expect("a token")).await.expect("the token is good");
        self.services.settle().await;
        visitor
    }

    async fn wait_until(&self, seconds: i64) {
        self.clock.set(at(seconds));
        self.services.settle().await;
    }

    fn id(&self) -> ClientId {
        self.ids.client()
    }
}

fn caller() -> Caller {
    Caller { address: house::home(), user_agent: "Test/1".to_owned() }
}

async fn looks(line: &mut AgentLine, visible: bool, focused: bool) {
    assert_eq!(line.handle(ClientFrame::Look { visible, focused }).await, None);
}

/// The next alert on the line; other frames pass by.
async fn alert(line: &mut AgentLine) -> Alert {
    loop {
        let frame: Frame = line.next().await.expect("a frame");
        if let Ok(ServerFrame::Alert(alert)) = serde_json::from_slice(&frame.bytes()) {
            return alert;
        }
    }
}

async fn first(staff: &Staff) -> SessionId {
    staff.inbox().await.expect("an inbox").rows.first().expect("a chat").session
}

async fn says(visitor: &mut VisitorAccess, id: ClientId, text: &str) {
    let frame = visitor::ClientFrame::Send { client_id: id, text: text.into() };
    let answer = visitor.handle(frame).await;
    assert!(!matches!(answer, Some(visitor::ServerFrame::Error { .. })), "{answer:?}");
}

both_dbs! {
    async fn an_offer_is_told_to_open_tabs_and_pushed_when_none_is_on_the_screen(db: TestDb) {
        let mut house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        let mut line = aki.connect();
        house.services.settle().await;
        looks(&mut line, false, false).await;
        house.visitor("Lena").await;
        let told = alert(&mut line).await;
        assert_eq!((told.kind, told.title.as_str(), told.text.as_str()), (AlertKind::Offered, "Lena", "In stock?"));
        assert!(!told.visible && !told.focused);
        let pushed = house.push.next().await;
        let session = first(&aki).await;
        let body: serde_json::Value = serde_json::from_str(&pushed.body).expect("JSON");
        let wanted = serde_json::json!({
            "kind": "offered", "title": "Lena is waiting", "body": "In stock?", "tag": session.to_string(),
            "url": format!("/inbox/incoming/{session}"),
        });
        assert_eq!(body, wanted);
        assert_eq!(pushed.headers["ttl"], "20", "as long as it rings");
        assert_eq!(pushed.headers["topic"], session.uuid().simple().to_string());

        let desk = aki.desk().expect("an agent");
        desk.accept(house.id(), session).await.expect("accepts");
        looks(&mut line, true, false).await;
        // On the screen: nothing is pushed, and the tabs know.
        house.visitor("Noor").await;
        let told = alert(&mut line).await;
        assert!(told.visible && !told.focused && told.title == "Noor");
        assert_eq!(house.services.send_alerts().await.expect("sends"), 0);
        assert!(house.push.is_empty());
    }

    async fn a_visitors_words_are_pushed_to_who_has_the_chat_and_not_each_one(db: TestDb) {
        let mut house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        let mut line = aki.connect();
        house.services.settle().await;
        let mut lena = house.visitor("Lena").await;
        aki.desk().expect("an agent").accept(house.id(), first(&aki).await).await.expect("accepts");
        looks(&mut line, false, false).await;
        says(&mut lena, house.id(), "Still there?").await;
        let pushed = house.push.next().await;
        assert!(pushed.body.contains("Lena wrote") && pushed.body.contains("Still there?"), "{}", pushed.body);
        says(&mut lena, house.id(), "Hello?").await;
        house.clock.set(at(31));
        says(&mut lena, house.id(), "Anybody?").await;
        let pushed = house.push.next().await;
        assert!(pushed.body.contains("Anybody?"), "the second came too soon after the first: {}", pushed.body);

        let none = AlertWays { push: false, ..AlertPrefs::default().message };
        aki.set_alerts(AlertPrefs { message: none, ..AlertPrefs::default() }).await.expect("kept");
        assert_eq!(aki.inbox().await.expect("an inbox").me.id, aki.me().id);
        assert_eq!(house.staff("aki").await.me().alerts.message, none);
        house.clock.set(at(90));
        says(&mut lena, house.id(), "Not for me?").await;
        assert_eq!(alert(&mut line).await.kind, AlertKind::Offered);
        for _ in 0..4 {
            assert_eq!(alert(&mut line).await.kind, AlertKind::Message, "tabs are told nevertheless");
        }
        assert_eq!(house.services.send_alerts().await.expect("sends"), 0);
        assert!(house.push.is_empty());
    }

    async fn a_browser_that_is_gone_is_forgotten_and_a_busy_service_asked_again(db: TestDb) {
        let mut house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        let mut line = aki.connect();
        house.services.settle().await;
        let mut lena = house.visitor("Lena").await;
        aki.desk().expect("an agent").accept(house.id(), first(&aki).await).await.expect("accepts");
        looks(&mut line, false, false).await;
        house.push.answer(503);
        says(&mut lena, house.id(), "First").await;
        assert!(house.push.next().await.body.contains("First"));
        house.push.answer(201);
        // As soon as the first attempt is noted, the next has a time.
        while db.store.read().await.expect("reads").next_alert().await.expect("reads") != Some(at(5)) {
            tokio::task::yield_now().await;
        }
        house.clock.set(at(6));
        assert!(house.services.send_alerts().await.is_ok());
        assert!(house.push.next().await.body.contains("First"));
        house.push.answer(410);
        house.clock.set(at(60));
        says(&mut lena, house.id(), "Second").await;
        assert!(house.push.next().await.body.contains("Second"));
        // Its row goes with it, in the same transaction as the outcome.
        while db.store.read().await.expect("reads").next_alert().await.expect("reads").is_some() {
            tokio::task::yield_now().await;
        }
        assert_eq!(aki.alerts().await.expect("alerts").subscribed, None);
        assert_eq!(aki.test_alert(AlertWay::Push).await, Ok(AlertTest::NotSetUp));
    }

    async fn addresses_within_are_not_reached(db: TestDb) {
        let mut house = House::new(db, Private::Refused).await;
        let aki = house.aki().await;
        assert_eq!(aki.test_alert(AlertWay::Push).await, Ok(AlertTest::Failed));
        assert!(house.push.is_empty());
        let browser = PushSubscription { endpoint: "file:///etc/passwd".into(), ..house.browser() };
        assert!(matches!(aki.subscribe(browser).await, Err(Error::Invalid(_))));
        let browser = PushSubscription { auth: "x".into(), ..house.browser() };
        assert!(matches!(aki.subscribe(browser).await, Err(Error::Invalid(_))));
    }

    async fn a_test_reaches_browser_and_mailbox_and_is_limited(db: TestDb) {
        let mut house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        assert_eq!(aki.test_alert(AlertWay::Push).await, Ok(AlertTest::Sent));
        assert!(house.push.next().await.body.contains("Alerts work"));
        assert_eq!(aki.test_alert(AlertWay::Email).await, Ok(AlertTest::Sent));
        let letter = house.mail.next().await;
        assert!(letter.to[0].contains(&aki.me().email) && letter.data.contains("Subject: Alerts work"), "{letter:?}");
        assert_eq!(aki.test_alert(AlertWay::Sound).await, Ok(AlertTest::NotSetUp), "that is the browser's");
        let mut refused = false;
        for _ in 0..10 {
            refused |= matches!(aki.test_alert(AlertWay::Desktop).await, Err(Error::RateLimited { .. }));
        }
        assert!(refused);
    }

    async fn a_missed_chat_is_written_about_and_nobodys_name_gets_into_the_headers(db: TestDb) {
        let mut house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        house.visitor("Lena\r\nBcc: evil@example.org").await;
        // Nobody is there: who is online is called by push.
        assert!(house.push.next().await.body.contains("is waiting"));
        house.mail.busy_for(1);
        house.wait_until(301).await;
        // Put off once, and sent five seconds later: as soon as the first attempt is noted, the next has a time.
        loop {
            let next = db.store.read().await.expect("reads").next_alert().await.expect("reads");
            if next == Some(at(306)) {
                break;
            }
            tokio::task::yield_now().await;
        }
        house.clock.set(at(307));
        assert!(house.services.send_alerts().await.is_ok());
        // All who serve the queue are written to.
        let letter = loop {
            let letter = house.mail.next().await;
            if letter.to[0].contains(&aki.me().email) {
                break letter;
            }
        };
        let (headers, text) = letter.data.split_once("\n\n").expect("headers and text");
        assert!(headers.contains("Subject: Missed: Lena Bcc: evil@example.org"), "{headers}");
        assert!(!headers.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{headers}");
        assert!(text.contains("In stock?") && text.contains("https://desk.example/inbox/recent/"), "{text}");
        assert!(letter.to.len() == 1, "{letter:?}");
    }

    async fn who_is_away_is_written_to_when_nobody_is_there_if_they_want(db: TestDb) {
        let mut house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        aki.set_availability(Availability::Away).await.expect("away");
        house.visitor("Noor").await;
        let offered = AlertWays { email: true, ..AlertPrefs::default().offered };
        house.staff("aki").await.set_alerts(AlertPrefs { offered, ..AlertPrefs::default() }).await.expect("kept");
        house.visitor("Lena").await;
        let letter = house.mail.next().await;
        assert!(letter.data.contains("Subject: Lena is waiting"), "not about Noor, before it was chosen: {}", letter.data);
        assert!(house.push.is_empty(), "who is away is not rung");
    }

    async fn keys_are_made_once_and_a_subscription_goes_with_its_sign_in(db: TestDb) {
        let house = House::new(db, Private::Allowed).await;
        let aki = house.aki().await;
        aki.subscribe(house.browser()).await.expect("subscribes");
        let alerts = aki.alerts().await.expect("alerts");
        assert_eq!(alerts.subscribed.as_deref(), Some(house.push.endpoint().as_str()));
        let key = alerts.push_key.expect("a key");
        house.services.stop().await;
        let again = House::new(db, Private::Allowed).await;
        let aki = again.staff("aki").await;
        assert_eq!(aki.alerts().await.expect("alerts").push_key, Some(key));
        assert_eq!(aki.alerts().await.expect("alerts").subscribed, None, "another sign-in");
        aki.subscribe(again.browser()).await.expect("subscribes");
        aki.sign_out().await.expect("signs out");
        let left = db.store.read().await.expect("reads").push_subscriptions(aki.me().id, NOW + Span::seconds(1)).await;
        let left: Vec<_> = left.expect("subscriptions").into_iter().map(|browser| browser.endpoint).collect();
        assert_eq!(left, [house.push.endpoint()], "that of the sign-in that still holds");
    }
}
