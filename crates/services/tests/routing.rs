//! Routing at work on both engines: rings, declines, hand-overs and lost lines, with a clock that the test steers.

mod house;

use domain::{
    AfterOffer, AgentId, Availability, BackWhy, EventKind, OfferEnd, OfferWhy, Outcome, QueueRules, QueueSettings,
    SessionId, Status, Strategy, WrapUp,
};
use services::{AgentLine, Caller, Clock, Services, Staff, VisitorAccess, demo::Demo};
use testkit::{Ids, TestDb, at, both_dbs};
use wire::{
    Conflict, Error,
    agent::Row,
    visitor::{ClientFrame, StartRequest},
};

struct House {
    services: Services,
    clock: Clock,
    demo: Demo,
    ids: Ids,
}

/// Somebody with a line, so that chats ring them.
struct Here {
    staff: Staff,
    _line: AgentLine,
}

impl House {
    async fn new(db: &TestDb, settings: QueueSettings, rules: QueueRules) -> Self {
        let (services, clock, demo) = house::open(db, |_| ()).await;
        let house = Self { services, clock, demo, ids: Ids::seeded(7) };
        let mut tx = db.store.begin().await.expect("a transaction");
        let queue = tx.queues().await.expect("queues")[0].clone();
        tx.update_queue(queue.id, &queue.name, rules, &settings).await.expect("updated");
        tx.commit().await.expect("committed");
        // Any change of people or queues reads the directory anew.
        house.staff("aki").await.set_availability(Availability::Online).await.expect("online");
        house
    }

    async fn ringing(db: &TestDb) -> Self {
        let settings = QueueSettings { strategy: Strategy::RingByTurns, ..QueueSettings::default() };
        Self::new(db, settings, QueueRules::default()).await
    }

    async fn staff(&self, email: &str) -> Staff {
        house::staff(&self.services, &self.demo, email).await
    }

    async fn here(&self, email: &str) -> Here {
        let staff = self.staff(email).await;
        let line = staff.connect();
        self.services.settle().await;
        Here { staff, _line: line }
    }

