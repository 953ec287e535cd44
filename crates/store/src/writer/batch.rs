//! One batch: judged in memory, written together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    Acted, AgentId, AttachmentId, Event, EventKind, Move, QueueId, QueueRules, Session, SessionId, Status, Timestamp,
    VisitorId,
};
use uuid::Uuid;

use super::{
    Ack, Act, ActError, Before, Change, Command, Committed, Job, Mark, load,
    save::{self, Rating},
    start,
};
use crate::{SessionRow, Side, StoreError, known::Known, many::Cells, sql::Engine};

/// What every command comes to when it has an effect.
pub(crate) struct Done {
    pub(crate) ack: Ack,
    pub(crate) visitor: VisitorId,
}

pub(super) type Answer = Result<Done, ActError>;

/// What a batch came to, to be told once it is committed.
pub(super) struct Judged {
    pub(super) changes: Vec<Change>,
    /// In the order of the commands.
    pub(super) answers: Vec<Answer>,
    /// The chats that were touched, as they are then.
    pub(super) heads: Vec<SessionRow>,
    /// Visitors who may have another name now.
    pub(super) named: Vec<VisitorId>,
}

/// The first answer that a client id got.
#[derive(Clone, Copy)]
pub(super) struct First {
    pub(super) session: SessionId,
    pub(super) visitor: VisitorId,
    pub(super) seq: u32,
    pub(super) vseq: Option<u32>,
    pub(super) at: Timestamp,
}

/// What an agent may have and has in hand.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    /// 0 for no limit.
    pub(super) limit: u32,
    /// Open chats that are theirs.
    pub(super) open: u32,
}

/// A chat in the batch, with what of it has to be written.
pub(super) struct Head {
    pub(super) row: SessionRow,
    dirty: Dirty,
    episode_dirty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dirty {
    No,
    /// Only what every message changes and no index holds.
    Light,
    Whole,
}

pub(super) struct Batch<'c> {
    pub(super) engine: Engine<'c>,
    pub(super) heads: HashMap<SessionId, Head>,
    rules: HashMap<QueueId, QueueRules>,
    pub(super) answered: HashMap<(Uuid, Uuid), First>,
    /// Of everyone who may get a chat in this batch.
    hands: HashMap<AgentId, Hands>,
    /// Who was offered a chat, and when last.
    offers: BTreeMap<AgentId, Timestamp>,
    events: Vec<Cells<9>>,
    ratings: Vec<Rating>,
    attached: Vec<(AttachmentId, u32)>,
    pub(super) changes: Vec<Change>,
}

/// Judges and writes all of them; the caller commits. An error means that nothing of the batch may be kept.
pub(super) async fn judge(engine: Engine<'_>, known: Option<&Known>, jobs: &[Job]) -> Result<Judged, StoreError> {
    let mut batch = Batch::load(engine, known, jobs).await?;
    let mut answers = Vec::with_capacity(jobs.len());
    let mut named = Vec::new();
    for job in jobs {
        let answer = match &job.command {
            Command::Act(act) => batch.act(act).await,
            Command::Start(new) => {
                if !new.new_visitor {
                    named.push(new.visitor.id);
                }
                start::start(&mut batch, new).await
            }
            Command::Mark(mark) => batch.mark(*mark).await,
        };
        match answer {
            Err(ActError::Store(error)) => return Err(error),
            answer => answers.push(answer),
        }
    }
    batch.flush().await?;
    let heads = batch.heads.into_values().map(|head| head.row).collect();
    Ok(Judged { changes: batch.changes, answers, heads, named })
}

impl<'c> Batch<'c> {
    async fn load(mut engine: Engine<'c>, known: Option<&Known>, jobs: &[Job]) -> Result<Self, StoreError> {
        let mut sessions = BTreeSet::new();
        let mut queues = BTreeSet::new();
        let mut takers = BTreeSet::new();
        let mut clients = Vec::new();
        for job in jobs {
            match &job.command {
                Command::Act(act) => {
                    sessions.insert(act.session.uuid());
                    if let Some(client) = act.client_id {
                        clients.push((act.author_id, client.uuid()));
                    }
                    queues.extend(act.movement.into_queue().map(QueueId::uuid));
                    takers.extend(act.movement.taker().map(AgentId::uuid));
                }
                Command::Mark(mark) => {
                    sessions.insert(mark.session.uuid());
                }
                Command::Start(_) => {}
            }
        }
        let mut heads = HashMap::with_capacity(sessions.len());
        if let Some(known) = known {
            sessions.retain(|id| {
                let row = known.get(SessionId::from_uuid(*id));
                heads.extend(row.map(|row| (row.session.id, Head::clean(row.clone()))));
                row.is_none()
            });
        }
        let unknown: Vec<Uuid> = sessions.into_iter().collect();
        let rows = load::heads(&mut engine, &unknown).await?;
        heads.extend(rows.into_iter().map(|row| (row.session.id, Head::clean(row))));
        let answered = load::answered(&mut engine, &clients).await?;
        let queues: Vec<Uuid> = queues.into_iter().collect();
        let rules = load::rules(&mut engine, &queues).await?;
        let takers: Vec<Uuid> = takers.into_iter().collect();
        let hands = load::hands(&mut engine, &takers).await?;
        Ok(Self {
            engine,
            heads,
            rules,
            answered,
            hands,
            offers: BTreeMap::new(),
            events: Vec::new(),
            ratings: Vec::new(),
            attached: Vec::new(),
            changes: Vec::new(),
        })
    }

