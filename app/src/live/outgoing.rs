use domain::{ClientId, Timestamp};
use sync::{Entry, Outbox, State};
use wire::Error;

/// One's own messages that have not come back as events.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    pub outbox: Outbox<String>,
    /// Acknowledged; their events are on the way.
    acked: Vec<(ClientId, String, Timestamp)>,
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

    /// It is on disk. It stays in sight until its event comes.
    pub fn acknowledged(&mut self, id: ClientId, at: Timestamp) {
        if let Some(entry) = self.outbox.done(id) {
            self.acked.push((id, entry.body, at));
        }
    }

    /// Its event has come.
    pub fn arrived(&mut self, id: ClientId) {
        self.outbox.done(id);
        self.acked.retain(|(acked, ..)| *acked != id);
    }

    /// Those to be shown below the events, in order.
    pub fn shown(&self) -> impl Iterator<Item = (ClientId, &str, Timestamp)> {
        let acked = self.acked.iter().map(|(id, text, at)| (*id, text.as_str(), *at));
        let waiting = self.outbox.entries().map(|Entry { id, body, at, .. }| {
            let at = Timestamp::from_millis(*at);
            (*id, body.as_str(), at)
        });
        acked.chain(waiting)
    }

    /// `None` when it is no longer here: then its event speaks.
    pub fn state(&self, id: ClientId) -> Option<Sending> {
        if self.acked.iter().any(|(acked, ..)| *acked == id) {
            return Some(Sending::Acked);
        }
        self.outbox.get(id).map(|entry| match &entry.state {
            State::Failed(error) => Sending::Failed(error.clone()),
            State::Waiting | State::Flying => Sending::Waiting,
        })
    }
}
