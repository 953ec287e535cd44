use domain::{ClientId, SessionId};
use leptos::{prelude::*, task::spawn_local};
use wire::agent::ClientFrame;

use super::{Line, Live, Say};
use crate::{browser, inbox::api};

impl Live {
    /// Sends a message: shown at once, repeated under the same id until it is acknowledged or refused for good.
    pub fn send(self, session: SessionId, text: String) {
        let Some(id) = browser::client_id() else { return };
        let at = self.clock.read();
        self.talk(session).outgoing.update(|outgoing| outgoing.push(id, text, at));
        self.pump(session);
    }

    /// The person wants a failed one tried again.
    pub fn retry(self, session: SessionId, id: ClientId) {
        self.talk(session).outgoing.update(|outgoing| outgoing.outbox.retry(id));
        self.pump(session);
    }

    /// The person gives a failed one up; its text goes back into an empty composer.
    pub fn discard(self, session: SessionId, id: ClientId) {
        let talk = self.talk(session);
        let entry = talk.outgoing.try_update(|outgoing| outgoing.outbox.forget(id)).flatten();
        if let Some(entry) = entry
            && talk.draft.with_untracked(String::is_empty)
        {
            talk.draft.set(entry.body);
        }
    }

    /// What goes out when the line is back.
    pub fn pump_all(self) {
        let sessions: Vec<_> = self.talks.with_value(|talks| talks.keys().copied().collect());
        for session in sessions {
            self.pump(session);
        }
    }

    /// Tells the server how far everything has been seen, if the person can see it.
    pub fn mark(self, session: SessionId) {
        if browser::visible()
            && let Some(marks) = self.talk(session).seen()
        {
            self.say(Say::Frame(ClientFrame::Mark { session, delivered: marks.delivered, read: marks.read }));
        }
    }

    fn pump(self, session: SessionId) {
        let talk = self.talk(session);
        let now = self.clock.read().millis();
        let due = talk
            .outgoing
            .try_update_untracked(|outgoing| outgoing.outbox.due(now).map(|entry| (entry.id, entry.body.clone())))
            .flatten();
        let Some((id, text)) = due else {
            self.pump_later(session, now);
            return;
        };
        spawn_local(async move {
            match api::send_message(id, session, text).await {
                Ok(ack) => {
                    talk.outgoing.update(|outgoing| outgoing.acknowledged(id, ack.at));
                    // The server answers: the socket need not wait for its next try.
                    if matches!(self.line.get_untracked(), Line::Lost { .. }) {
                        self.say(Say::Now);
                    }
                }
                Err(error) => {
                    let now = self.clock.read().millis();
                    talk.outgoing.update(|outgoing| {
                        outgoing.outbox.refused(id, error, now);
                    });
                }
            }
            self.pump(session);
        });
    }

    fn pump_later(self, session: SessionId, now: sync::Millis) {
        let wake = self.talk(session).outgoing.with_untracked(|outgoing| outgoing.outbox.wake());
        if let Some(wait) = wake.and_then(|wake| u64::try_from(wake.saturating_sub(now)).ok()).filter(|wait| *wait > 0)
        {
            set_timeout(move || self.pump(session), std::time::Duration::from_millis(wait.min(15_000) + 10));
        }
    }
}
