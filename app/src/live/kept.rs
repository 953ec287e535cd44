//! What this person wrote and the server has not got yet, kept in this browser until it has: it survives a reload and
//! the end of the tab, and is forgotten when they sign out. The other tabs hear of every change.
//!
//! A message stands under `desk.AGENT.o.SESSION.TIME.ID` as the tab that wrote it, a line break, and the text; a draft
//! that is not saved under `desk.AGENT.d.SESSION`, a classification under `desk.AGENT.c.SESSION`.

use domain::{AgentId, ClientId, SessionId};
use leptos::{ev, prelude::*};
use sync::Millis;

use super::{Live, Talk};
use crate::browser;

/// In front of everything that signing out forgets.
pub const ALL: &str = "desk.";

impl Live {
    /// Takes up what an earlier page left, and listens to the other tabs.
    pub fn take_up(self) {
        let begin = messages(self.me.with_untracked(|me| me.id));
        for name in browser::kept_names(&begin) {
            if let Some(value) = browser::kept(&name) {
                self.take_message(&name, &value);
            }
        }
        self.count_unsent();
        self.pump_all();
        window_event_listener(ev::storage, move |event| {
            if let Some(name) = event.key() {
                self.changed_elsewhere(&name, event.new_value());
            }
        });
    }

    fn changed_elsewhere(self, name: &str, value: Option<String>) {
        match value {
            Some(value) => {
                if let Some(session) = self.take_message(name, &value) {
                    self.pump(session);
                }
            }
            // Done there, or given up there.
            None => {
                if let Some((session, _, id)) = parsed(self.me.with_untracked(|me| me.id), name) {
                    self.talk(session).outgoing.update(|outgoing| outgoing.arrived(id));
                }
            }
        }
        self.count_unsent();
    }

    /// Whose chat it belongs to, if it is one and new here.
    fn take_message(self, name: &str, value: &str) -> Option<SessionId> {
        let (session, at, id) = parsed(self.me.with_untracked(|me| me.id), name)?;
        let (tab, text) = value.split_once('\n')?;
        let foreign = (tab != browser::tab()).then(|| self.clock.read().millis());
        let talk = self.talk(session);
        let known = talk.outgoing.with_untracked(|outgoing| outgoing.state(id).is_some());
        if known || talk.holds(id) {
            return None;
        }
        let kept = sync::Kept { id, body: text.to_owned(), at };
        talk.outgoing.update(|outgoing| {
            outgoing.outbox.restore(kept, foreign);
        });
        Some(session)
    }

    /// Keeps the storage as the outbox of this conversation is.
    pub(super) fn mirror(self, talk: Talk) {
        Effect::new(move |before: Option<Vec<String>>| {
            let me = self.me.with_untracked(|me| me.id);
            let before = before.unwrap_or_default();
            let now = talk.outgoing.with(|outgoing| {
                let mut now = Vec::new();
                for entry in outgoing.outbox.entries() {
                    let name = message_name(me, talk.session, entry.at, entry.id);
                    if entry.foreign.is_none() && !before.contains(&name) && browser::kept(&name).is_none() {
                        browser::keep(&name, Some(&format!("{}\n{}", browser::tab(), entry.body)));
                    }
                    now.push(name);
                }
                now
            });
            for name in before.iter().filter(|name| !now.contains(name)) {
                browser::keep(name, None);
            }
            if before != now {
                self.count_unsent();
            }
            now
        });
    }

    fn count_unsent(self) {
        let begin = messages(self.me.with_untracked(|me| me.id));
        self.unsent.set(browser::kept_names(&begin).len());
    }
}

/// Under what an unsaved draft stands.
pub fn draft_name(me: AgentId, session: SessionId) -> String {
    format!("{ALL}{me}.d.{session}")
}

/// Under what a classification stands that is not saved.
pub fn classification_name(me: AgentId, session: SessionId) -> String {
    format!("{ALL}{me}.c.{session}")
}

fn messages(me: AgentId) -> String {
    format!("{ALL}{me}.o.")
}

fn message_name(me: AgentId, session: SessionId, at: Millis, id: ClientId) -> String {
    format!("{}{session}.{at}.{id}", messages(me))
}

fn parsed(me: AgentId, name: &str) -> Option<(SessionId, Millis, ClientId)> {
    let mut parts = name.strip_prefix(&messages(me))?.splitn(3, '.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::inbox::sample;

    #[test]
    fn a_message_is_found_again_by_its_writer_and_by_nobody_else() {
        let id = ClientId::from_uuid(Uuid::from_u128(3));
        let name = message_name(sample::agent(1), sample::session(2), 1_700_000_000_123, id);
        assert_eq!(parsed(sample::agent(1), &name), Some((sample::session(2), 1_700_000_000_123, id)));
        assert_eq!(parsed(sample::agent(2), &name), None);
        assert_eq!(parsed(sample::agent(1), &draft_name(sample::agent(1), sample::session(2))), None);
        for odd in ["theme", "desk.", "desk.x.o.y.z", &name[..name.len() - 1], "deskbell.shop.o.1.2"] {
            assert_eq!(parsed(sample::agent(1), odd), None, "{odd}");
        }
    }
}
