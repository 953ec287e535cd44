//! What stands in the fields, and how far the server has it. Lives as long as the page: what is wrong or not saved yet is
//! still there when one comes back from another chat, and after a reload.

mod saving;

use std::time::Duration;

use domain::{Classification, MOST_TAGS, SessionId, amount_text, currency::decimals, holds_tag};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use wire::{Error, agent::Classified};

use crate::{browser, inbox::api};

/// Saved when nothing was changed for this long.
const PAUSE: Duration = Duration::from_millis(600);

/// The currency where none was ever given.
const FIRST_CURRENCY: &str = "EUR";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Quiet,
    Saved,
    /// Not saved, and why; what was typed stays.
    Wrong(String),
    /// Somebody else has changed the same thing meanwhile.
    Changed,
}

/// What was noted about one chat.
#[derive(Clone, Copy)]
pub struct Noted {
    session: SessionId,
    /// Whether it may be read here, and has been.
    pub loaded: RwSignal<bool>,
    pub may_edit: RwSignal<bool>,
    pub qualified: RwSignal<Option<bool>>,
    pub tags: RwSignal<Vec<String>>,
    pub value: RwSignal<String>,
    pub currency: RwSignal<String>,
    pub notes: RwSignal<String>,
    /// Tags that others have used.
    pub in_use: RwSignal<Vec<String>>,
    pub state: RwSignal<State>,
    /// What is wrong with the value, and with the tags.
    pub wrong_value: RwSignal<String>,
    pub wrong_tags: RwSignal<String>,
    /// What the line told, until a form takes it up.
    news: RwSignal<Option<(Classification, u32)>>,
    inner: StoredValue<Inner>,
}

#[derive(Default)]
struct Inner {
    /// As the server has it, and its number.
    base: Classification,
    rev: u32,
    /// What others made of it while one's own was under way, or while it stands against one's own.
    theirs: Option<(Classification, u32)>,
    unsaved: bool,
    saving: bool,
    timer: Option<TimeoutHandle>,
    /// Under which name this browser keeps what is not saved.
    kept_as: Option<String>,
}

/// As this browser keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    base: Classification,
    mine: Classification,
    /// Also when it is no amount.
    value: String,
    currency: String,
}

impl Noted {
    pub fn new(session: SessionId) -> Self {
        Self {
            session,
            loaded: RwSignal::new(false),
            may_edit: RwSignal::new(false),
            qualified: RwSignal::new(None),
            tags: RwSignal::default(),
            value: RwSignal::default(),
            currency: RwSignal::new(FIRST_CURRENCY.to_owned()),
            notes: RwSignal::default(),
            in_use: RwSignal::default(),
            state: RwSignal::new(State::Quiet),
            news: RwSignal::new(None),
            wrong_value: RwSignal::default(),
            wrong_tags: RwSignal::default(),
            inner: StoredValue::default(),
        }
    }

    /// As it came with the chat; `None`: it is not for this viewer now.
    pub fn opened(self, read: Option<Classified>) {
        match read {
            Some(read) => self.came(read),
            None => set(self.loaded, false),
        }
    }

    /// The fields stand on the screen: takes up what an earlier page could not save, which `kept_as` names.
    pub fn take_up(self, kept_as: String) {
        let kept = browser::kept(&kept_as);
        let first = self.inner.try_update_value(|inner| inner.kept_as.replace(kept_as).is_none()) == Some(true);
        let Some(kept) = kept.filter(|_| first).and_then(|kept| serde_json::from_slice::<Kept>(kept.as_bytes()).ok())
        else {
            return;
        };
        let server = self.inner.try_update_value(|inner| {
            inner.unsaved = true;
            (std::mem::replace(&mut inner.base, kept.base), inner.rev)
        });
        self.show(kept.mine);
        set(self.value, kept.value);
        set(self.currency, kept.currency);
        if let Some((given, rev)) = server {
            self.meet(given, rev);
        }
        self.later(PAUSE);
    }

