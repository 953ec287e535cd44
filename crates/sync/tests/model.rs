//! A client on a bad line against a small model of the server: frames are dropped, repeated, reordered, the line is
//! cut, requests are refused for now, the page is reloaded, the epoch changes. When things have calmed down,
//! everything acknowledged stands on the client's screen once, in order, and nothing that was written is lost.

use domain::{ClientId, SessionId};
use proptest::prelude::*;
use sync::{Begin, Feed, Kept, Offer, Outbox, Pulse, State};
use wire::{Conflict, Error};

const PAGE: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    /// The visitor writes.
    Write,
    /// Somebody else's event.
    Elsewhere,
    /// The oldest frame to the server arrives; or is lost, or arrives twice.
    Up(Fate),
    /// The n-th frame to the client arrives; or is lost, or arrives twice.
    Down(u8, Fate),
    Cut,
    Connect,
    Refuse(u8),
    EndChat,
    ResumeChat,
    Beat,
    NewEpoch,
    Reload,
    Pass(u16),
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    Arrives,
    Lost,
    Twice,
}

#[derive(Debug, Clone)]
enum Down {
    Welcome { epoch: String, events: Vec<Event>, more: bool },
    Events { events: Vec<Event>, more: bool },
    Event(Event),
    Ack(ClientId),
    Refused(ClientId, Error),
    Beat(u32),
}

#[derive(Debug, Clone, PartialEq)]
struct Event {
    vseq: u32,
    client_id: Option<ClientId>,
    text: u32,
}

#[derive(Default)]
struct Server {
    epoch: u32,
    log: Vec<Event>,
    ended: bool,
    refuse: Option<Error>,
}

struct Client {
    feed: Feed,
    outbox: Outbox<u32>,
    pulse: Pulse,
    shown: Vec<Event>,
    open: bool,
    welcomed: bool,
    now: i64,
}

struct World {
    server: Server,
    client: Client,
    up: Vec<(ClientId, u32)>,
    down: Vec<Down>,
    written: Vec<(ClientId, u32)>,
    session: SessionId,
}

fn client_id(n: u32) -> ClientId {
    ClientId::from_uuid(uuid_of(n))
}

fn uuid_of(n: u32) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x4000_8000_0000_0000_0000 | u128::from(n))
}

impl World {
    fn new() -> Self {
        let client = Client {
            feed: Feed::default(),
            outbox: Outbox::default(),
            pulse: Pulse::default(),
            shown: Vec::new(),
            open: false,
            welcomed: false,
            now: 0,
        };
        Self {
            server: Server::default(),
            client,
            up: Vec::new(),
            down: Vec::new(),
            written: Vec::new(),
            session: SessionId::from_uuid(uuid_of(1)),
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Write => {
                let n = u32::try_from(self.written.len()).expect("few");
                self.written.push((client_id(n), n));
                self.client.outbox.push(client_id(n), n, self.client.now);
                self.flush();
            }
            Step::Elsewhere => self.append(None, 1_000_000),
            Step::Up(fate) => {
                if !self.up.is_empty() {
                    let (id, text) = self.up.remove(0);
                    for _ in 0..times(*fate) {
                        self.serve(id, text);
                    }
                    // A lost frame is a lost line: the transport itself never skips.
                    if times(*fate) == 0 {
                        self.cut();
                    }
                }
            }
            Step::Down(which, fate) => {
                if !self.down.is_empty() {
                    let which = usize::from(*which) % self.down.len();
                    let frame = self.down.remove(which);
                    for _ in 0..times(*fate) {
                        self.hear(frame.clone());
                    }
                }
            }
            Step::Cut => self.cut(),
            Step::Connect => self.connect(),
            Step::Refuse(0) => self.server.refuse = Some(Error::RateLimited { retry_after: 2 }),
            Step::Refuse(1) => self.server.refuse = Some(Error::Unavailable),
            Step::Refuse(_) => self.server.refuse = Some(Error::Internal),
            Step::EndChat => self.server.ended = true,
            Step::ResumeChat => {
                self.server.ended = false;
                self.client.outbox.retry_ended();
                self.flush();
            }
            Step::Beat => {
                if self.client.open {
                    self.down.push(Down::Beat(self.newest()));
                }
            }
            Step::NewEpoch => {
                self.server.epoch += 1;
                self.cut();
            }
            Step::Reload => self.reload(),
            Step::Pass(millis) => {
                self.client.now += i64::from(*millis);
                if self.client.open
                    && (self.client.pulse.dead(self.client.now) || self.client.outbox.stuck(self.client.now))
                {
                    self.cut();
                }
                self.flush();
            }
        }
    }

