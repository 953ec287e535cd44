use std::collections::HashMap;

use domain::{ClientId, GuardId, Timestamp};
use sync::{Entry, Outbox, State};
use wire::{Conflict, Error, GuardHit};

/// One's own messages that have not come back as events.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    pub outbox: Outbox<String>,
    acked: Vec<Acked>,
    /// The guard's rules that the person has seen and overrides, for those that need it.
    overridden: HashMap<ClientId, Vec<GuardId>>,
}

/// Acknowledged; its event is on the way.
#[derive(Debug, Clone)]
struct Acked {
    id: ClientId,
    text: String,
    at: Timestamp,
    seq: u32,
}

/// How far one's own message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    Waiting,
    Acked,
    Failed(Error),
}

impl Outgoing {
    pub fn push(&mut self, id: ClientId, text: String, at: Timestamp) {
        self.outbox.push(id, text, at.millis());
    }

    /// The person has seen what these rules found.
    pub fn overrides(&mut self, id: ClientId, rules: Vec<GuardId>) {
        if !rules.is_empty() {
            self.overridden.insert(id, rules);
        }
    }

    pub fn overridden(&self, id: ClientId) -> Vec<GuardId> {
        self.overridden.get(&id).cloned().unwrap_or_default()
    }

    /// What the guard of the server has found in it; empty when it was not the guard that refused it.
    pub fn guarded(&self, id: ClientId) -> &[GuardHit] {
        match self.outbox.get(id).map(|entry| &entry.state) {
            Some(State::Failed(Error::Conflict(Conflict::Guarded { hits }))) => hits,
            _ => &[],
        }
    }

    /// The person has seen what the guard found, and wants it sent.
    pub fn insist(&mut self, id: ClientId) {
        let seen: Vec<_> = self.guarded(id).iter().map(|hit| hit.rule).collect();
        self.overridden.entry(id).or_default().extend(seen);
        self.outbox.retry(id);
    }

    /// It is on disk, as this event. It stays in sight until that comes, unless the events held (up to `newest`) are
    /// past it already: a message of long ago whose acknowledgement was lost.
    pub fn acknowledged(&mut self, id: ClientId, at: Timestamp, seq: u32, newest: u32) {
        self.overridden.remove(&id);
        if let Some(entry) = self.outbox.done(id)
            && seq > newest
        {
            self.acked.push(Acked { id, text: entry.body, at, seq });
        }
    }

    /// All events up to this one are held, or can be had above.
    pub fn passed(&mut self, newest: u32) {
        self.acked.retain(|acked| acked.seq > newest);
    }

    pub fn any_acked(&self) -> bool {
        !self.acked.is_empty()
    }

    /// Its event has come.
    pub fn arrived(&mut self, id: ClientId) {
        self.outbox.done(id);
        self.acked.retain(|acked| acked.id != id);
    }

    /// Those to be shown below the events, in order.
    pub fn shown(&self) -> impl Iterator<Item = (ClientId, &str, Timestamp)> {
        let acked = self.acked.iter().map(|acked| (acked.id, acked.text.as_str(), acked.at));
        let waiting = self.outbox.entries().map(|Entry { id, body, at, .. }| {
            let at = Timestamp::from_millis(*at);
            (*id, body.as_str(), at)
        });
        acked.chain(waiting)
    }

    /// `None` when it is no longer here: then its event speaks.
    pub fn state(&self, id: ClientId) -> Option<Sending> {
        if self.acked.iter().any(|acked| acked.id == id) {
            return Some(Sending::Acked);
        }
        self.outbox.get(id).map(|entry| match &entry.state {
            State::Failed(error) => Sending::Failed(error.clone()),
            State::Waiting | State::Flying => Sending::Waiting,
        })
    }
}
