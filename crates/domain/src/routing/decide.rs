//! What follows from the state of the floor at this moment, in this order: rings that nobody can answer any more, what
//! has fallen due, and then who gets what waits.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AutoText, BackWhy, Decision, OfferEnd, OfferWhy,
    floor::{Agent, Floor, QueueState, idle_due, seconds, silence_due, waiting_due},
};
use crate::{
    AfterWait, AgentId, Move, QueueId, Returning, Session, SessionId, Status, Strategy, Timestamp, session::limit,
};

/// Most rounds of one decision; the next piece of news continues where they end.
const ROUNDS: usize = 8;

/// What an agent has in hand.
#[derive(Debug, Clone, Copy, Default)]
struct Hands {
    /// Open chats that are theirs.
    open: u32,
    /// Chats that ring them.
    ringing: u32,
    /// They have a chat in wrap-up.
    wrapping: bool,
}

type AllHands = BTreeMap<AgentId, Hands>;

impl Floor {
    pub(super) fn decide(&mut self, now: Timestamp) -> Vec<Decision> {
        let mut made = Vec::new();
        // What was just given may fill hands that something still rings: rarely a second round, never more than a few.
        for _ in 0..ROUNDS {
            let before = made.len();
            self.silence_rings(now, &mut made);
            self.what_is_due(now, &mut made);
            self.offer_waiting(now, &mut made);
            if made.len() == before {
                break;
            }
        }
        made
    }

    fn what_is_due(&mut self, now: Timestamp, made: &mut Vec<Decision>) {
        let ids: Vec<SessionId> = self.chats.keys().copied().collect();
        for id in ids {
            if let Some(movement) = self.due(id, now) {
                self.make(id, movement, now, made);
            }
            if let Some(movement) = self.words(id, now) {
                self.make(id, movement, now, made);
            }
        }
    }

    /// Rings that ran out, and those of agents who can no longer answer them.
    fn silence_rings(&mut self, now: Timestamp, made: &mut Vec<Decision>) {
        let hands = self.hands();
        let mut budget: BTreeMap<AgentId, u32> = BTreeMap::new();
        let mut ringing: Vec<&Session> =
            self.chats.values().map(|chat| &chat.session).filter(|session| session.routing.ring.is_some()).collect();
        // Who rang first keeps ringing when there is room for one only.
        ringing.sort_by_key(|session| (session.routing.ring.as_ref().map(|ring| ring.since), session.id));
        let mut withdrawn = Vec::new();
        for session in ringing {
            let Some(ring) = &session.routing.ring else { continue };
            let queue = self.queues.get(&session.queue);
            if ring.until <= now {
                let lasted = u32::try_from((ring.until - ring.since).nearest_seconds()).unwrap_or(0);
                let pause = queue.map_or(0, |queue| queue.settings.pause);
                let why = OfferEnd::NotAnswered { seconds: lasted };
                let movement = Move::Withdraw { from: ring.to.clone(), why, until: now + seconds(pause) };
                withdrawn.push((session.id, movement));
                continue;
            }
            for agent in &ring.to {
                let why = match self.agents.get(agent) {
                    None => Some(OfferEnd::WentAway),
                    Some(known) => {
                        let has = hands.get(agent).copied().unwrap_or_default();
                        cannot_answer(known, session, ring.why, has).or_else(|| {
                            let used = budget.entry(*agent).or_insert(has.open);
                            let over = |used: u32, limit: u32| limit > 0 && used >= limit;
                            let queues = queue.map_or(0, |queue| queue.rules.chat_limit);
                            let full = over(*used, known.limit) || over(has.open, queues);
                            *used += 1;
                            full.then_some(OfferEnd::Full)
                        })
                    }
                };
                if let Some(why) = why {
                    withdrawn.push((session.id, Move::Withdraw { from: vec![*agent], why, until: now }));
                }
            }
        }
        for (id, movement) in withdrawn {
            self.make(id, movement, now, made);
        }
    }

    /// What has fallen due of a chat.
    fn due(&self, id: SessionId, now: Timestamp) -> Option<Move> {
        let session = &self.chats.get(&id)?.session;
        if session.routing.ring.is_some() {
            return None;
        }
        match session.status {
            Status::WaitingForAgent => (session.deadline? <= now).then(|| self.after_wait(session)),
            Status::WrapUp => (session.deadline? <= now).then_some(Move::TimeOut),
            Status::AssignedToAgent | Status::ActiveChat => self.owner_lost(session, now),
            Status::Resolved => None,
        }
    }