    fn newest(&self) -> u32 {
        u32::try_from(self.server.log.len()).expect("few")
    }

    fn append(&mut self, client_id: Option<ClientId>, text: u32) {
        let event = Event { vseq: self.newest() + 1, client_id, text };
        self.server.log.push(event.clone());
        if self.client.open {
            self.down.push(Down::Event(event));
        }
    }

    fn serve(&mut self, id: ClientId, text: u32) {
        if let Some(error) = self.server.refuse.take() {
            self.down.push(Down::Refused(id, error));
        } else if self.server.log.iter().any(|event| event.client_id == Some(id)) {
            self.down.push(Down::Ack(id));
        } else if self.server.ended {
            self.down.push(Down::Refused(id, Error::Conflict(Conflict::Ended)));
        } else {
            self.append(Some(id), text);
            self.down.push(Down::Ack(id));
        }
    }

    fn connect(&mut self) {
        if self.client.open {
            return;
        }
        self.client.open = true;
        self.client.welcomed = false;
        self.client.pulse = Pulse::new(self.client.now);
        let epoch = self.server.epoch.to_string();
        let same = self.client.feed.epoch() == epoch && self.client.feed.after() > 0;
        let log = &self.server.log;
        if same {
            let after = self.client.feed.after() as usize;
            let mut pages = log[after..].chunks(PAGE).map(<[_]>::to_vec).peekable();
            let events = pages.next().unwrap_or_default();
            self.down.push(Down::Welcome { epoch, events, more: pages.peek().is_some() });
            while let Some(events) = pages.next() {
                self.down.push(Down::Events { events, more: pages.peek().is_some() });
            }
        } else {
            let events = log[log.len().saturating_sub(PAGE)..].to_vec();
            self.down.push(Down::Welcome { epoch, events, more: false });
        }
    }

    fn cut(&mut self) {
        self.client.open = false;
        self.client.welcomed = false;
        self.up.clear();
        self.down.clear();
        self.client.outbox.cut();
    }

    fn reload(&mut self) {
        self.cut();
        let kept: Vec<Kept<u32>> =
            self.client.outbox.kept().map(|kept| Kept { id: kept.id, body: *kept.body, at: kept.at }).collect();
        self.client.outbox = Outbox::default();
        // Whatever order the storage gives them back in.
        for kept in kept.into_iter().rev() {
            self.client.outbox.restore(kept, None);
        }
        self.client.feed.clear();
        self.client.shown.clear();
    }

    fn hear(&mut self, frame: Down) {
        self.client.pulse.heard(self.client.now);
        match frame {
            Down::Welcome { epoch, events, more } => {
                let first = events.first().map(|event| event.vseq);
                if self.client.feed.begin(self.session, &epoch, first, more, false) == Begin::Fresh {
                    self.client.shown.clear();
                }
                self.client.welcomed = true;
                self.client.outbox.hurry();
                for event in events {
                    self.show(event);
                }
            }
            // Anything before the welcome only comes from reordering here.
            _ if !self.client.welcomed => self.cut(),
            Down::Events { events, more } => {
                self.client.feed.page(more);
                for event in events {
                    self.show(event);
                }
            }
            Down::Event(event) => self.show(event),
            Down::Ack(id) => drop(self.client.outbox.done(id)),
            Down::Refused(id, error) => drop(self.client.outbox.refused(id, error, self.client.now)),
            Down::Beat(newest) => {
                if self.client.feed.beat(newest) {
                    self.cut();
                }
            }
        }
        self.flush();
    }

