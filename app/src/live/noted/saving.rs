//! How what is noted gets to the server: by itself, after a pause, one saving at a time.

use std::time::Duration;

use domain::{Classification, amount, amount_text, currency::decimals};
use leptos::{prelude::*, task::spawn_local};
use wire::{Conflict, Error};

use super::{Kept, Noted, PAUSE, State, set};
use crate::{
    browser,
    inbox::{api, lines::error_line},
};

/// Tried again after this when it could not be saved.
const AGAIN: Duration = Duration::from_secs(10);

impl Noted {
    /// Something was changed here.
    pub fn changed(self) {
        self.inner.update_value(|inner| inner.unsaved = true);
        let (mine, value_stands) = self.given();
        if value_stands {
            set(self.wrong_value, String::new());
        }
        self.keep(Some(mine));
        self.later(PAUSE);
    }

    fn keep(self, mine: Option<Classification>) {
        let kept = mine.and_then(|mine| {
            let base = self.inner.with_value(|inner| inner.base.clone());
            let kept = Kept { base, mine, value: self.value.get_untracked(), currency: self.currency.get_untracked() };
            serde_json::to_string(&kept).ok()
        });
        if let Some(name) = self.inner.with_value(|inner| inner.kept_as.clone()) {
            browser::keep(&name, kept.as_deref());
        }
    }

    pub(super) fn later(self, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.save(), pause).ok();
        let before = self.inner.try_update_value(|inner| std::mem::replace(&mut inner.timer, timer)).flatten();
        if let Some(before) = before {
            before.clear();
        }
    }

    /// As it stands, and whether the value is one; a value that is none is left as the server has it.
    pub(super) fn given(self) -> (Classification, bool) {
        let text = self.value.get_untracked();
        let currency = self.currency.get_untracked();
        let read = amount(&text, decimals(&currency));
        let empty = text.trim().is_empty();
        let (value, currency) = match read {
            _ if empty => (None, String::new()),
            Some(value) => (Some(value), currency),
            None => self.inner.with_value(|inner| (inner.base.value, inner.base.currency.clone())),
        };
        let given = Classification {
            qualified: self.qualified.get_untracked(),
            tags: self.tags.get_untracked(),
            value,
            currency,
            notes: self.notes.get_untracked(),
        };
        (given, empty || read.is_some())
    }

    /// Now, without waiting for a pause.
    pub fn save(self) {
        let busy = self.inner.with_value(|inner| inner.saving || !inner.unsaved);
        if busy || self.state.with_untracked(|state| *state == State::Changed) {
            return;
        }
        let (given, value_stands) = self.given();
        let said = if value_stands { String::new() } else { no_amount(&self.currency.get_untracked()) };
        set(self.wrong_value, said);
        if self.inner.with_value(|inner| inner.base == given) {
            return self.settled();
        }
        let rev = self.inner.try_update_value(|inner| {
            inner.saving = true;
            inner.rev
        });
        spawn_local(async move {
            let done = api::classify(self.session, rev.unwrap_or_default(), given.clone()).await;
            self.saved(given, done);
        });
    }

    fn saved(self, given: Classification, done: Result<u32, Error>) {
        let theirs = self.inner.try_update_value(|inner| {
            inner.saving = false;
            inner.theirs.take()
        });
        match done {
            Ok(rev) => {
                // Put in order as the server does.
                self.stands(given.clone().checked().unwrap_or(given), rev);
                set(self.state, State::Saved);
                if let Some((given, theirs)) = theirs.flatten().filter(|(_, theirs)| *theirs > rev) {
                    self.meet(given, theirs);
                } else if self.given().0 == self.inner.with_value(|inner| inner.base.clone()) {
                    self.settled();
                } else {
                    self.changed();
                }
            }
            Err(Error::Conflict(Conflict::Changed)) => self.load(),
            Err(error) => {
                self.state.set(State::Wrong(format!("Not saved. {}", error_line(&error))));
                if !matches!(error, Error::Invalid(_) | Error::Forbidden | Error::NotFound) {
                    self.later(AGAIN);
                }
            }
        }
    }

    /// The server has all that it can have; only a value that is none is still kept here.
    pub(super) fn settled(self) {
        if self.given().1 {
            self.inner.update_value(|inner| inner.unsaved = false);
            self.keep(None);
        }
        if self.state.with_untracked(|state| !matches!(state, State::Quiet | State::Saved)) {
            self.state.set(State::Saved);
        }
    }

    pub fn keep_mine(self) {
        if let Some((given, rev)) = self.inner.try_update_value(|inner| inner.theirs.take()).flatten() {
            self.stands(given, rev);
        }
        self.state.set(State::Quiet);
        self.save();
    }

    pub fn take_theirs(self) {
        set(self.wrong_value, String::new());
        set(self.value, String::new());
        if let Some((given, rev)) = self.inner.try_update_value(|inner| inner.theirs.take()).flatten() {
            self.stands(given.clone(), rev);
            self.show(given);
        }
        self.state.set(State::Quiet);
        self.settled();
    }
}

/// What is no amount in this currency, and what would be.
fn no_amount(currency: &str) -> String {
    let like = amount_text(1234 * 10_i64.pow(decimals(currency)), decimals(currency));
    format!("This is no amount. Write it like {like}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_amount_looks_like_follows_the_currency() {
        assert_eq!(no_amount("EUR"), "This is no amount. Write it like 1234.00.");
        assert_eq!(no_amount("JPY"), "This is no amount. Write it like 1234.");
    }
}
