//! Random commands against the writer and against a plain model in memory: every answer, every change that is told,
//! and everything that is kept has to agree.

use std::collections::HashMap;

use domain::{
    AgentId, Author, ClientId, Event, EventKind, Move, OfferWhy, QueueId, QueueRules, Refusal, Session, SessionId,
    Span, Stars, Status, Timestamp, VisitorId, WrapUp,
};
use futures::future::join_all;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use store::{Ack, Act, ActError, Change, Marks, NewChat, SessionRow, Side, StartDone};
use testkit::{Engine, TestDb, World, act, at, block_on};
use uuid::Uuid;

/// Numbers stand for chats, people and client ids; the run gives them meaning.
#[derive(Debug, Clone)]
enum Do {
    Start { visitor: usize, client: usize },
    Act { chat: usize, what: usize, agent: usize, client: Option<usize> },
    Mark { chat: usize, staff: bool, delivered: u32, read: u32 },
}

fn command() -> impl Strategy<Value = Do> {
    prop_oneof![
        2 => (0..3_usize, 0..40_usize).prop_map(|(visitor, client)| Do::Start { visitor, client }),
        12 => (0..6_usize, 0..18_usize, 0..2_usize, proptest::option::weighted(0.8, 0..60_usize))
            .prop_map(|(chat, what, agent, client)| Do::Act { chat, what, agent, client }),
        3 => (0..6_usize, any::<bool>(), 0..12_u32, 0..12_u32)
            .prop_map(|(chat, staff, delivered, read)| Do::Mark { chat, staff, delivered, read }),
    ]
}

/// Commands in groups; those of one group wait together and share transactions.
fn script() -> impl Strategy<Value = Vec<Vec<Do>>> {
    prop::collection::vec(prop::collection::vec(command(), 1..24), 1..5)
}

#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Started { session: SessionId, visitor: VisitorId, repeated: bool },
    Acked { seq: u32, repeated: bool },
    Marked,
    NotFound,
    Refused(Refusal),
    AlreadyOpen(SessionId),
}

struct Kept {
    session: Session,
    events: Vec<Event>,
    marks: [Marks; 2],
    /// Where the running episode begins.
    first_seq: u32,
}

#[derive(Default)]
struct Model {
    chats: HashMap<SessionId, Kept>,
    starts: HashMap<ClientId, SessionId>,
    answers: HashMap<(Uuid, ClientId), (SessionId, u32)>,
    rules: HashMap<QueueId, QueueRules>,
}

impl Model {
    fn start(&mut self, new: &NewChat) -> Outcome {
        if let Some(first) = self.starts.get(&new.start.client_id) {
            let visitor = self.chats[first].session.visitor;
            return Outcome::Started { session: *first, visitor, repeated: true };
        }
        if let Some((session, _)) = self.answers.get(&(new.visitor.id.uuid(), new.start.client_id)) {
            return Outcome::Started { session: *session, visitor: new.visitor.id, repeated: true };
        }
        if let Some(open) = self.open_of(new.visitor.id, new.start.id) {
            return Outcome::AlreadyOpen(open);
        }
        let acted = Session::start(new.start.clone(), self.rules[&new.start.queue], new.now);
        let kept = Kept { session: acted.session, events: acted.events, marks: Default::default(), first_seq: 1 };
        self.starts.insert(new.start.client_id, new.start.id);
        self.answers.insert((new.visitor.id.uuid(), new.start.client_id), (new.start.id, 1));
        self.chats.insert(new.start.id, kept);
        Outcome::Started { session: new.start.id, visitor: new.visitor.id, repeated: false }
    }

    fn act(&mut self, act: &Act) -> Outcome {
        let key = act.client_id.map(|client| (act.author_id, client));
        if let Some((_, seq)) = key.and_then(|key| self.answers.get(&key)) {
            return Outcome::Acked { seq: *seq, repeated: true };
        }
        let Some(kept) = self.chats.get(&act.session) else { return Outcome::NotFound };
        let queue = act.movement.into_queue().unwrap_or(kept.session.queue);
        let acted = match kept.session.apply(act.movement.clone(), act.client_id, self.rules[&queue], act.now) {
            Ok(acted) => acted,
            Err(refusal) => return Outcome::Refused(refusal),
        };
        if act.movement == Move::Resume
            && let Some(open) = self.open_of(kept.session.visitor, act.session)
        {
            return Outcome::AlreadyOpen(open);
        }
        let Some(kept) = self.chats.get_mut(&act.session) else { return Outcome::NotFound };
        let seq = acted.events.first().map_or(acted.session.seq, |event| event.seq);
        if let (Some(key), false) = (key, acted.events.is_empty()) {
            self.answers.insert(key, (act.session, seq));
        }
        if act.movement == Move::Resume {
            kept.first_seq = acted.session.seq;
        }
        kept.session = acted.session;
        kept.events.extend(acted.events);
        Outcome::Acked { seq, repeated: false }
    }