    async fn act(&mut self, act: &Act) -> Answer {
        if let Some(client) = act.client_id
            && let Some(first) = self.answered.get(&(act.author_id, client.uuid()))
        {
            return Ok(self.repeat(*first));
        }
        if act.movement == Move::Resume {
            return start::resume(self, act).await;
        }
        let acted = self.apply(act)?;
        self.take_in(act, acted)
    }

    /// Judges one move, without keeping anything of it yet.
    pub(super) fn apply(&self, act: &Act) -> Result<Acted, ActError> {
        let head = self.heads.get(&act.session).ok_or(ActError::NotFound)?;
        let rules = match act.movement.into_queue() {
            Some(queue) => *self.rules.get(&queue).ok_or(ActError::NotFound)?,
            None => head.row.rules,
        };
        if head.row.session.status.open()
            && let Some(to) = head.row.session.given_to(&act.movement)
        {
            // Nobody of that id: the foreign key says so.
            let hands = self.hands.get(&to).copied().unwrap_or(Hands { limit: 0, open: 0 });
            // Who comes too late is told so, and not that they could not have had it anyway.
            let fair = head.row.session.apply(act.movement.clone(), act.client_id, rules, act.now);
            let acted = fair.map_err(ActError::Refused)?;
            domain::room(hands.open, hands.limit, rules.chat_limit).map_err(ActError::Refused)?;
            return Ok(acted);
        }
        head.row.session.apply(act.movement.clone(), act.client_id, rules, act.now).map_err(ActError::Refused)
    }

    /// Keeps what a move did: the head for those that follow, the events and the change for the end.
    pub(super) fn take_in(&mut self, act: &Act, acted: Acted) -> Answer {
        let head = self.heads.get_mut(&act.session).ok_or(ActError::NotFound)?;
        let visitor = head.row.session.visitor;
        let Some(first) = acted.events.first() else {
            let session = &head.row.session;
            let ack = Ack {
                session: session.id,
                seq: session.seq,
                vseq: Some(session.vseq),
                at: session.last_at,
                repeated: false,
                row: Some(head.row.clone()),
            };
            return Ok(Done { ack, visitor });
        };
        let first = First { session: act.session, visitor, seq: first.seq, vseq: first.vseq, at: first.at };
        for event in &acted.events {
            if let EventKind::Attachment(file) = &event.kind {
                self.attached.push((file.id, event.seq));
            }
            self.events.push(save::event_cells(&acted.session, event, act.author_id)?);
            self.offers.extend(offered(event).iter().map(|agent| (*agent, event.at)));
        }
        if let Some(client) = act.client_id {
            self.answered.insert((act.author_id, client.uuid()), first);
        }
        for (agent, hands) in &mut self.hands {
            // What changes hands here is seen by the commands that follow.
            hands.open =
                hands.open + u32::from(holds(&acted.session, *agent)) - u32::from(holds(&head.row.session, *agent));
        }
        let was = head.take_in(acted.session);
        if let Some(queue) = act.movement.into_queue()
            && let Some(rules) = self.rules.get(&queue)
        {
            head.row.rules = *rules;
        }
        if let Move::Rate { stars, words } = &act.movement {
            let session = head.row.session.clone();
            self.ratings.push(Rating { session, stars: *stars, words: words.clone(), at: act.now });
        }
        let row = head.row.clone();
        self.committed(row.clone(), acted.events, Some(was));
        let First { session, seq, vseq, at, .. } = first;
        Ok(Done { ack: Ack { session, seq, vseq, at, repeated: false, row: Some(row) }, visitor })
    }

    pub(super) fn committed(&mut self, row: SessionRow, events: Vec<Event>, was: Option<Before>) {
        self.changes.push(Change::Session(Committed { row, events, was }));
    }

