//! What a client wants done and has no answer to yet.

use domain::ClientId;
use serde::{Deserialize, Serialize};
use wire::{Conflict, Error};

use crate::Millis;

/// An entry of another tab that has stood at the head for this long is sent by this one: that tab sleeps or is gone.
/// Should both send it, the server gives both the first answer.
pub const ADOPT_AFTER: Millis = 3_000;

/// An answer that takes longer than this will not come: the line is to be given up.
const ANSWER: Millis = 15_000;

/// Waits while the server cannot do it just now, doubling up to the longest.
const UNAVAILABLE_FIRST: Millis = 1_000;
const UNAVAILABLE_LONGEST: Millis = 15_000;

/// Faults of the server are tried again this often before the person is asked.
const TRIES: u32 = 3;

/// Things to be done, in order, each under the id that makes a repeat harmless. At most one is on its way at a time:
/// a second one could overtake the first when that one is refused for now.
///
/// Failed entries keep their text until they are tried again or dropped; they do not hold up later ones.
#[derive(Debug, Clone)]
pub struct Outbox<T> {
    entries: Vec<Entry<T>>,
    /// The server asked for patience: nothing goes out before this, whatever happens.
    asked: Millis,
    /// One's own patience with a line or a server that did not answer: nothing goes out before this, unless the line
    /// is known to be back.
    patience: Millis,
    /// Refusals for now, in a row.
    refusals: u32,
    /// When the one on its way left.
    left: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    pub id: ClientId,
    pub body: T,
    /// When it was written, by the client's wall clock; with `id` its place in the order over all tabs.
    pub at: Millis,
    pub state: State,
    /// Written in another tab, and first met here at this moment of this tab's clock.
    pub foreign: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Waiting,
    /// On its way.
    Flying,
    /// Not done, and why. Stays until it is tried again.
    Failed(Error),
}

/// What became of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It goes out again by itself, not before this moment.
    Later(Millis),
    /// It stays as failed, for the person to decide.
    Failed,
    /// Nobody waits for it (any more).
    Unknown,
}

/// An entry as it is kept through a reload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<T> {
    pub id: ClientId,
    pub body: T,
    pub at: Millis,
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), asked: Millis::MIN, patience: Millis::MIN, refusals: 0, left: 0 }
    }
}

impl<T> Outbox<T> {
    /// Adds a new one at the end. `at` is the wall clock; should that have been set back, the order stays.
    pub fn push(&mut self, id: ClientId, body: T, at: Millis) {
        let at = self.entries.last().map_or(at, |last| at.max(last.at));
        self.entries.push(Entry { id, body, at, state: State::Waiting, foreign: None });
    }

    /// Puts one back that was kept through a reload (`foreign` is `None`) or written by another tab (met at this
    /// moment), at its place in the order; whether it was new.
    pub fn restore(&mut self, kept: Kept<T>, foreign: Option<Millis>) -> bool {
        if self.get(kept.id).is_some() {
            return false;
        }
        let place = self
            .entries
            .iter()
            .position(|entry| (entry.at, entry.id) > (kept.at, kept.id) && !matches!(entry.state, State::Flying))
            .unwrap_or(self.entries.len());
        let entry = Entry { id: kept.id, body: kept.body, at: kept.at, state: State::Waiting, foreign };
        self.entries.insert(place, entry);
        true
    }

    /// The one to send now, marked as on its way. Call it after every change, and when [`Self::wake`] says so; only
    /// while the line is open.
    pub fn due(&mut self, now: Millis) -> Option<&Entry<T>> {
        if now < self.not_before() || self.entries.iter().any(|entry| matches!(entry.state, State::Flying)) {
            return None;
        }
        let entry = self.entries.iter_mut().find(|entry| matches!(entry.state, State::Waiting))?;
        if entry.foreign.is_some_and(|met| now - met < ADOPT_AFTER) {
            return None;
        }
        entry.state = State::Flying;
        self.left = now;
        Some(entry)
    }