    fn after_wait(&self, session: &Session) -> Move {
        let queue = self.queues.get(&session.queue);
        if let Some(from) = session.routing.from
            && self.free(from, queue, &self.hands())
        {
            return Move::Give { to: from, why: OfferWhy::NobodyTook };
        }
        match queue.map(|queue| queue.settings.after_wait) {
            Some(AfterWait::Queue(next))
                if next != session.queue
                    && self.queues.contains_key(&next)
                    && !session.routing.left.contains(&next) =>
            {
                Move::Overflow { queue: next }
            }
            _ => Move::TimeOut,
        }
    }

    /// What becomes of a chat whose owner's line is lost: one that they have not answered goes back at once, another waits
    /// for them.
    fn owner_lost(&self, session: &Session, now: Timestamp) -> Option<Move> {
        let Some(owner) = self.agents.get(&session.owner?) else {
            return Some(Move::GiveBack { why: BackWhy::OwnerLeft });
        };
        let lost_until = session.routing.lost_until;
        if !owner.lost {
            return lost_until.map(|_| Move::OwnerBack);
        }
        let wait = self.queues.get(&session.queue).map_or(0, |queue| queue.settings.owner_wait);
        match lost_until {
            _ if session.status == Status::AssignedToAgent => Some(Move::GiveBack { why: BackWhy::OwnerLost }),
            Some(until) if until <= now => Some(Move::GiveBack { why: BackWhy::OwnerDidNotReturn { seconds: wait } }),
            Some(_) => None,
            None => Some(Move::OwnerLost { until: now + seconds(wait) }),
        }
    }

    /// What the queue says by itself.
    fn words(&self, id: SessionId, now: Timestamp) -> Option<Move> {
        let chat = self.chats.get(&id)?;
        let session = &chat.session;
        let queue = self.queues.get(&session.queue)?;
        let texts = &queue.settings.texts;
        let told = &session.routing.told;
        if session.status == Status::WaitingForAgent
            && let Some(text) = &texts.away
            && !told.contains(&AutoText::Away)
            && ((!queue.open && !chat.in_hours) || !self.served(session.queue, None))
        {
            return Some(Move::Post { what: AutoText::Away, text: text.clone() });
        }
        if idle_due(session, queue).is_some_and(|due| due <= now) {
            return Some(Move::CloseIdle { closing: texts.closing.clone() });
        }
        let passed = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
        if passed(waiting_due(session, queue)) {
            let text = texts.waiting.as_ref()?.text.clone();
            return Some(Move::Post { what: AutoText::Waiting, text });
        }
        if passed(silence_due(session, queue)) {
            let text = texts.silence.as_ref()?.text.clone();
            return Some(Move::Post { what: AutoText::Silence, text });
        }
        None
    }

    /// Offers what waits: higher priority first, then who waits longest.
    fn offer_waiting(&mut self, now: Timestamp, made: &mut Vec<Decision>) {
        let mut waiting: Vec<_> = self
            .chats
            .values()
            .filter(|chat| {
                let session = &chat.session;
                session.status == Status::WaitingForAgent && session.routing.ring.is_none()
            })
            .filter_map(|chat| {
                let queue = self.queues.get(&chat.session.queue)?;
                let rings = queue.settings.strategy != Strategy::Pick && (queue.open || chat.in_hours);
                let session = &chat.session;
                let first = std::cmp::Reverse(queue.settings.priority);
                rings.then_some((first, session.waiting_since, session.id, session.queue))
            })
            .collect();
        if waiting.is_empty() {
            return;
        }
        waiting.sort_unstable();
        let mut hands = self.hands();
        // Hands only fill up from here on: a queue that nobody is free for stays so.
        let mut exhausted: BTreeSet<QueueId> = BTreeSet::new();
        for (_, _, id, queue_id) in waiting {
            if exhausted.contains(&queue_id) {
                continue;
            }
            let (Some(chat), Some(queue)) = (self.chats.get(&id), self.queues.get(&queue_id)) else { continue };
            let free = self.free_for(queue_id, queue, &hands);
            if free.is_empty() {
                exhausted.insert(queue_id);
                continue;
            }
            let Some((to, why)) = self.choose(&chat.session, queue, free, &hands, now) else { continue };
            for agent in &to {
                hands.entry(*agent).or_default().ringing += 1;
            }
            let movement = match (queue.settings.strategy, to.as_slice()) {
                (Strategy::AutoAnswer, [to]) => Move::Give { to: *to, why },
                _ => Move::Offer { to, until: now + seconds(queue.settings.ring), why },
            };
            self.make(id, movement, now, made);
        }
    }