    pub(super) fn repeat(&self, first: First) -> Done {
        let First { session, visitor, seq, vseq, at } = first;
        let row = self.heads.get(&session).map(|head| head.row.clone());
        Done { ack: Ack { session, seq, vseq, at, repeated: true, row }, visitor }
    }

    async fn mark(&mut self, mark: Mark) -> Answer {
        let head = self.heads.get(&mark.session).ok_or(ActError::NotFound)?;
        let mut row = head.row.clone();
        let marks = match mark.side {
            Side::Visitor => &mut row.visitor_marks,
            Side::Staff => &mut row.staff_marks,
        };
        let raised = marks.raised(mark.delivered, mark.read, row.session.vseq);
        let rose = *marks != raised;
        *marks = raised;
        if rose && mark.side == Side::Staff && row.session.status.open() {
            row.session.unread = self.unread(&row).await?;
        }
        let unread = row.session.unread;
        let done = Done {
            ack: Ack {
                session: mark.session,
                seq: row.session.seq,
                vseq: Some(row.session.vseq),
                at: row.session.last_at,
                repeated: !rose,
                row: None,
            },
            visitor: row.session.visitor,
        };
        if rose && let Some(head) = self.heads.get_mut(&mark.session) {
            head.row = row.clone();
            head.dirty = head.dirty.max(Dirty::Light);
            self.changes.push(Change::Marks { session: mark.session, side: mark.side, marks: raised, unread, row });
        }
        Ok(done)
    }

    /// The visitor's messages of the running episode above the staff's read mark.
    async fn unread(&mut self, row: &SessionRow) -> Result<u32, StoreError> {
        if row.staff_marks.read >= row.session.vseq {
            return Ok(0);
        }
        // The count has to see what this batch has added.
        self.flush().await?;
        load::unread(&mut self.engine, &row.session, row.staff_marks.read).await
    }

    /// Writes what has come together so far.
    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        save::events(&mut self.engine, std::mem::take(&mut self.events)).await?;
        let mut light = Vec::new();
        let mut whole = Vec::new();
        let mut episodes = Vec::new();
        for head in self.heads.values() {
            match head.dirty {
                Dirty::No => {}
                Dirty::Light => light.push(&head.row),
                Dirty::Whole => whole.push(&head.row),
            }
            if head.episode_dirty {
                episodes.push(&head.row.session);
            }
        }
        save::heads_light(&mut self.engine, &light).await?;
        save::heads_whole(&mut self.engine, &whole).await?;
        save::episodes(&mut self.engine, &episodes).await?;
        for head in self.heads.values_mut() {
            head.dirty = Dirty::No;
            head.episode_dirty = false;
        }
        save::offers(&mut self.engine, std::mem::take(&mut self.offers)).await?;
        save::attached(&mut self.engine, &std::mem::take(&mut self.attached)).await?;
        for rating in self.ratings.drain(..) {
            save::rating(&mut self.engine, rating).await?;
        }
        Ok(())
    }
}

impl Head {
    /// As it stands in the database.
    pub(super) const fn clean(row: SessionRow) -> Self {
        Self { row, dirty: Dirty::No, episode_dirty: false }
    }

    /// Takes the session after a move and tells how it was before.
    fn take_in(&mut self, after: domain::Session) -> Before {
        let before = std::mem::replace(&mut self.row.session, after);
        let after = &self.row.session;
        let episode = |session: &domain::Session| {
            (
                session.queue,
                session.owner,
                session.assigned_at,
                session.first_reply_at,
                session.ended_at,
                session.outcome,
            )
        };
        let rest = |session: &domain::Session| (session.status, session.deadline, session.episode, session.attachments);
        let routed = before.routing != after.routing;
        if episode(&before) != episode(after) {
            self.episode_dirty = true;
        }
        let whole = self.episode_dirty || routed || rest(&before) != rest(after);
        self.dirty = self.dirty.max(if whole { Dirty::Whole } else { Dirty::Light });
        let routing = before.routing;
        Before {
            status: before.status,
            owner: before.owner,
            queue: before.queue,
            rung: routing.ring.map(|ring| ring.to).unwrap_or_default(),
            colleagues: routing.colleagues,
        }
    }
}

fn holds(session: &Session, agent: AgentId) -> bool {
    session.owner == Some(agent) && matches!(session.status, Status::AssignedToAgent | Status::ActiveChat)
}

/// Whose turn it was.
fn offered(event: &Event) -> &[AgentId] {
    match &event.kind {
        EventKind::Offered { to, .. } => to,
        EventKind::Given { to, .. } => std::slice::from_ref(to),
        _ => &[],
    }
}
