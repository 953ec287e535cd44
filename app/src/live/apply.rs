use domain::Status;
use sync::Offer;
use wire::agent::{ServerFrame, Thread};

use leptos::prelude::*;

use super::{Line, Live};
use crate::alerts::{Tell, tell};

impl Live {
    /// Takes in what the server says.
    pub fn apply(self, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome { inbox, .. } => {
                self.fill(inbox);
                let shown = self.shown();
                if shown.is_empty() {
                    self.caught_up();
                }
                for session in shown {
                    self.catch_up(session);
                }
            }
            ServerFrame::Row(row) => {
                let over = row.status == Status::Resolved;
                let session = row.session;
                let back = self.rows.with_untracked(|rows| rows.get(session).is_none());
                let news = self.rows.try_update(|rows| rows.put(row)).unwrap_or_default();
                if over && news {
                    self.ended.update(|n| *n += 1);
                }
                // It was taken away from who looks at it, and has come back: what was said in between is not here.
                if back && news && self.shows(session) {
                    self.catch_up(session);
                }
            }
            ServerFrame::Gone { session, rev, taken_by } => self.gone(session, rev, taken_by),
            ServerFrame::Thread(thread) => self.thread(thread),
            ServerFrame::Event { session, event } => {
                if self.talk(session).event(event) == Offer::Gap && self.shows(session) {
                    self.catch_up(session);
                }
            }
            ServerFrame::Typing { session, on } => {
                let now = self.clock.read().millis();
                self.talk(session).typing.update(|typing| typing.heard(on, now));
            }
            ServerFrame::Marks { session, visitor } => self.talk(session).heard_marks(visitor),
            ServerFrame::Classified { session, given, rev } => self.talk(session).noted().tell(given, rev),
            ServerFrame::Visited { session, visit } => self.talk(session).visited(visit),
            ServerFrame::Customer { session, person, customer } => self.talk(session).described(person, customer),
            ServerFrame::Presence(colleague) => {
                if colleague.id == self.me.with_untracked(|me| me.id) {
                    self.me.update(|me| me.availability = colleague.availability);
                } else {
                    self.colleagues.update(|all| match all.iter_mut().find(|one| one.id == colleague.id) {
                        Some(one) => *one = colleague,
                        None => all.push(colleague),
                    });
                }
            }
            ServerFrame::Beat { newest } => {
                for (session, seq) in newest {
                    if self.shows(session) && self.talk(session).missed(seq) {
                        self.catch_up(session);
                    }
                }
            }
            ServerFrame::Alert(alert) => tell(&Tell::Alert(&alert)),
            ServerFrame::AlertPrefs(prefs) => self.me.update(|me| me.alerts = prefs),
            // Whatever was refused was not acknowledged by anybody: typing, marks, a session that is no more.
            ServerFrame::Error(_) => {}
        }
    }

    fn gone(self, session: domain::SessionId, rev: u32, taken_by: Option<String>) {
        let now = self.clock.read();
        let open = self.shows(session);
        let was = self.rows.try_update(|rows| rows.remove(session, rev, taken_by.clone(), now)).flatten();
        if was.as_ref().is_some_and(|row| row.owner.is_some()) {
            self.ended.update(|n| *n += 1);
        }
        if let (true, Some(_), Some(name)) = (open, was, taken_by) {
            self.notify(format!("{name} has it"));
        }
    }

    fn thread(self, thread: Thread) {
        let session = thread.session;
        if self.talk(session).absorb(thread) {
            self.catch_up(session);
        } else {
            self.caught_up();
        }
    }

    fn caught_up(self) {
        if self.line.get_untracked() == Line::Trying {
            self.line.set(Line::CaughtUp);
            set_timeout(
                move || {
                    if self.line.get_untracked() == Line::CaughtUp {
                        self.line.set(Line::Up);
                    }
                },
                std::time::Duration::from_secs(3),
            );
        } else if self.line.get_untracked() == Line::Opening {
            self.line.set(Line::Up);
        }
    }
}
