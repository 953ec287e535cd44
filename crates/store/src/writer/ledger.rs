//! What a batch does to chats, in memory: no database in it.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Acted, AgentId, AttachmentId, Channel, Event, EventKind, Move, QueueId, QueueRules, Session, SessionId, Status,
    Timestamp, VisitorId,
};
use uuid::Uuid;

use super::{
    Ack, Act, ActError, Before, Change, Committed, Mark,
    save::{self, Rating},
};
use crate::{Marks, NewLetter, SessionRow, Side, many::Cells};

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
    pub(super) dirty: Dirty,
    pub(super) episode_dirty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dirty {
    No,
    /// Only what every message changes and no index holds.
    Light,
    Whole,
}

/// What came of the commands so far, each judged by what those before it did.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) heads: HashMap<SessionId, Head>,
    pub(super) rules: HashMap<QueueId, QueueRules>,
    pub(super) answered: HashMap<(Uuid, Uuid), First>,
    /// Of everyone who may get a chat in this batch.
    pub(super) hands: HashMap<AgentId, Hands>,
    /// Who was offered a chat, and when last.
    pub(super) offers: BTreeMap<AgentId, Timestamp>,
    pub(super) events: Vec<Cells<9>>,
    pub(super) ratings: Vec<Rating>,
    pub(super) attached: Vec<(AttachmentId, u32)>,
    pub(super) letters: Vec<NewLetter>,
    pub(super) changes: Vec<Change>,
}

/// A mark that is judged and not yet kept.
pub(super) struct Raised {
    pub(super) row: SessionRow,
    marks: Marks,
    rose: bool,
    /// How many messages are unread above it has to be counted first.
    pub(super) uncounted: bool,
}

impl Ledger {
    /// The answer that this command has had before.
    pub(super) fn first(&self, act: &Act) -> Option<First> {
        let client = act.client_id?;
        self.answered.get(&(act.author_id, client.uuid())).copied()
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
            self.letters.extend(NewLetter::called_for_by(&acted.session, event));
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

    /// What a mark would come to, without keeping anything of it yet.
    pub(super) fn raised(&self, mark: Mark) -> Result<Raised, ActError> {
        let head = self.heads.get(&mark.session).ok_or(ActError::NotFound)?;
        let mut row = head.row.clone();
        let marks = match mark.side {
            Side::Visitor => &mut row.visitor_marks,
            Side::Staff => &mut row.staff_marks,
        };
        let raised = marks.raised(mark.delivered, mark.read, row.session.vseq);
        let rose = *marks != raised;
        *marks = raised;
        let counts = rose && mark.side == Side::Staff && row.session.status.open();
        let uncounted = counts && raised.read < row.session.vseq;
        if counts && !uncounted {
            row.session.unread = 0;
        }
        Ok(Raised { row, marks: raised, rose, uncounted })
    }

    /// Keeps it, once it is counted.
    pub(super) fn mark(&mut self, mark: Mark, raised: Raised) -> Done {
        let Raised { row, marks, rose, .. } = raised;
        let session = &row.session;
        let done = Done {
            ack: Ack {
                session: mark.session,
                seq: session.seq,
                vseq: Some(session.vseq),
                at: session.last_at,
                repeated: !rose,
                row: None,
            },
            visitor: session.visitor,
        };
        if rose && let Some(head) = self.heads.get_mut(&mark.session) {
            head.row = row.clone();
            head.dirty = head.dirty.max(Dirty::Light);
            let unread = session.unread;
            self.changes.push(Change::Marks { session: mark.session, side: mark.side, marks, unread, row });
        }
        done
    }

    /// What is to be written, when that is only what most messages change; the heads alone otherwise tell why not.
    pub(super) fn light(&mut self) -> Option<(Vec<Cells<9>>, Vec<&SessionRow>)> {
        let light = |head: &Head| head.dirty != Dirty::Whole && !head.episode_dirty;
        let rest =
            self.offers.is_empty() && self.ratings.is_empty() && self.attached.is_empty() && self.letters.is_empty();
        (rest && self.heads.values().all(light)).then(|| {
            let heads = self.heads.values().filter(|head| head.dirty == Dirty::Light).map(|head| &head.row);
            (std::mem::take(&mut self.events), heads.collect())
        })
    }

    /// All is written.
    pub(super) fn judged(self, answers: Vec<Answer>, named: Vec<VisitorId>) -> Judged {
        let heads = self.heads.into_values().map(|head| head.row).collect();
        Judged { changes: self.changes, answers, heads, named }
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
    session.channel == Channel::Chat
        && session.owner == Some(agent)
        && matches!(session.status, Status::AssignedToAgent | Status::ActiveChat)
}

/// Whose turn it was.
fn offered(event: &Event) -> &[AgentId] {
    match &event.kind {
        EventKind::Offered { to, .. } => to,
        EventKind::Given { to, .. } => std::slice::from_ref(to),
        _ => &[],
    }
}