    fn show(&mut self, event: Event) {
        match self.client.feed.offer(event.vseq) {
            Offer::Next => {
                if let Some(id) = event.client_id {
                    self.client.outbox.done(id);
                }
                self.client.shown.push(event);
            }
            Offer::Seen => {}
            Offer::Gap => self.cut(),
        }
    }

    fn flush(&mut self) {
        if self.client.open
            && self.client.welcomed
            && let Some(entry) = self.client.outbox.due(self.client.now)
        {
            let frame = (entry.id, entry.body);
            self.up.push(frame);
        }
    }

    /// Everything works from now on.
    fn calm(&mut self) {
        // On a line of its own: a refusal from before the chat was resumed cannot come after it on one that keeps order.
        self.cut();
        self.server.refuse = None;
        self.step(&Step::ResumeChat);
        let failed: Vec<_> = self
            .client
            .outbox
            .entries()
            .filter(|entry| matches!(entry.state, State::Failed(_)))
            .map(|entry| entry.id)
            .collect();
        for id in failed {
            self.client.outbox.retry(id);
        }
        for _ in 0..4 * (self.written.len() + self.server.log.len()) + 40 {
            self.step(&Step::Connect);
            self.step(&Step::Pass(20_000));
            while !self.up.is_empty() || !self.down.is_empty() {
                self.step(&Step::Up(Fate::Arrives));
                self.step(&Step::Down(0, Fate::Arrives));
            }
            self.step(&Step::Beat);
            self.step(&Step::Down(0, Fate::Arrives));
        }
    }
}

fn times(fate: Fate) -> usize {
    match fate {
        Fate::Arrives => 1,
        Fate::Lost => 0,
        Fate::Twice => 2,
    }
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![6 => Just(Fate::Arrives), 1 => Just(Fate::Lost), 1 => Just(Fate::Twice)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Write),
        4 => Just(Step::Elsewhere),
        12 => fates().prop_map(Step::Up),
        // Mostly in order, sometimes not.
        14 => (prop_oneof![5 => Just(0u8), 1 => any::<u8>()], fates()).prop_map(|(which, fate)| Step::Down(which, fate)),
        2 => Just(Step::Cut),
        6 => Just(Step::Connect),
        2 => (0u8..3).prop_map(Step::Refuse),
        1 => Just(Step::EndChat),
        2 => Just(Step::ResumeChat),
        2 => Just(Step::Beat),
        1 => Just(Step::NewEpoch),
        1 => Just(Step::Reload),
        3 => any::<u16>().prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn everything_acknowledged_is_shown_once_in_order_and_nothing_written_is_lost(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
            // At every moment the screen is a gapless stretch of the record.
            if let Some(first) = world.client.shown.first() {
                let from = first.vseq as usize - 1;
                prop_assert_eq!(&world.client.shown[..], &world.server.log[from..from + world.client.shown.len()]);
            }
            let flying = world.client.outbox.entries().filter(|entry| entry.state == State::Flying).count();
            prop_assert!(flying <= 1);
            // Nothing written is nowhere.
            for (id, _) in &world.written {
                let recorded = world.server.log.iter().filter(|event| event.client_id == Some(*id)).count();
                prop_assert!(recorded <= 1, "doubled");
                prop_assert!(recorded == 1 || world.client.outbox.get(*id).is_some(), "lost");
            }
        }
        world.calm();
        prop_assert!(world.client.outbox.is_empty());
        let own: Vec<_> = world.server.log.iter().filter(|event| event.client_id.is_some()).collect();
        prop_assert_eq!(own.len(), world.written.len());
        let tail = world.client.shown.len();
        prop_assert_eq!(&world.client.shown[..], &world.server.log[world.server.log.len() - tail..]);
        prop_assert_eq!(world.client.feed.after() as usize, world.server.log.len());
    }

    /// Whatever was refused before: once the line is back, the first of what waits goes out in the same moment, and not
    /// before the server wants it.
    #[test]
    fn a_line_that_is_back_needs_no_patience(
        refusals in prop::collection::vec((0u8..4, 0i64..20_000), 0..12),
        back in 0i64..60_000,
    ) {
        let mut outbox = Outbox::default();
        outbox.push(client_id(1), "a", 0);
        outbox.push(client_id(2), "b", 0);
        let (mut now, mut asked) = (0, i64::MIN);
        for (kind, pause) in refusals {
            now += pause;
            let Some(id) = outbox.due(now).map(|entry| entry.id) else { continue };
            let error = match kind {
                0 => Error::RateLimited { retry_after: 20 },
                1 => Error::Unavailable,
                2 => Error::Transport,
                _ => Error::Unauthenticated,
            };
            if kind == 0 {
                asked = asked.max(now + 20_000);
            }
            let sync::Verdict::Later(at) = outbox.refused(id, error, now) else { panic!("it waits") };
            prop_assert!(outbox.clone().due(at - 1).is_none() && at > now);
        }
        now += back;
        outbox.hurry();
        prop_assert_eq!(outbox.wake(), Some(asked));
        let due = outbox.due(now).map(|entry| entry.body);
        prop_assert_eq!(due, (now >= asked).then_some("a"));
        outbox.hurry();
        prop_assert!(outbox.due(now.max(asked)).is_none() || due.is_none(), "still one at a time");
    }

    /// As long as no one is told to give up on an entry, the order in which things were written is the order in which
    /// they stand.
    #[test]
    fn the_order_of_writing_is_kept(steps in steps()) {
        let mut world = World::new();
        for step in steps.iter().filter(|step| !matches!(step, Step::EndChat | Step::Refuse(2..))) {
            world.step(step);
        }
        world.calm();
        let own: Vec<_> = world.server.log.iter().filter(|event| event.client_id.is_some()).map(|event| event.text).collect();
        let written: Vec<_> = world.written.iter().map(|(_, text)| *text).collect();
        prop_assert_eq!(own, written);
    }
}

