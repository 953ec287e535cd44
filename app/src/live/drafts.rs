//! What stands in the composers: kept in this browser at once, and on the server whenever one pauses.

use std::time::Duration;

use domain::{MAX_BYTES, SessionId};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::{Live, Talk, kept::draft_name};
use crate::{browser, inbox::api};

/// The draft is saved when nothing was typed for this long.
const PAUSE: Duration = Duration::from_millis(700);

/// One that could not be saved is tried again after this, or as soon as the line is back.
const AGAIN: Duration = Duration::from_secs(10);

/// What to say of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// There is nothing to say.
    Quiet,
    Done,
    Failed,
}

/// How far the server has the draft of one conversation.
#[derive(Clone, Copy)]
pub struct Draft {
    pub text: RwSignal<String>,
    pub saved: RwSignal<Saved>,
    state: StoredValue<State>,
}

#[derive(Default)]
struct State {
    /// The server has not got it as it is now.
    unsaved: bool,
    /// One saving at a time: a later one must not be overtaken by an earlier.
    saving: bool,
    /// This browser's own copy has been looked for.
    looked: bool,
    timer: Option<TimeoutHandle>,
}

impl Draft {
    pub fn new() -> Self {
        Self { text: RwSignal::default(), saved: RwSignal::new(Saved::Quiet), state: StoredValue::default() }
    }

    /// As the server has it; what is being written here goes before it.
    pub fn came(self, text: String) {
        if self.text.with_untracked(String::is_empty) && !self.unsaved() {
            self.text.set(text);
        }
    }

    fn unsaved(self) -> bool {
        self.state.with_value(|state| state.unsaved)
    }

    fn set_unsaved(self, unsaved: bool) {
        self.state.update_value(|state| state.unsaved = unsaved);
    }

    fn set_saving(self, saving: bool) {
        self.state.update_value(|state| state.saving = saving);
    }

    fn wait(self, timer: Option<TimeoutHandle>) {
        let before = self.state.try_update_value(|state| std::mem::replace(&mut state.timer, timer)).flatten();
        if let Some(before) = before {
            before.clear();
        }
    }
}

impl Live {
    /// The composer stands: what an earlier page wrote and could not save goes before what the server has.
    pub fn look_for_draft(self, talk: Talk) {
        if talk.draft.state.try_update_value(|state| std::mem::replace(&mut state.looked, true)) != Some(false) {
            return;
        }
        if let Some(text) = browser::kept(&self.draft_name(talk.session)) {
            talk.draft.text.set(text);
            talk.draft.set_unsaved(true);
            self.save_draft(talk.session);
        }
    }

    /// It was typed into.
    pub fn write_draft(self, session: SessionId, text: String) {
        self.set_draft(session, text);
        self.save_later(session, PAUSE);
    }

    /// It was sent, or came back from a message that was given up: there is nothing to wait for.
    pub fn replace_draft(self, session: SessionId, text: String) {
        self.set_draft(session, text);
        self.save_draft(session);
    }

    /// The line is back: what could not be saved is saved now.
    pub fn save_drafts(self) {
        for talk in self.all_talks().into_iter().filter(|talk| talk.draft.unsaved()) {
            // Whatever was under way on the old line may never be answered.
            talk.draft.set_saving(false);
            self.save_draft(talk.session);
        }
    }

    /// The server has just put the draft away, because a message was sent; the next one may have been begun.
    pub fn draft_forgotten(self, talk: Talk) {
        if !talk.draft.text.with_untracked(String::is_empty) {
            talk.draft.set_unsaved(true);
            self.save_draft(talk.session);
        }
    }

    fn set_draft(self, session: SessionId, text: String) {
        let draft = self.talk(session).draft;
        browser::keep(&self.draft_name(session), Some(&text));
        draft.set_unsaved(true);
        draft.text.set(text);
        draft.saved.set(Saved::Quiet);
    }

    fn save_later(self, session: SessionId, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.save_draft(session), pause).ok();
        self.talk(session).draft.wait(timer);
    }

    fn save_draft(self, session: SessionId) {
        let draft = self.talk(session).draft;
        draft.wait(None);
        let text = draft.text.get_untracked();
        let busy = || draft.state.try_update_value(|state| std::mem::replace(&mut state.saving, true)) != Some(false);
        if text.len() > MAX_BYTES || busy() {
            return;
        }
        spawn_local(async move {
            let done = api::save_draft(session, text.clone()).await;
            draft.set_saving(false);
            let current = draft.text.with_untracked(|now| *now == text);
            match done {
                Ok(()) if current => {
                    draft.set_unsaved(false);
                    browser::keep(&self.draft_name(session), None);
                    draft.saved.set(if text.is_empty() { Saved::Quiet } else { Saved::Done });
                }
                // It went on meanwhile, and nothing else is going to save it.
                Ok(()) => {
                    if draft.state.with_value(|state| state.timer.is_none()) {
                        self.save_draft(session);
                    }
                }
                Err(_) => {
                    if !draft.text.with_untracked(String::is_empty) {
                        draft.saved.set(Saved::Failed);
                    }
                    self.save_later(session, AGAIN);
                }
            }
        });
    }

    fn draft_name(self, session: SessionId) -> String {
        draft_name(self.me.with_untracked(|me| me.id), session)
    }
}