    /// Whether an answer is overdue although the line seems open: cut it, and the next one will tell.
    pub fn stuck(&self, now: Millis) -> bool {
        now - self.left >= ANSWER && self.entries.iter().any(|entry| matches!(entry.state, State::Flying))
    }

    /// When to ask [`Self::due`] again although nothing happened.
    pub fn wake(&self) -> Option<Millis> {
        let head = self.entries.iter().find(|entry| matches!(entry.state, State::Waiting))?;
        let adopt = head.foreign.map_or(Millis::MIN, |met| met + ADOPT_AFTER);
        Some(adopt.max(self.not_before()))
    }

    /// It is done: an acknowledgement, or the event itself, has come. Also for those that failed here and were sent by
    /// another tab. A repeat is nothing.
    pub fn done(&mut self, id: ClientId) -> Option<Entry<T>> {
        let place = self.place(id)?;
        self.refusals = 0;
        Some(self.entries.remove(place))
    }

    /// The server did not do it.
    pub fn refused(&mut self, id: ClientId, error: Error, now: Millis) -> Verdict {
        let Some(place) = self.place(id) else { return Verdict::Unknown };
        let refusals = self.refusals;
        match error {
            Error::RateLimited { retry_after } => {
                self.asked = self.asked.max(now + Millis::from(retry_after.max(1)) * 1000);
            }
            Error::Unavailable | Error::Transport | Error::Unauthenticated => self.patient(now + later(refusals)),
            Error::Internal if refusals < TRIES => self.patient(now + later(refusals)),
            _ => {
                self.refusals = 0;
                self.entries[place].state = State::Failed(error);
                return Verdict::Failed;
            }
        }
        self.refusals += 1;
        self.entries[place].state = State::Waiting;
        Verdict::Later(self.not_before())
    }

    /// The line is known to be good again: what waits only out of patience goes out now. What the server asked to wait
    /// for, and what another tab is about to send, still waits. Faults of the server itself keep their count, so that
    /// a line which comes and goes does not try the same fault for ever.
    pub const fn hurry(&mut self) {
        self.patience = Millis::MIN;
    }

    /// The line is gone: whatever was on its way may or may not have arrived, and goes out again on the next one.
    pub fn cut(&mut self) {
        for entry in &mut self.entries {
            if matches!(entry.state, State::Flying) {
                entry.state = State::Waiting;
            }
        }
    }

    /// The person wants it tried again, now.
    pub fn retry(&mut self, id: ClientId) {
        if let Some(place) = self.place(id)
            && matches!(self.entries[place].state, State::Failed(_))
        {
            self.entries[place].state = State::Waiting;
            self.entries[place].foreign = None;
        }
    }

    /// The chat goes on: what failed because it had ended is tried again, in its order.
    pub fn retry_ended(&mut self) {
        for entry in &mut self.entries {
            if matches!(entry.state, State::Failed(Error::Conflict(Conflict::Ended))) {
                entry.state = State::Waiting;
            }
        }
    }

    /// Takes it out without sending, unless it is on its way.
    pub fn forget(&mut self, id: ClientId) -> Option<Entry<T>> {
        let place = self.place(id)?;
        if self.entries[place].state == State::Flying {
            return None;
        }
        Some(self.entries.remove(place))
    }

    pub fn get(&self, id: ClientId) -> Option<&Entry<T>> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// In the order in which they go out.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry<T>> {
        self.entries.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What has to outlive a reload. An entry that was on its way or failed is simply sent again afterwards: the
    /// server knows its id.
    pub fn kept(&self) -> impl Iterator<Item = Kept<&T>> {
        self.entries.iter().map(|entry| Kept { id: entry.id, body: &entry.body, at: entry.at })
    }

    fn not_before(&self) -> Millis {
        self.asked.max(self.patience)
    }

    fn patient(&mut self, until: Millis) {
        self.patience = self.patience.max(until);
    }

    fn place(&self, id: ClientId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id)
    }
}

fn later(refusals: u32) -> Millis {
    (UNAVAILABLE_FIRST << refusals.min(4)).min(UNAVAILABLE_LONGEST)
}