    async fn visitor(&self) -> VisitorAccess {
        let request = StartRequest {
            site: self.demo.site_key.clone(),
            client_id: self.ids.client(),
            answers: testkit::answers("Lena", "", "In stock?"),
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

    /// The clock goes on, and what is due is done.
    async fn wait_until(&self, seconds: i64) {
        self.clock.set(at(seconds));
        self.services.settle().await;
    }
}

impl Here {
    async fn row(&self) -> Option<Row> {
        self.staff.inbox().await.expect("an inbox").rows.into_iter().next()
    }

    fn id(&self) -> AgentId {
        self.staff.me().id
    }

    async fn rings(&self) -> bool {
        let row = self.row().await;
        row.and_then(|row| row.ring).is_some_and(|ring| ring.to.contains(&self.id()))
    }

    /// What the chat's record says beside words.
    async fn lines(&self, session: SessionId) -> Vec<EventKind> {
        let thread = self.staff.thread(session, 0, "").await.expect("may read");
        let shown = thread.events.into_iter().filter_map(|event| event.shown).map(|shown| shown.kind);
        shown.filter(|kind| !matches!(kind, EventKind::Message { .. } | EventKind::Started { .. })).collect()
    }
}

fn caller() -> Caller {
    Caller { address: house::home(), user_agent: "Test/1".into() }
}

/// The label of the demo's queue.
const SALES: &str = r#"{queue="Sales"}"#;

both_dbs! {
    async fn it_rings_is_declined_and_the_next_one_accepts(db: TestDb) {
        let house = House::ringing(db).await;
        let (aki, jo, sam) = (house.here("aki").await, house.here("jo").await, house.here("sup").await);
        let _visitor = house.visitor().await;
        let session = sam.row().await.expect("a chat").session;
        let (first, second) = if aki.rings().await { (&aki, &jo) } else { (&jo, &aki) };
        assert!(first.rings().await && !second.rings().await, "it rings one");

        let late = second.staff.desk().expect("an agent").decline(house.ids.client(), session).await;
        assert_eq!(late, Err(Error::Conflict(Conflict::NotRinging)), "it rings somebody else");
        first.staff.desk().expect("an agent").decline(house.ids.client(), session).await.expect("it rings");
        house.services.settle().await;
        assert!(second.rings().await && !first.rings().await, "it rings the other");
        second.staff.desk().expect("an agent").accept(house.ids.client(), session).await.expect("it rings");
        let beaten = first.staff.desk().expect("an agent").accept(house.ids.client(), session).await;
        assert!(matches!(beaten, Err(Error::Conflict(Conflict::TakenBy { .. }))), "{beaten:?}");
        let offered = |to: &Here| EventKind::Offered { to: vec![to.id()], seconds: 20, why: OfferWhy::LongestIdle };
        let declined =
            EventKind::OfferEnded { from: vec![first.id()], why: OfferEnd::Declined, then: AfterOffer::Waits };
        assert_eq!(sam.lines(session).await, [offered(first), declined, offered(second), EventKind::Joined]);
        house.services.stop().await;
    }

    async fn what_routing_decides_is_counted(db: TestDb) {
        let house = House::ringing(db).await;
        let figures = async || {
            let told = house.services.metrics().await.expect("figures");
            assert!(told.ends_with("# EOF\n"), "{told}");
            move |name: &str| {
                let line = told.lines().find(|line| line.starts_with(&format!("deskbell_routing_{name} ")));
                line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            }
        };
        let none = figures().await;
        assert_eq!((none(&format!("waiting{SALES}")), none(&format!("accepts_total{SALES}"))), (Some(0.0), None));

        // Two seconds after the chat came somebody is there, lets it ring, declines it, and accepts it in the end.
        let _visitor = house.visitor().await;
        house.clock.set(at(2));
        let waits = figures().await;
        assert_eq!((waits(&format!("waiting{SALES}")), waits(&format!("longest_wait_seconds{SALES}"))), (Some(1.0), Some(2.0)));
        let aki = house.here("aki").await;
        assert!(aki.rings().await);
        house.wait_until(22).await;
        house.wait_until(82).await;
        let session = aki.row().await.expect("it rings again").session;
        let desk = aki.staff.desk().expect("an agent");
        desk.decline(house.ids.client(), session).await.expect("it rings");
        house.services.settle().await;
        house.wait_until(142).await;
        desk.accept(house.ids.client(), session).await.expect("it rings");
        // A colleague is rung for it, and then it is taken back.
        let jo = house.here("jo").await;
        desk.transfer(house.ids.client(), session, jo.id(), None).await.expect("theirs");
        desk.cancel_transfer(house.ids.client(), session).await.expect("it rings");
        // The next one is nobody's to be offered, and ends after its time.
        aki.staff.set_availability(Availability::Away).await.expect("away");
        jo.staff.set_availability(Availability::Away).await.expect("away");
        let _late = house.visitor().await;
        house.wait_until(142 + 300).await;

        let told = figures().await;
        let of = |name: &str, why: &str| told(&format!(r#"{name}_total{{queue="Sales",reason="{why}"}}"#));
        assert_eq!((of("offers", "longest_idle"), of("offers", "transfer")), (Some(3.0), Some(1.0)));
        let plain = |name: &str| told(&format!("{name}_total{SALES}"));
        assert_eq!((plain("accepts"), plain("declines"), plain("expiries")), (Some(1.0), Some(1.0), Some(1.0)));
        assert_eq!((of("withdrawals", "withdrawn"), of("transfers", "agent")), (Some(1.0), Some(1.0)));
        assert_eq!((of("unanswered", "missed"), plain("claims")), (Some(1.0), None));
        assert_eq!(told(&format!("time_to_offer_seconds_count{SALES}")), Some(1.0), "the first offer, and no other");
        assert_eq!(told(&format!("time_to_offer_seconds_sum{SALES}")), Some(2.0));
        assert_eq!(told(&format!("waiting{SALES}")), Some(0.0));
        house.services.stop().await;
    }

    async fn unanswered_it_goes_on_and_comes_back_after_the_pause(db: TestDb) {
        let house = House::ringing(db).await;
        let (aki, sam) = (house.here("aki").await, house.here("sup").await);
        let _visitor = house.visitor().await;
        assert!(aki.rings().await);
        house.wait_until(19).await;
        assert!(aki.rings().await, "its time is not over");
        house.wait_until(20).await;
        assert!(!aki.rings().await);
        let session = sam.row().await.expect("it waits").session;
        let expired = aki.staff.desk().expect("an agent").accept(house.ids.client(), session).await;
        assert_eq!(expired, Err(Error::Conflict(Conflict::NotRinging)));
        house.wait_until(79).await;
        assert!(!aki.rings().await, "pause");
        house.wait_until(80).await;
        assert!(aki.rings().await);
        let why = OfferEnd::NotAnswered { seconds: 20 };
        let back = EventKind::OfferEnded { from: vec![aki.id()], why, then: AfterOffer::Waits };
        assert_eq!(sam.lines(session).await[1], back);
        house.services.stop().await;
    }

    async fn rings_go_on_after_a_restart(db: TestDb) {
        let house = House::ringing(db).await;
        let aki = house.here("aki").await;
        let _visitor = house.visitor().await;
        assert!(aki.rings().await);
        house.clock.set(at(5));
        // As after kill -9: nobody says goodbye, and the presence is a row.
        let again = Services::start(house::begin(db, &house.clock)).await.expect("services start");
        again.settle().await;
        let ring = aki.row().await.and_then(|row| row.ring).expect("it still rings");
        assert_eq!((ring.to, ring.until), (vec![aki.id()], at(20)));
        house.clock.set(at(40));
        again.settle().await;
        assert_eq!(aki.row().await.and_then(|row| row.ring), None, "and stops in time, with nobody there");
        again.stop().await;
        house.services.stop().await;
    }

    async fn a_transfer_rings_the_colleague_and_falls_back(db: TestDb) {
        let settings = QueueSettings { strategy: Strategy::Pick, ..QueueSettings::default() };
        let house = House::new(db, settings, QueueRules::default()).await;
        let (aki, jo) = (house.here("aki").await, house.here("jo").await);
        let _visitor = house.visitor().await;
        let session = aki.row().await.expect("it waits").session;
        let desk = aki.staff.desk().expect("an agent");
        desk.claim(house.ids.client(), session).await.expect("it waits");
        assert_eq!(jo.row().await, None, "a colleague's chat");
        let note = Some("Knows about boots".to_owned());
        desk.transfer(house.ids.client(), session, jo.id(), note.clone()).await.expect("theirs");
        let ring = jo.row().await.and_then(|row| row.ring).expect("it rings");
        assert_eq!((ring.why, ring.note), (OfferWhy::Transfer, note));
        house.wait_until(20).await;
        assert_eq!(jo.row().await, None);
        let row = aki.row().await.expect("still theirs");
        assert_eq!((row.owner, row.ring), (Some(aki.id()), None));
        desk.transfer(house.ids.client(), session, jo.id(), None).await.expect("theirs");
        jo.staff.desk().expect("an agent").accept(house.ids.client(), session).await.expect("it rings");
        assert_eq!(jo.row().await.and_then(|row| row.owner), Some(jo.id()));
        let gone = desk.transfer(house.ids.client(), session, jo.id(), None).await;
        assert_eq!(gone, Err(Error::NotFound), "no longer theirs to hand over");
        house.services.stop().await;
    }

    async fn a_chat_can_go_to_other_agents_and_to_every_queue(db: TestDb) {
        let house = House::ringing(db).await;
        let aki = house.here("aki").await;
        let jo = house.staff("jo").await;
        let places = aki.staff.destinations();
        assert_eq!(places.agents, [jo.me().id], "not oneself, nor who takes no chats");
        let queues = |places: &wire::agent::Destinations| -> Vec<(String, u32)> {
            places.queues.iter().map(|queue| (queue.name.clone(), queue.online)).collect()
        };
        assert_eq!(queues(&places), [("Sales".to_owned(), 1)], "Jo is not here");
        let _jo = house.here("jo").await;
        assert_eq!(queues(&aki.staff.destinations()), [("Sales".to_owned(), 2)]);
        house.services.stop().await;
    }

    async fn nobody_is_handed_a_chat_who_is_not_there(db: TestDb) {
        let house = House::ringing(db).await;
        let aki = house.here("aki").await;
        let jo = house.staff("jo").await.me().id;
        let _visitor = house.visitor().await;
        let session = aki.row().await.expect("it waits").session;
        let desk = aki.staff.desk().expect("an agent");
        desk.accept(house.ids.client(), session).await.expect("it rings");
        let absent = Err(Error::Conflict(Conflict::NotAvailable { name: "Jo Marsh".into() }));
        assert_eq!(desk.transfer(house.ids.client(), session, jo, None).await, absent);
        assert_eq!(desk.assign(house.ids.client(), session, jo).await, absent);
        assert_eq!(desk.add_colleague(house.ids.client(), session, jo).await, absent);
        house.services.stop().await;
    }

    async fn in_wrap_up_nothing_rings_until_it_is_closed(db: TestDb) {
        let settings = QueueSettings { strategy: Strategy::RingByTurns, ..QueueSettings::default() };
        let rules = QueueRules { wrap_up: WrapUp::Manual, ..QueueRules::default() };
        let house = House::new(db, settings, rules).await;
        let aki = house.here("aki").await;
        let _visitor = house.visitor().await;
        let session = aki.row().await.expect("it rings").session;
        let desk = aki.staff.desk().expect("an agent");
        desk.accept(house.ids.client(), session).await.expect("it rings");
        desk.end(house.ids.client(), session).await.expect("theirs");
        let _other = house.visitor().await;
        house.wait_until(100).await;
        let rings = |rows: &[Row]| rows.iter().any(|row| row.ring.is_some());
        assert!(!rings(&aki.staff.inbox().await.expect("an inbox").rows));
        desk.close_wrap_up(house.ids.client(), session).await.expect("theirs");
        house.services.settle().await;
        assert!(rings(&aki.staff.inbox().await.expect("an inbox").rows));
        house.services.stop().await;
    }

    async fn a_lost_owner_is_waited_for_and_then_the_chat_goes_back(db: TestDb) {
        let house = House::ringing(db).await;
        let (aki, sam) = (house.here("aki").await, house.here("sup").await);
        let visitor = house.visitor().await;
        let session = aki.row().await.expect("it rings").session;
        let desk = aki.staff.desk().expect("an agent");
        desk.accept(house.ids.client(), session).await.expect("it rings");
        desk.send(house.ids.client(), session, "Hello".into()).await.expect("theirs");
        let id = aki.id();
        drop(aki);
        house.wait_until(29).await;
        assert!(!sam.lines(session).await.contains(&EventKind::OwnerLost { agent: id }), "grace");
        house.wait_until(30).await;
        assert!(sam.lines(session).await.contains(&EventKind::OwnerLost { agent: id }));
        house.wait_until(150).await;
        let why = BackWhy::OwnerDidNotReturn { seconds: 120 };
        assert!(sam.lines(session).await.contains(&EventKind::GaveBack { from: id, why }));
        assert_eq!(sam.row().await.map(|row| row.status), Some(Status::WaitingForAgent));
        assert!(visitor.handle(ClientFrame::Ping).await.is_some());
        // Nobody comes: it is missed in the end.
        house.wait_until(450).await;
        let list = sam.staff.supervision().expect("a supervisor").resolved(wire::agent::ResolvedFilter::default()).await.expect("a list");
        assert_eq!(list.rows[0].outcome, Some(Outcome::Missed));
        house.services.stop().await;
    }

    async fn a_supervisor_reassigns_and_an_agent_may_not(db: TestDb) {
        let house = House::ringing(db).await;
        let (aki, jo, sam) = (house.here("aki").await, house.here("jo").await, house.here("sup").await);
        let _visitor = house.visitor().await;
        let session = sam.row().await.expect("it waits").session;
        let supervision = sam.staff.supervision().expect("a supervisor");
        supervision.reassign(house.ids.client(), session, jo.id()).await.expect("a queue of theirs");
        assert_eq!(jo.row().await.and_then(|row| row.owner), Some(jo.id()));
        let foreign = aki.staff.desk().expect("an agent").assign(house.ids.client(), session, aki.id()).await;
        assert_eq!(foreign, Err(Error::NotFound));
        house.services.stop().await;
    }

    async fn a_colleague_writes_along_until_they_leave(db: TestDb) {
        let house = House::ringing(db).await;
        let aki = house.here("aki").await;
        let _visitor = house.visitor().await;
        let session = aki.row().await.expect("it rings").session;
        let desk = aki.staff.desk().expect("an agent");
        desk.accept(house.ids.client(), session).await.expect("it rings");
        let jo = house.here("jo").await;
        let other = jo.staff.desk().expect("an agent");
        assert_eq!(other.send(house.ids.client(), session, "Hello".into()).await, Err(Error::NotFound));
        desk.add_colleague(house.ids.client(), session, jo.id()).await.expect("theirs");
        other.send(house.ids.client(), session, "Hello".into()).await.expect("writes along");
        assert_eq!(other.end(house.ids.client(), session).await.map(drop), Err(Error::Conflict(Conflict::TakenBy { name: "Aki Kimura".into() })));
        other.remove_colleague(house.ids.client(), session, jo.id()).await.expect("leaves");
        assert_eq!(other.send(house.ids.client(), session, "Hello".into()).await, Err(Error::NotFound));
        house.services.stop().await;
    }
}
