//! Everything that the decisions depend on, and how it comes to know of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Decision;
use crate::{
    AgentId, Author, AutoText, Channel, Move, QueueId, QueueRules, QueueSettings, Session, SessionId, Span, Status,
    Timestamp,
};

/// Somebody who takes chats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub id: AgentId,
    /// Says "online", and has a line or lost it less than the grace time ago.
    pub available: bool,
    /// Has had no line for longer than the grace time.
    pub lost: bool,
    /// Most open chats in hand, offers counted; 0 for no limit.
    pub limit: u32,
    /// The queues they serve just now.
    pub serves: BTreeSet<QueueId>,
    /// `None` when they never had one. The later one counts, this or the engine's own.
    pub last_offer: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueState {
    pub rules: QueueRules,
    pub settings: QueueSettings,
    /// Within its working hours.
    pub open: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A chat as it is after a commit. Older ones than the floor's own are ignored.
    Chat {
        session: Box<Session>,
        /// Whether its queue was open when it began to wait: such a chat is still served after hours.
        in_hours: bool,
    },
    /// An agent as they are now.
    Agent(Agent),
    /// Somebody no longer takes chats at all.
    AgentGone(AgentId),
    /// A queue as it is now: settings changed, or hours began or ended.
    Queue(QueueId, Box<QueueState>),
    QueueGone(QueueId),
}

#[derive(Debug, Clone)]
pub(super) struct Chat {
    pub session: Session,
    pub in_hours: bool,
}

/// The state of routing.
#[derive(Debug, Clone, Default)]
pub struct Floor {
    pub(super) queues: BTreeMap<QueueId, QueueState>,
    pub(super) agents: BTreeMap<AgentId, Agent>,
    /// All that are not resolved.
    pub(super) chats: BTreeMap<SessionId, Chat>,
}

impl Floor {
    /// Takes in what happened and decides what follows from it. Without news: what has fallen due.
    pub fn turn(&mut self, news: impl IntoIterator<Item = News>, now: Timestamp) -> Vec<Decision> {
        for item in news {
            self.hear(item);
        }
        self.decide(now)
    }

    /// A decision was not carried out: the chat is, after all, like this.
    pub fn correct(&mut self, session: Session) {
        let in_hours = self.chats.remove(&session.id).is_none_or(|chat| chat.in_hours);
        self.hear(News::Chat { session: Box::new(session), in_hours });
    }

    /// When something falls due by itself next, after `now`.
    pub fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        self.chats.values().flat_map(|chat| self.dues(chat)).filter(|due| *due > now).min()
    }

    /// A chat as the floor knows it.
    pub fn chat(&self, id: SessionId) -> Option<&Session> {
        self.chats.get(&id).map(|chat| &chat.session)
    }

    /// Everything that is not over was read anew: what is not among it is over.
    pub fn keep_only(&mut self, unresolved: &BTreeSet<SessionId>) {
        self.chats.retain(|id, _| unresolved.contains(id));
    }

    /// A chat that is no more.
    pub fn forget(&mut self, session: SessionId) {
        self.chats.remove(&session);
    }

    /// Takes in what happened, without deciding yet.
    pub fn hear(&mut self, news: News) {
        match news {
            News::Chat { session, in_hours } => {
                let known = self.chats.get(&session.id);
                if known.is_some_and(|known| known.session.seq > session.seq) {
                    return;
                }
                // What is answered by e-mail is taken by hand, and nothing happens to it by itself.
                if session.status == Status::Resolved || session.channel == Channel::Email {
                    self.chats.remove(&session.id);
                } else {
                    self.chats.insert(session.id, Chat { session: *session, in_hours });
                }
            }
            News::Agent(mut agent) => {
                if let Some(known) = self.agents.get(&agent.id) {
                    agent.last_offer = agent.last_offer.max(known.last_offer);
                }
                self.agents.insert(agent.id, agent);
            }
            News::AgentGone(agent) => drop(self.agents.remove(&agent)),
            News::Queue(id, queue) => drop(self.queues.insert(id, *queue)),
            News::QueueGone(queue) => drop(self.queues.remove(&queue)),
        }
    }

    /// Makes a move on the floor's own copy. One that the state machine refuses is none.
    pub(super) fn make(&mut self, id: SessionId, movement: Move, now: Timestamp, made: &mut Vec<Decision>) {
        let Some(chat) = self.chats.get(&id) else { return };
        let queue = movement.into_queue().unwrap_or(chat.session.queue);
        let rules = self.queues.get(&queue).map(|queue| queue.rules).unwrap_or_default();
        let Ok(acted) = chat.session.apply(movement.clone(), None, rules, now) else { return };
        if let Move::Offer { to, .. } = &movement {
            for agent in to {
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.last_offer = Some(now);
                }
            }
        }
        if let Move::Give { to, .. } = &movement
            && let Some(agent) = self.agents.get_mut(to)
        {
            agent.last_offer = Some(now);
        }
        let in_hours = chat.in_hours;
        self.hear(News::Chat { session: Box::new(acted.session), in_hours });
        made.push(Decision { session: id, movement });
    }

    /// Every moment at which something happens to this chat by itself.
    fn dues(&self, chat: &Chat) -> impl Iterator<Item = Timestamp> {
        let session = &chat.session;
        let routing = &session.routing;
        let ring = routing.ring.as_ref().map(|ring| ring.until);
        let deadline = session.deadline.filter(|_| ring.is_none());
        let pauses = routing.pauses.iter().map(|pause| pause.until).min();
        let texts = self.queues.get(&session.queue).and_then(|queue| {
            [waiting_due(session, queue), silence_due(session, queue), idle_due(session, queue)]
                .into_iter()
                .flatten()
                .min()
        });
        [ring, deadline, pauses, routing.lost_until, texts].into_iter().flatten()
    }
}

/// When who waits is told so.
pub(super) fn waiting_due(session: &Session, queue: &QueueState) -> Option<Timestamp> {
    let text = queue.settings.texts.waiting.as_ref()?;
    let told = &session.routing.told;
    let due = session.status == Status::WaitingForAgent
        && !told.contains(&AutoText::Waiting)
        && !told.contains(&AutoText::Away);
    due.then(|| session.waiting_since + seconds(text.after))
}

/// When a visitor who does not answer is asked whether they are still there.
pub(super) fn silence_due(session: &Session, queue: &QueueState) -> Option<Timestamp> {
    let text = queue.settings.texts.silence.as_ref()?;
    let due = silent(session) && !session.routing.told.contains(&AutoText::Silence);
    due.then(|| session.last_at + seconds(text.after))
}

/// When their chat is closed.
pub(super) fn idle_due(session: &Session, queue: &QueueState) -> Option<Timestamp> {
    let after = queue.settings.texts.close_idle;
    (after > 0 && silent(session)).then(|| session.last_at + seconds(after))
}

/// The last words are an agent's, and the agent is there.
fn silent(session: &Session) -> bool {
    session.status == Status::ActiveChat
        && matches!(session.last_author, Author::Agent(_))
        && session.routing.lost_until.is_none()
}

pub(super) const fn seconds(seconds: u32) -> Span {
    Span::seconds(seconds as i64)
}
