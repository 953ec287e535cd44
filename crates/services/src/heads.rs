//! Where chats stand, for what is asked too often to ask the database for it: who types, what was read, what is newest.
//!
//! A head is never older than what was published. A place is kept for it before the database is asked, and whatever is
//! published meanwhile goes there; of two heads the newer one stays, in whatever order they come. Whoever got an answer
//! finds what it did at once, before the publisher has come to it. So a right that was taken away is gone here as soon as
//! it is gone in the hub.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use domain::{AgentId, SessionId, Span, Status, Timestamp, VisitorId};
use realtime::Place;
use store::{Ack, Act, ActError, Marks, SessionRow};
use wire::{Error, Result};

use crate::{Services, directory::place, faults, services::Inner};

/// Heads of each kind. They are those of people who are connected; the bound is for a flood of others.
const MOST: usize = 100_000;

/// On PostgreSQL other processes may write, of which nothing is published here: what they take away ends within the 5 s
/// that every revoked right may last.
const TRUSTED: Span = Span::seconds(2);

/// Of a chat what its people ask for all the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub session: SessionId,
    pub visitor: VisitorId,
    pub place: Place,
    pub seq: u32,
    pub vseq: u32,
    pub episode: u32,
    pub visitor_marks: Marks,
    pub staff_marks: Marks,
    waiting_since: Timestamp,
    ended_at: Option<Timestamp>,
}

pub struct Heads {
    chats: Kept<SessionId>,
    /// The latest one of each visitor.
    visitors: Kept<VisitorId>,
}

struct Kept<K> {
    slots: Mutex<HashMap<K, Slot>>,
    /// Nobody but this process writes, so what was published is all there is.
    alone: bool,
}

#[derive(Clone)]
enum Slot {
    /// Somebody is asking the database.
    Asked,
    Known {
        head: Head,
        at: Timestamp,
    },
}

impl Head {
    fn of(row: &SessionRow) -> Self {
        let session = &row.session;
        Self {
            session: session.id,
            visitor: session.visitor,
            place: place(session),
            seq: session.seq,
            vseq: session.vseq,
            episode: session.episode,
            visitor_marks: row.visitor_marks,
            staff_marks: row.staff_marks,
            waiting_since: session.waiting_since,
            ended_at: session.ended_at,
        }
    }

    pub fn open(&self) -> bool {
        self.place.status.open()
    }

    /// Whether this agent owns it or writes along.
    pub fn worked_on_by(&self, agent: AgentId) -> bool {
        self.place.owner == Some(agent) || self.place.colleagues.contains(&agent)
    }

    pub fn waits(&self) -> bool {
        self.place.status == Status::WaitingForAgent
    }

    /// Whether it is to stand in the place of `other`. Of two chats of a visitor the latest is the one that is not over, or
    /// ended later, as the database has it too.
    fn follows(&self, other: &Self) -> bool {
        if self.session == other.session {
            return self.seq > other.seq;
        }
        let order = |head: &Self| (head.ended_at.is_none(), head.ended_at, head.waiting_since, head.session);
        order(self) > order(other)
    }

    /// Marks rise without a number.
    fn same_with_marks(&self, other: &Self) -> bool {
        self.session == other.session && self.seq == other.seq
    }
}

impl Heads {
    pub fn new(alone: bool) -> Self {
        Self { chats: Kept::new(alone), visitors: Kept::new(alone) }
    }

    /// A change, in the order of the commits.
    pub fn published(&self, row: &SessionRow, now: Timestamp) {
        let head = Head::of(row);
        self.chats.publish(head.session, head.clone(), now);
        self.visitors.publish(head.visitor, head, now);
    }

    /// What a command came to, before it is published.
    fn done(&self, row: &SessionRow, now: Timestamp) {
        let head = Head::of(row);
        self.chats.learn(head.session, head.clone(), now);
        self.visitors.learn(head.visitor, head, now);
    }

    /// Forgets what is kept of these visitors and chats, which belong together in another way now, or are no more.
    pub fn forget_those(&self, visitors: &[VisitorId], sessions: &[SessionId]) {
        self.visitors.lock().retain(|visitor, _| !visitors.contains(visitor));
        self.chats.lock().retain(|session, _| !sessions.contains(session));
    }