    /// Of those who are free, whom it goes to.
    fn choose(
        &self,
        session: &Session,
        queue: &QueueState,
        mut free: Vec<&Agent>,
        hands: &AllHands,
        now: Timestamp,
    ) -> Option<(Vec<AgentId>, OfferWhy)> {
        // Who put a chat into the queue is asked last: when nobody else serves it, or nobody took it in time.
        let from = session.routing.from.filter(|from| self.served(session.queue, Some(*from)));
        free.retain(|agent| !session.routing.paused(agent.id, now) && Some(agent.id) != from);
        if let Some(previous) = session.routing.previous {
            match queue.settings.returning {
                Returning::SameAgent if free.iter().any(|agent| agent.id == previous) => {
                    return Some((vec![previous], OfferWhy::SameAgent));
                }
                Returning::AnyAgent | Returning::SameAgent => {}
                Returning::NewAgent => {
                    free.retain(|agent| agent.id != previous || !self.served(session.queue, Some(previous)));
                }
            }
        }
        let load = |agent: &Agent| hands.get(&agent.id).map_or(0, |hands| hands.open + hands.ringing);
        match queue.settings.strategy {
            Strategy::Pick => None,
            Strategy::RingByTurns | Strategy::AutoAnswer => {
                let next = free.into_iter().min_by_key(|agent| (agent.last_offer, agent.id))?;
                Some((vec![next.id], OfferWhy::LongestIdle))
            }
            Strategy::RingLeastBusy => {
                let next = free.into_iter().min_by_key(|agent| (load(agent), agent.last_offer, agent.id))?;
                Some((vec![next.id], OfferWhy::LeastBusy { chats: load(next) }))
            }
            Strategy::RingAll if free.is_empty() => None,
            Strategy::RingAll => Some((free.into_iter().map(|agent| agent.id).collect(), OfferWhy::Everyone)),
        }
    }

    fn free_for(&self, id: QueueId, queue: &QueueState, hands: &AllHands) -> Vec<&Agent> {
        self.agents
            .values()
            .filter(|agent| agent.serves.contains(&id) && self.free(agent.id, Some(queue), hands))
            .collect()
    }

    /// Whether this agent could be given one more chat of the queue.
    fn free(&self, agent: AgentId, queue: Option<&QueueState>, hands: &AllHands) -> bool {
        let Some(agent) = self.agents.get(&agent) else { return false };
        let has = hands.get(&agent.id).copied().unwrap_or_default();
        let room = limit(agent.limit, queue.map_or(0, |queue| queue.rules.chat_limit));
        agent.available && !has.wrapping && room.is_none_or(|room| has.open + has.ringing < room)
    }

    /// Whether anyone is there for the queue, busy or not; other than `except`.
    fn served(&self, queue: QueueId, except: Option<AgentId>) -> bool {
        self.agents.values().any(|agent| agent.available && agent.serves.contains(&queue) && Some(agent.id) != except)
    }

    fn hands(&self) -> AllHands {
        let mut all = AllHands::new();
        for session in self.chats.values().map(|chat| &chat.session) {
            if let Some(owner) = session.owner {
                let hands = all.entry(owner).or_default();
                match session.status {
                    Status::AssignedToAgent | Status::ActiveChat => hands.open += 1,
                    Status::WrapUp => hands.wrapping = true,
                    Status::WaitingForAgent | Status::Resolved => {}
                }
            }
            for agent in session.routing.ring.iter().flat_map(|ring| &ring.to) {
                all.entry(*agent).or_default().ringing += 1;
            }
        }
        all
    }
}

/// Why this agent cannot answer a ring any more, apart from their limit. A transfer goes to a person, whatever they
/// serve.
fn cannot_answer(agent: &Agent, session: &Session, offer: OfferWhy, has: Hands) -> Option<OfferEnd> {
    if !agent.available {
        Some(OfferEnd::WentAway)
    } else if offer != OfferWhy::Transfer && !agent.serves.contains(&session.queue) {
        Some(OfferEnd::LeftQueue)
    } else if has.wrapping {
        Some(OfferEnd::InWrapUp)
    } else {
        None
    }
}
