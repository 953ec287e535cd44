//! Routing at work: one task that hears what happens, lets [`domain::Floor`] decide, and carries the decisions out
//! (PRODUCT E3).
//!
//! It hears of chats from the publisher, in commit order; of people and queues whenever the directory changes; of lines
//! that come and go; and of the hours. Decisions become moves through the same writer as everyone's. One that is refused,
//! because somebody was quicker, is corrected from the database. Everything that matters is rows: after a restart the
//! floor is read anew, and rings, wrap-ups and waits go on where they were.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use domain::{
    AgentId, Author, Availability, Decision, EventKind, Floor, News, QueueId, QueueState, Session, SessionId, Status,
    Timestamp,
};
use store::{Act, ActError, Committed, StoreError};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{
    Services,
    directory::{Directory, Member},
};

/// Longest sleep: a clock that was set forward is noticed within it.
const LONGEST: Duration = Duration::from_secs(20);

/// Pause after the database did not answer.
const TROUBLE: Duration = Duration::from_secs(1);

/// Most that is heard before it is decided upon.
const BATCH: usize = 4096;

/// What the dispatcher is told.
pub enum Heard {
    /// A chat after a commit; whether anything changed that decisions depend on.
    Chat { session: Box<Session>, matters: bool },
    /// Somebody's line came or went.
    Presence(AgentId),
    /// People, queues or sites changed.
    Directory,
    /// Look at everything anew, and say when all that is due has been done.
    Settle(oneshot::Sender<()>),
}

/// The way to the dispatcher. Unbounded: what it misses would be a chat that nobody is offered, and it takes in far
/// faster than the writer commits.
#[derive(Clone)]
pub struct Dispatch(mpsc::UnboundedSender<Heard>);

impl Dispatch {
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Heard>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    pub fn chat(&self, committed: &Committed) {
        let session = &committed.row.session;
        let before = committed.was.as_ref();
        let moved = before.is_none_or(|was| was.status != session.status || was.owner != session.owner);
        let only_words = |kind: &EventKind| {
            matches!(kind, EventKind::Message { .. } | EventKind::Note { .. } | EventKind::Rated { .. })
        };
        let matters = moved || !committed.events.iter().all(|event| only_words(&event.kind));
        self.hear(Heard::Chat { session: Box::new(session.clone()), matters });
    }

    pub fn hear(&self, heard: Heard) {
        // Nobody listens during shutdown.
        let _ = self.0.send(heard);
    }
}

struct Dispatcher {
    services: Services,
    floor: Floor,
    agents: HashSet<AgentId>,
    queues: HashMap<QueueId, Timestamp>,
    /// Chats whose row has to be read again, because a move of the floor's own was not made.
    doubtful: HashSet<SessionId>,
}

pub async fn run(services: Services, mut heard: mpsc::UnboundedReceiver<Heard>) {
    let mut dispatcher = Dispatcher {
        services,
        floor: Floor::default(),
        agents: HashSet::new(),
        queues: HashMap::new(),
        doubtful: HashSet::new(),
    };
    let mut batch = vec![Heard::Directory];
    let mut settled = Vec::new();
    let mut fresh = true;
    loop {
        let mut pause = match dispatcher.turn(std::mem::take(&mut batch), fresh, &mut settled).await {
            Ok(pause) => {
                fresh = false;
                for reply in settled.drain(..) {
                    // Who asked may be gone.
                    let _: Result<(), ()> = oneshot::Sender::send(reply, ());
                }
                pause
            }
            Err(cause) => {
                tracing::warn!(%cause, "routing waits for the database");
                fresh = true;
                TROUBLE
            }
        };
        pause = pause.min(LONGEST);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = heard.recv_many(&mut batch, BATCH) => {}
        }
    }
}