    fn mark(&mut self, chat: SessionId, staff: bool, delivered: u32, read: u32) -> Outcome {
        let Some(kept) = self.chats.get_mut(&chat) else { return Outcome::NotFound };
        let newest = kept.session.vseq;
        let marks = &mut kept.marks[usize::from(staff)];
        let before = *marks;
        marks.read = marks.read.max(read.min(newest));
        marks.delivered = marks.delivered.max(delivered.min(newest)).max(marks.read);
        if staff && before != *marks && kept.session.status.open() {
            let read = marks.read;
            let unread = kept.events.iter().filter(|event| {
                event.author == Author::Visitor
                    && matches!(event.kind, EventKind::Message { .. })
                    && event.vseq.is_some_and(|vseq| vseq > read)
                    && event.seq >= kept.first_seq
            });
            kept.session.unread = u32::try_from(unread.count()).unwrap_or(u32::MAX);
        }
        Outcome::Marked
    }

    fn open_of(&self, visitor: VisitorId, except: SessionId) -> Option<SessionId> {
        let open = |kept: &&Kept| kept.session.visitor == visitor && kept.session.status.open();
        self.chats.values().filter(open).map(|kept| kept.session.id).find(|id| *id != except)
    }
}

/// What the numbers of a script mean.
struct Stage {
    world: World,
    agents: [AgentId; 2],
    queues: [QueueId; 2],
    visitors: [VisitorId; 3],
    met: [bool; 3],
    clients: Vec<ClientId>,
    chats: Vec<(SessionId, VisitorId)>,
}

enum Command {
    Start(Box<NewChat>),
    Act(Act),
    Mark(SessionId, bool, u32, u32),
}

impl Stage {
    async fn new(db: &TestDb, seed: u64) -> (Self, Model) {
        let world = World::at(&db.store, seed).await;
        let rules = QueueRules { wait_timeout: 20, wrap_up: WrapUp::Timed(10), chat_limit: 0 };
        let queues = [world.queue, world.queue("Careful", rules).await];
        let agents = [world.agent, world.agent("Bob").await];
        let visitors = [world.ids.visitor(), world.ids.visitor(), world.ids.visitor()];
        let clients = (0..60).map(|_| world.ids.client()).collect();
        let rules = HashMap::from([(queues[0], QueueRules::default()), (queues[1], rules)]);
        let model = Model { rules, ..Model::default() };
        (Self { world, agents, queues, visitors, met: [false; 3], clients, chats: Vec::new() }, model)
    }

    fn command(&mut self, given: &Do, now: Timestamp, model: &Model) -> Command {
        let chat =
            |n: usize| self.chats.get(n).copied().unwrap_or_else(|| (self.world.ids.session(), self.visitors[0]));
        match *given {
            Do::Start { visitor, client } => {
                let id = self.visitors[visitor];
                let mut new = self.world.start_of(id, !self.met[visitor]);
                new.start.client_id = self.clients[client];
                new.start.queue = self.queues[client % 2];
                new.now = now;
                // Only a start that is made introduces its visitor.
                if !model.starts.contains_key(&new.start.client_id) {
                    self.met[visitor] = true;
                    self.chats.push((new.start.id, id));
                }
                Command::Start(Box::new(new))
            }
            Do::Act { chat: n, what, agent, client } => {
                let (session, visitor) = chat(n);
                let agent = self.agents[agent];
                let movement = match what {
                    0 | 1 => Move::VisitorWrites { text: format!("words {n}") },
                    2 => Move::AgentWrites { agent, text: format!("answer {n}") },
                    3 => Move::AgentNotes { agent, text: "note".into() },
                    4 => Move::Claim { agent },
                    5 => Move::Assign { by: agent, to: self.agents[0] },
                    6 => Move::Requeue { by: Author::Agent(agent), queue: self.queues[n % 2], note: None },
                    7 => Move::End { agent, closing: None },
                    8 => Move::CloseWrapUp { agent },
                    9 => Move::Leave,
                    10 | 11 => Move::Resume,
                    12 => Move::TimeOut,
                    13 => Move::Offer {
                        to: self.agents.to_vec(),
                        until: now + Span::seconds(20),
                        why: OfferWhy::Everyone,
                    },
                    14 => Move::Accept { agent },
                    15 => Move::Decline { agent, until: now + Span::seconds(60) },
                    16 => Move::AddColleague { by: self.agents[0], agent },
                    _ => Move::Rate { stars: Stars::try_from(3).expect("three stars"), words: "fine".into() },
                };
                let mut act = act(session, visitor, movement, client.map(|client| self.clients[client]));
                act.now = now;
                Command::Act(act)
            }
            Do::Mark { chat: n, staff, delivered, read } => Command::Mark(chat(n).0, staff, delivered, read),
        }
    }
}