    /// Forgets the heads that nobody asks for.
    pub fn forget(&self, watched: impl Fn(SessionId) -> bool, here: impl Fn(VisitorId) -> bool) {
        self.chats.lock().retain(|session, _| watched(*session));
        self.visitors.lock().retain(|visitor, _| here(*visitor));
    }
}

impl<K: Copy + Eq + Hash> Kept<K> {
    fn new(alone: bool) -> Self {
        Self { slots: Mutex::default(), alone }
    }

    /// The head, or a place for the answer of the database.
    fn get(&self, key: K, now: Timestamp) -> Option<Head> {
        let mut slots = self.lock();
        if let Some(Slot::Known { head, at }) = slots.get(&key)
            && (self.alone || now - *at < TRUSTED)
        {
            return Some(head.clone());
        }
        if slots.len() >= MOST {
            slots.clear();
        }
        slots.insert(key, Slot::Asked);
        None
    }

    /// What the database said, or what was published since it was asked. Nothing is kept when the place is gone: a
    /// change may have gone with it.
    fn answer(&self, key: K, read: Option<Head>, now: Timestamp) -> Option<Head> {
        let mut slots = self.lock();
        let Some(slot) = slots.get_mut(&key) else { return read };
        match (&*slot, read) {
            (Slot::Known { head, .. }, Some(read)) if !read.follows(head) => Some(head.clone()),
            (_, Some(read)) => {
                *slot = Slot::Known { head: read.clone(), at: now };
                Some(read)
            }
            (Slot::Known { head, .. }, None) => Some(head.clone()),
            (Slot::Asked, None) => {
                slots.remove(&key);
                None
            }
        }
    }

    fn publish(&self, key: K, head: Head, now: Timestamp) {
        self.put(key, head, now, |new, old| new.follows(old) || new.same_with_marks(old));
    }

    fn learn(&self, key: K, head: Head, now: Timestamp) {
        self.put(key, head, now, Head::follows);
    }

    fn put(&self, key: K, head: Head, now: Timestamp, over: impl Fn(&Head, &Head) -> bool) {
        if let Some(slot) = self.lock().get_mut(&key) {
            match slot {
                Slot::Known { head: old, .. } if !over(&head, old) => {}
                _ => *slot = Slot::Known { head, at: now },
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Services {
    /// Where a chat stands.
    pub(crate) async fn head(&self, session: SessionId) -> Result<Head> {
        let kept = &self.inner().heads.chats;
        if let Some(head) = kept.get(session, self.now()) {
            return Ok(head);
        }
        // Boxed: every connection's future has room for this.
        let asked = Box::pin(async {
            let mut conn = self.inner().store.read().await?;
            conn.session(session).await
        });
        let read = asked.await.map_err(faults::stored)?;
        kept.answer(session, read.as_ref().map(Head::of), self.now()).ok_or(Error::NotFound)
    }

    /// Where a visitor's latest chat stands.
    pub(crate) async fn latest_head(&self, visitor: VisitorId) -> Result<Head> {
        let kept = &self.inner().heads.visitors;
        if let Some(head) = kept.get(visitor, self.now()) {
            return Ok(head);
        }
        let asked = Box::pin(async {
            let mut conn = self.inner().store.read().await?;
            conn.latest_session_of_visitor(visitor).await
        });
        let read = asked.await.map_err(faults::stored)?;
        kept.answer(visitor, read.as_ref().map(Head::of), self.now()).ok_or(Error::NotFound)
    }

    /// Makes a move; what comes of it is known here before it is answered.
    pub(crate) async fn act(&self, act: Act) -> std::result::Result<Ack, ActError> {
        let ack = self.inner().store.act(act).await?;
        self.learn(&ack);
        Ok(ack)
    }

    /// Forgets the heads of chats whose people have gone.
    pub(crate) fn forget_heads(&self) {
        let Inner { hub, heads, .. } = self.inner();
        heads.forget(|session| hub.watched(session), |visitor| hub.visitor_connected(visitor));
    }

    pub(crate) fn learn(&self, ack: &Ack) {
        if let Some(row) = &ack.row {
            self.inner().heads.done(row, self.now());
        }
    }
}

#[cfg(test)]
mod tests;