    /// Reads it again: others may have changed it, and so may the right to.
    pub fn load(self) {
        spawn_local(async move {
            match api::read_classification(self.session).await {
                Ok(read) => self.opened(read),
                Err(Error::Forbidden | Error::NotFound) => self.opened(None),
                Err(_) => {}
            }
        });
    }

    fn came(self, read: Classified) {
        let Classified { given, rev, may_edit, tags, currency } = read;
        set(self.may_edit, may_edit);
        set(self.in_use, tags);
        if !currency.is_empty() && given.value.is_none() && self.value.with_untracked(String::is_empty) {
            set(self.currency, currency);
        }
        self.heard(given, rev);
        set(self.loaded, true);
    }

    /// What the server has now; the form that is open takes it up.
    pub fn tell(self, given: Classification, rev: u32) {
        self.news.set(Some((given, rev)));
    }

    /// Takes up what was told; tracked.
    pub fn hear(self) {
        if let Some((given, rev)) = self.news.get() {
            untrack(|| self.heard(given, rev));
        }
    }

    fn heard(self, given: Classification, rev: u32) {
        let news = self.inner.try_update_value(|inner| {
            let known = inner.theirs.as_ref().map_or(inner.rev, |(_, theirs)| inner.rev.max(*theirs));
            // What was read before the last change came is older than it, also when there was nothing then.
            if rev < known || rev == known && self.loaded.get_untracked() {
                return None;
            }
            if inner.saving {
                inner.theirs = Some((given, rev));
                return None;
            }
            Some((given, rev))
        });
        if let Some((given, rev)) = news.flatten() {
            self.meet(given, rev);
        }
    }

    /// Puts together what others made of it and what is not saved here.
    fn meet(self, given: Classification, rev: u32) {
        let (mine, _) = self.given();
        let base = self.inner.with_value(|inner| inner.base.clone());
        let Some(both) = Classification::merged(&base, &mine, &given) else {
            self.inner.update_value(|inner| inner.theirs = Some((given, rev)));
            return self.state.set(State::Changed);
        };
        let more = both != given;
        self.stands(given, rev);
        self.show(both);
        if more {
            self.changed();
        } else {
            self.settled();
        }
    }

    fn stands(self, given: Classification, rev: u32) {
        self.inner.update_value(|inner| {
            inner.base = given;
            inner.rev = rev;
            inner.theirs = None;
        });
    }

    /// A value that is none stays in its field: it is somebody's, and not saved.
    fn show(self, given: Classification) {
        set(self.qualified, given.qualified);
        set(self.tags, given.tags);
        set(self.notes, given.notes);
        if self.given().1 {
            let text = given.value.map(|value| amount_text(value, decimals(&given.currency)));
            set(self.value, text.unwrap_or_default());
            if !given.currency.is_empty() {
                set(self.currency, given.currency);
            }
        }
    }

    /// Adds a tag; whether the field is done with it.
    pub fn add_tag(self, typed: &str) -> bool {
        let tag = typed.trim().trim_end_matches(',').trim();
        if tag.is_empty() || self.tags.with_untracked(|tags| holds_tag(tags, tag)) {
            return true;
        }
        if self.tags.with_untracked(|tags| tags.len() >= MOST_TAGS) {
            set(self.wrong_tags, format!("A chat has at most {MOST_TAGS} tags."));
            return false;
        }
        // As others have written it.
        let known = self
            .in_use
            .with_untracked(|all| all.iter().find(|known| known.to_lowercase() == tag.to_lowercase()).cloned());
        self.tags.update(|tags| tags.push(known.unwrap_or_else(|| tag.to_owned())));
        self.changed();
        true
    }

    pub fn remove_tag(self, tag: &str) {
        self.tags.update(|tags| tags.retain(|one| one != tag));
        set(self.wrong_tags, String::new());
        self.changed();
    }
}

/// Only when it is another: a field that is typed into keeps its cursor.
fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, to: T) {
    if signal.with_untracked(|now| *now != to) {
        signal.set(to);
    }
}
