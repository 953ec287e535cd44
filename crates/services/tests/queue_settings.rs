//! Settings that take effect on the floor: hours that begin and end, and changes that hold for chats that wait already.

mod house;

use domain::{AutoTexts, EventKind, Hours, Open, QueueRules, QueueSettings, SessionId, Strategy};
use services::{Administration, AgentLine, Caller, Clock, Services, Staff, demo::Demo};
use testkit::{Ids, TestDb, at, both_dbs};
use wire::{
    queues::{Queue, QueueDraft},
    visitor::StartRequest,
};

/// 05:06 in UTC, which is [`NOW`].
const MINUTE: u16 = 5 * 60 + 6;

/// Seconds from [`NOW`] to 05:08.
const OPENS: i64 = 113;

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
    async fn new(db: &TestDb) -> Self {
        let (services, clock, demo) = house::open(db, |_| {}).await;
        Self { services, clock, demo, ids: Ids::seeded(11) }
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

    async fn admin(&self) -> Administration {
        self.staff("admin").await.administration().expect("an admin")
    }

    async fn visitor(&self) -> SessionId {
        let request = StartRequest {
            site: self.demo.site_key.clone(),
            client_id: self.ids.client(),
            answers: testkit::answers("Lena", "", "In stock?"),
            message: false,
            page: None,
            language: None,
            time_zone: None,
        };
        let caller = Caller { address: house::home(), user_agent: "Test/1".into() };
        let started = self.services.start_chat(request, None, &caller).await.expect("starts");
        self.services.settle().await;
        started.session
    }

    async fn wait_until(&self, seconds: i64) {
        self.clock.set(at(seconds));
        self.services.settle().await;
    }
}

impl Here {
    async fn rings(&self, session: SessionId) -> bool {
        let rows = self.staff.inbox().await.expect("an inbox").rows;
        let row = rows.into_iter().find(|row| row.session == session);
        row.and_then(|row| row.ring).is_some_and(|ring| ring.to.contains(&self.staff.me().id))
    }
}

fn only(admin: &Administration) -> Queue {
    admin.queues().queues.into_iter().next().expect("the demo's queue")
}

/// The queue as it is but for its strategy, and with patience for opening hours.
fn draft(queue: Queue, strategy: Strategy) -> QueueDraft {
    let rules = QueueRules { wait_timeout: 3600, ..queue.rules };
    let settings = QueueSettings { strategy, ..queue.settings };
    QueueDraft { name: queue.name, rules, settings, members: queue.members, supervisors: queue.supervisors }
}

both_dbs! {
    async fn hours_begin_and_end(db: TestDb) {
        let house = House::new(db).await;
        let admin = house.admin().await;
        let queue = only(&admin);
        admin.save_queue(Some(queue.id), draft(queue.clone(), Strategy::RingByTurns)).await.expect("saved");
        let two_minutes = Open { from: MINUTE + 2, to: MINUTE + 4 };
        let hours =
            Hours { zone: "UTC".into(), week: std::array::from_fn(|_| vec![two_minutes]), exceptions: Vec::new() };
        let shown = admin.save_hours(queue.id, Some(hours)).await.expect("saved");
        assert!(shown.hours.is_some_and(|now| !now.open && now.change.is_some_and(|at| at.minute == MINUTE + 2)));
        let texts = AutoTexts { away: Some("Back soon.".into()), ..AutoTexts::default() };
        admin.save_texts(queue.id, texts).await.expect("saved");

        let aki = house.here("aki").await;
        let sam = house.staff("sup").await;
        let told = async |session| {
            let thread = sam.thread(session, 0, "").await.expect("may read");
            let mut shown = thread.events.into_iter().filter_map(|event| event.shown).map(|shown| shown.kind);
            shown.any(|kind| matches!(kind, EventKind::Message { text } if text == "Back soon."))
        };
        let early = house.visitor().await;
        assert!(!aki.rings(early).await && told(early).await, "closed: it rings nobody, and the visitor is told");
        house.wait_until(OPENS - 1).await;
        assert!(!aki.rings(early).await);
        house.wait_until(OPENS).await;
        assert!(aki.rings(early).await, "it has opened");
        aki.staff.desk().expect("an agent").accept(house.ids.client(), early).await.expect("it rings");

        let jo = house.here("jo").await;
        house.wait_until(OPENS + 119).await;
        let last = house.visitor().await;
        let rung = if aki.rings(last).await { &aki } else { &jo };
        assert!(rung.rings(last).await && !told(last).await);
        house.wait_until(OPENS + 121).await;
        assert!(!admin.queues().queues[0].hours.as_ref().expect("set").open);
        assert!(rung.rings(last).await, "who came before closing time is still served");
        let late = house.visitor().await;
        assert!(!aki.rings(late).await && !jo.rings(late).await && told(late).await);

        admin.save_hours(queue.id, None).await.expect("saved");
        house.services.settle().await;
        assert!(aki.rings(late).await || jo.rings(late).await, "always open from now on");
        house.services.stop().await;
    }

    async fn what_is_saved_holds_at_once_for_who_waits(db: TestDb) {
        let house = House::new(db).await;
        let admin = house.admin().await;
        let queue = only(&admin);
        let pick = admin.save_queue(Some(queue.id), draft(queue, Strategy::Pick)).await.expect("saved");
        let aki = house.here("aki").await;
        let first = house.visitor().await;
        // Of two that came in the same moment either may be the first.
        house.wait_until(1).await;
        let second = house.visitor().await;
        assert!(!aki.rings(first).await);

        let id = aki.staff.me().id;
        assert_eq!(admin.set_chat_limit(id, 1).await.map(|person| person.chat_limit), Ok(1));
        let ring = admin.save_queue(Some(pick.id), draft(pick, Strategy::RingByTurns)).await.expect("saved");
        house.services.settle().await;
        assert!(aki.rings(first).await && !aki.rings(second).await, "it rings, and one is the limit");
        admin.set_chat_limit(id, 0).await.expect("saved");
        house.services.settle().await;
        assert!(aki.rings(second).await, "without a limit both ring");

        // Without members it is nobody's, and rings nobody; nor may whoever was one take it.
        let nobody = QueueDraft { members: Vec::new(), ..draft(ring.clone(), Strategy::RingByTurns) };
        let saved = admin.save_queue(Some(ring.id), nobody).await.expect("saved, with a warning in the form");
        assert!(saved.members.is_empty());
        house.services.settle().await;
        let aki = house.here("aki").await;
        assert!(!aki.rings(first).await && !aki.rings(second).await);
        assert!(aki.staff.inbox().await.expect("an inbox").rows.is_empty());
        house.services.stop().await;
    }
}