#[test]
fn another_tab_sends_what_its_owner_does_not() {
    let mut outbox = Outbox::default();
    assert!(outbox.restore(Kept { id: client_id(1), body: 1, at: 10 }, Some(100)));
    assert!(!outbox.restore(Kept { id: client_id(1), body: 1, at: 10 }, Some(100)));
    outbox.push(client_id(2), 2, 20);
    assert!(outbox.due(100).is_none(), "its owner is about to");
    assert_eq!(outbox.wake(), Some(100 + sync::ADOPT_AFTER));
    assert_eq!(outbox.due(100 + sync::ADOPT_AFTER).map(|entry| entry.body), Some(1));
    assert!(outbox.done(client_id(1)).is_some());
    assert_eq!(outbox.due(100).map(|entry| entry.body), Some(2));
}

#[test]
fn what_reaches_an_ended_chat_keeps_its_text_until_the_chat_goes_on() {
    let mut outbox = Outbox::default();
    outbox.push(client_id(1), "a", 0);
    outbox.push(client_id(2), "b", 0);
    for id in [client_id(1), client_id(2)] {
        assert!(outbox.due(0).is_some());
        assert_eq!(outbox.refused(id, Error::Conflict(Conflict::Ended), 0), sync::Verdict::Failed);
    }
    assert!(outbox.due(0).is_none());
    outbox.retry_ended();
    assert_eq!(outbox.due(0).map(|entry| entry.body), Some("a"));
}

#[test]
fn slow_down_means_waiting_as_long_as_asked() {
    let mut outbox = Outbox::default();
    outbox.push(client_id(1), (), 0);
    assert!(outbox.due(1_000).is_some());
    let verdict = outbox.refused(client_id(1), Error::RateLimited { retry_after: 7 }, 1_000);
    assert_eq!(verdict, sync::Verdict::Later(8_000));
    assert!(outbox.due(7_999).is_none());
    assert!(outbox.due(8_000).is_some());
}
