use domain::{ClientId, GuardId, SessionId};
use leptos::{prelude::*, task::spawn_local};
use wire::agent::ClientFrame;

use super::{Line, Live, Say};
use crate::{browser, inbox::api};

impl Live {
    /// Sends a message: shown at once, repeated under the same id until it is acknowledged or refused for good.
    /// `overridden` are the guard's rules that the person has seen.
    pub fn send(self, session: SessionId, text: String, overridden: Vec<GuardId>) {
        let Some(id) = browser::client_id() else { return };
        let at = self.clock.read();
        self.talk(session).outgoing.update(|outgoing| {
            outgoing.overrides(id, overridden);
            outgoing.push(id, text, at);
        });
        self.pump(session);
    }

    /// The person wants a failed one tried again.
    pub fn retry(self, session: SessionId, id: ClientId) {
        self.talk(session).outgoing.update(|outgoing| outgoing.outbox.retry(id));
        self.pump(session);
    }

    /// The person has read what the guard of the server found, and wants it sent.
    pub fn insist(self, session: SessionId, id: ClientId) {
        self.talk(session).outgoing.update(|outgoing| outgoing.insist(id));
        self.pump(session);
    }

    /// A failed one becomes a draft again, below what is being written.
    pub fn take_back(self, session: SessionId, id: ClientId) {
        let talk = self.talk(session);
        if let Some(entry) = talk.outgoing.try_update(|outgoing| outgoing.outbox.forget(id)).flatten() {
            let mut draft = talk.draft.text.get_untracked();
            if !draft.trim().is_empty() {
                draft.push('\n');
            }
            draft.push_str(&entry.body);
            self.replace_draft(session, draft);
            browser::focus("composer");
        }
    }

    /// The person gives a failed one up; its text goes back into an empty composer.
    pub fn discard(self, session: SessionId, id: ClientId) {
        let talk = self.talk(session);
        let entry = talk.outgoing.try_update(|outgoing| outgoing.outbox.forget(id)).flatten();
        if let Some(entry) = entry
            && talk.draft.text.with_untracked(String::is_empty)
        {
            self.replace_draft(session, entry.body);
        }
    }

    /// Whatever is due in any chat goes out.
    pub fn pump_all(self) {
        for talk in self.all_talks() {
            self.pump(talk.session);
        }
    }

    /// The line is back: nothing waits any longer for it. What was on its way over the old one may never be answered,
    /// and goes out again under its id.
    pub fn hurry(self) {
        for talk in self.all_talks() {
            talk.outgoing.update(|outgoing| {
                outgoing.outbox.cut();
                outgoing.outbox.hurry();
            });
            self.pump(talk.session);
        }
        self.save_drafts();
    }

    /// Tells the server how far everything has been seen, if the person can see it.
    pub fn mark(self, session: SessionId) {
        if browser::visible()
            && let Some(marks) = self.talk(session).seen()
        {
            self.say(Say::Frame(ClientFrame::Mark { session, delivered: marks.delivered, read: marks.read }));
        }
    }

    pub(super) fn pump(self, session: SessionId) {
        let talk = self.talk(session);
        let now = self.clock.read().millis();
        let due = talk
            .outgoing
            .try_update_untracked(|outgoing| {
                let (id, text) = outgoing.outbox.due(now).map(|entry| (entry.id, entry.body.clone()))?;
                Some((id, text, outgoing.overridden(id)))
            })
            .flatten();
        let Some((id, text, overridden)) = due else {
            self.pump_later(session, now);
            return;
        };
        spawn_local(async move {
            match api::send_message(id, session, text, overridden).await {
                Ok(ack) => {
                    let newest = talk.position().0;
                    talk.outgoing.update(|outgoing| outgoing.acknowledged(id, ack.at, ack.seq, newest));
                    self.draft_forgotten(talk);
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