fn outcome(error: &ActError) -> Result<Outcome, TestCaseError> {
    match error {
        ActError::NotFound => Ok(Outcome::NotFound),
        ActError::Refused(refusal) => Ok(Outcome::Refused(*refusal)),
        ActError::AlreadyOpen(open) => Ok(Outcome::AlreadyOpen(*open)),
        ActError::Store(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

fn started(answer: &Result<StartDone, ActError>) -> Result<Outcome, TestCaseError> {
    match answer {
        Ok(StartDone { session, visitor, repeated, .. }) => {
            Ok(Outcome::Started { session: *session, visitor: *visitor, repeated: *repeated })
        }
        Err(error) => outcome(error),
    }
}

fn acked(answer: &Result<Ack, ActError>) -> Result<Outcome, TestCaseError> {
    match answer {
        Ok(Ack { seq, repeated, .. }) => Ok(Outcome::Acked { seq: *seq, repeated: *repeated }),
        Err(error) => outcome(error),
    }
}

async fn play(db: &TestDb, seed: u64, script: &[Vec<Do>]) -> Result<(), TestCaseError> {
    let (mut stage, mut model) = Stage::new(db, seed).await;
    let store = &db.store;
    db.changes().await;
    let mut told: HashMap<SessionId, (SessionRow, Vec<Event>)> = HashMap::new();
    for (round, group) in script.iter().enumerate() {
        let now = at(i64::try_from(round).unwrap_or(0) * 12);
        let mut commands = Vec::new();
        let mut expected = Vec::new();
        for given in group {
            let command = stage.command(given, now, &model);
            expected.push(match &command {
                Command::Start(new) => model.start(new),
                Command::Act(act) => model.act(act),
                Command::Mark(chat, staff, delivered, read) => model.mark(*chat, *staff, *delivered, *read),
            });
            commands.push(command);
        }
        // Each future sends when it is first polled, so the commands reach the writer in this order.
        let answers = join_all(commands.into_iter().map(|command| async {
            match command {
                Command::Start(new) => started(&store.start_chat(*new).await),
                Command::Act(act) => acked(&store.act(act).await),
                Command::Mark(chat, staff, delivered, read) => {
                    let side = if staff { Side::Staff } else { Side::Visitor };
                    store
                        .mark(chat, side, delivered, read)
                        .await
                        .map_or_else(|error| outcome(&error), |()| Ok(Outcome::Marked))
                }
            }
        }));
        for (n, (answer, expected)) in answers.await.into_iter().zip(expected).enumerate() {
            let answer = answer?;
            prop_assert_eq!(&answer, &expected, "group {}, command {}: {:?}", round, n, &group[n]);
        }
        for change in db.changes().await {
            let (row, events) = match change {
                Change::Session(committed) => (committed.row, committed.events),
                Change::Marks { row, .. } => (row, Vec::new()),
            };
            let entry = told.entry(row.session.id).or_insert_with(|| (row.clone(), Vec::new()));
            entry.0 = row;
            entry.1.extend(events);
        }
    }
    compare(db, &model, &told).await
}

async fn compare(
    db: &TestDb,
    model: &Model,
    told: &HashMap<SessionId, (SessionRow, Vec<Event>)>,
) -> Result<(), TestCaseError> {
    let failed = |error: store::StoreError| TestCaseError::fail(error.to_string());
    let mut read = db.store.read().await.map_err(failed)?;
    prop_assert_eq!(told.len(), model.chats.len());
    for (id, kept) in &model.chats {
        let row = read.session(*id).await.map_err(failed)?;
        let row = row.ok_or_else(|| TestCaseError::fail("a chat is gone"))?;
        prop_assert_eq!(&row.session, &kept.session);
        prop_assert_eq!([row.visitor_marks, row.staff_marks], kept.marks);
        prop_assert_eq!(row.rules, model.rules[&kept.session.queue]);
        let events = read.events_after(*id, 0, 10_000).await.map_err(failed)?;
        prop_assert_eq!(&events, &kept.events);
        let (told_row, told_events) = &told[id];
        prop_assert_eq!(told_row, &row);
        prop_assert_eq!(told_events, &events);
        let waiting = kept.session.status == Status::WaitingForAgent;
        prop_assert_eq!(read.queue_position(*id).await.map_err(failed)?.is_some(), waiting);
    }
    Ok(())
}

fn run(engine: Engine, cases: u32) {
    block_on(engine, async |db| {
        let runtime = tokio::runtime::Handle::current();
        let seed = std::sync::atomic::AtomicU64::new(100);
        // No file of failures beside the source: a failing script is printed.
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
        let outcome = tokio::task::block_in_place(|| {
            TestRunner::new(config).run(&script(), |script| {
                let seed = seed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                runtime.block_on(play(db, seed, &script))
            })
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
    });
}

#[test]
fn the_writer_agrees_with_the_model_on_sqlite() {
    run(Engine::Sqlite, 96);
}

#[test]
fn the_writer_agrees_with_the_model_on_postgres() {
    run(Engine::Postgres, 48);
}