impl Dispatcher {
    /// Takes in what was heard, decides, and carries out; says how long nothing more falls due. `fresh`: everything is
    /// read anew.
    async fn turn(
        &mut self,
        heard: Vec<Heard>,
        mut fresh: bool,
        settled: &mut Vec<oneshot::Sender<()>>,
    ) -> Result<Duration, StoreError> {
        let directory = self.services.directory();
        let mut matters = heard.is_empty();
        for heard in heard {
            match heard {
                Heard::Chat { session, matters: this } => {
                    matters |= this || self.listens_for_silence(session.queue);
                    let in_hours = in_hours(&directory, &session);
                    self.floor.hear(News::Chat { session, in_hours });
                }
                Heard::Presence(agent) => {
                    matters = true;
                    self.agent(&directory, agent);
                }
                Heard::Directory => {
                    matters = true;
                    self.everyone(&directory);
                }
                Heard::Settle(reply) => {
                    fresh = true;
                    settled.push(reply);
                }
            }
        }
        if fresh {
            // People after chats, here as in `reread`: an owner is never older news than what they took.
            self.read(&directory).await?;
            self.everyone(&directory);
        }
        self.reread().await?;
        let now = self.services.now();
        for agent in self.services.inner().presence.over(now) {
            matters = true;
            self.services.agent_lost(agent).await;
            self.agent(&directory, agent);
        }
        matters |= self.hours(&directory, now);
        if matters || fresh || self.floor.next_due(Timestamp::from_micros(i64::MIN)).is_some_and(|due| due <= now) {
            // What a decision brings about may call for another one: a chat given back is offered again.
            while self.decide().await? {}
        }
        Ok(self.pause())
    }

    /// One decision; whether something has to be looked at again.
    async fn decide(&mut self) -> Result<bool, StoreError> {
        let decisions = self.floor.turn(Vec::new(), self.services.now());
        if decisions.is_empty() {
            return Ok(false);
        }
        let done = futures::future::join_all(decisions.into_iter().map(|decision| self.carry_out(decision))).await;
        self.doubtful.extend(done.into_iter().flatten());
        let again = !self.doubtful.is_empty();
        self.reread().await?;
        Ok(again)
    }

    /// Makes the move; the chat's id when it was not made.
    async fn carry_out(&self, decision: Decision) -> Option<SessionId> {
        let Decision { session, movement } = decision;
        let now = self.services.now();
        let act = Act { session, movement, author: Author::System, author_id: Uuid::nil(), client_id: None, now };
        match self.services.act(act).await {
            Ok(_) => None,
            Err(ActError::Store(cause)) => {
                tracing::warn!(%cause, "a routing decision was not kept");
                Some(session)
            }
            // Something happened to it in the same moment, which is as well.
            Err(ActError::Refused(_) | ActError::NotFound | ActError::AlreadyOpen(_)) => Some(session),
        }
    }

    async fn reread(&mut self) -> Result<(), StoreError> {
        if self.doubtful.is_empty() {
            return Ok(());
        }
        let directory = self.services.directory();
        let mut conn = self.services.inner().store.read().await?;
        for id in self.doubtful.clone() {
            match conn.session(id).await? {
                Some(row) => {
                    // Whoever has it now may have come so lately that the news of it is still on its way.
                    if let Some(owner) = row.session.owner {
                        self.agent(&directory, owner);
                    }
                    self.floor.correct(row.session);
                }
                None => self.floor.forget(id),
            }
            self.doubtful.remove(&id);
        }
        Ok(())
    }

    /// All that is not over, from the database.
    async fn read(&mut self, directory: &Directory) -> Result<(), StoreError> {
        let rows = self.services.inner().store.read().await?.unresolved_sessions().await?;
        self.floor.keep_only(&rows.iter().map(|row| row.session.id).collect());
        for row in rows {
            let in_hours = in_hours(directory, &row.session);
            self.floor.hear(News::Chat { session: Box::new(row.session), in_hours });
        }
        Ok(())
    }

    fn everyone(&mut self, directory: &Directory) {
        let now = self.services.now();
        for (id, queue) in &directory.queues {
            let open = queue.settings.hours.as_ref().is_none_or(|hours| hours.open_at(now));
            let state = QueueState { rules: queue.rules, settings: queue.settings.clone(), open };
            self.floor.hear(News::Queue(*id, Box::new(state)));
            self.note_hours(directory, *id, now);
        }
        let gone: Vec<_> = self.queues.keys().copied().filter(|id| !directory.queues.contains_key(id)).collect();
        for id in gone {
            self.queues.remove(&id);
            self.floor.hear(News::QueueGone(id));
        }
        let members: Vec<AgentId> = directory.members.keys().copied().chain(self.agents.iter().copied()).collect();
        for id in members {
            self.agent(directory, id);
        }
    }

    fn agent(&mut self, directory: &Directory, id: AgentId) {
        match directory.member(id).filter(|member| member.active && member.roles.agent) {
            Some(member) => {
                self.agents.insert(id);
                self.floor.hear(News::Agent(self.services.on_the_floor(member)));
            }
            None => {
                if self.agents.remove(&id) {
                    self.floor.hear(News::AgentGone(id));
                }
            }
        }
    }

    /// Queues that open or close now; whether there are any.
    fn hours(&mut self, directory: &Directory, now: Timestamp) -> bool {
        let due: Vec<_> = self.queues.iter().filter(|(_, change)| **change <= now).map(|(id, _)| *id).collect();
        for id in &due {
            if let Some(queue) = directory.queues.get(id) {
                let open = queue.settings.hours.as_ref().is_none_or(|hours| hours.open_at(now));
                let state = QueueState { rules: queue.rules, settings: queue.settings.clone(), open };
                self.floor.hear(News::Queue(*id, Box::new(state)));
            }
            self.note_hours(directory, *id, now);
        }
        !due.is_empty()
    }

    /// When the queue opens or closes next.
    fn note_hours(&mut self, directory: &Directory, id: QueueId, now: Timestamp) {
        let hours = directory.queues.get(&id).and_then(|queue| queue.settings.hours.as_ref());
        let change = hours.map(|hours| hours.next_change(now).unwrap_or(Timestamp::from_micros(i64::MAX)));
        // A queue without hours is remembered too, so that its end is noticed.
        self.queues.insert(id, change.unwrap_or(Timestamp::from_micros(i64::MAX)));
    }

    fn listens_for_silence(&self, queue: QueueId) -> bool {
        self.services.directory().queues.get(&queue).is_some_and(|queue| {
            let texts = &queue.settings.texts;
            texts.silence.is_some() || texts.close_idle > 0
        })
    }

    /// Until something falls due by itself.
    fn pause(&self) -> Duration {
        let now = self.services.now();
        let floor = self.floor.next_due(now);
        let presence = self.services.inner().presence.next_over();
        let hours = self.queues.values().copied().min();
        let next = [floor, presence, hours].into_iter().flatten().min();
        let micros = next.map_or(i64::MAX, |next| (next - now).micros());
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }
}

impl Services {
    /// Waits until routing has looked at everything and done what is due at this moment of the clock.
    pub async fn settle(&self) {
        let (reply, done) = oneshot::channel();
        self.inner().dispatch.hear(Heard::Settle(reply));
        // The dispatcher is gone only when everything stops.
        let _ = done.await;
    }

    fn on_the_floor(&self, member: &Member) -> domain::Agent {
        let here = self.inner().presence.here(member.id);
        domain::Agent {
            id: member.id,
            available: here && member.availability == Availability::Online,
            lost: !here,
            limit: member.chat_limit,
            serves: member.member_of.iter().copied().filter(|queue| member.serves(*queue)).collect(),
            last_offer: member.last_offer,
        }
    }
}

/// Whether a chat came within the hours of its queue.
fn in_hours(directory: &Directory, session: &Session) -> bool {
    session.status != Status::WaitingForAgent
        || directory
            .queues
            .get(&session.queue)
            .and_then(|queue| queue.settings.hours.as_ref())
            .is_none_or(|hours| hours.open_at(session.waiting_since))
}
