//! What every composer of this page works with: macros, the guard's rules, how pastes are cleaned.

use std::sync::Arc;

use domain::Guard;
use leptos::{prelude::*, task::spawn_local};
use wire::composer::Macro;

use super::{
    api,
    composer::{Writing, emoji::Emoji},
};

pub use super::composer::Popup;

#[derive(Clone, Copy)]
pub struct Tools {
    pub macros: RwSignal<Vec<Macro>>,
    pub guard: RwSignal<Arc<Guard>>,
    pub clean_on_paste: RwSignal<bool>,
    /// `None` until somebody has asked for them.
    pub emoji: RwSignal<Option<Arc<Emoji>>>,
    /// The composer on the screen; there is never more than one that has the cursor to give.
    writing: StoredValue<Option<Writing>>,
}

impl Tools {
    /// Empty: without a connection one can still write.
    pub fn new() -> Self {
        Self {
            macros: RwSignal::default(),
            guard: RwSignal::default(),
            clean_on_paste: RwSignal::new(true),
            emoji: RwSignal::new(None),
            writing: StoredValue::new(None),
        }
    }

    /// This composer is on the screen for as long as its component is.
    pub fn stands(self, writing: Writing) {
        self.writing.set_value(Some(writing));
        on_cleanup(move || {
            self.writing.try_update_value(|held| held.take_if(|held| held.is(writing)));
        });
    }

    pub fn writing(self) -> Option<Writing> {
        self.writing.try_get_value().flatten()
    }

    /// Opens one of the composer's lists.
    pub fn show(self, popup: Popup) {
        if let Some(writing) = self.writing() {
            writing.show(popup);
        }
    }

    /// Puts a macro where the cursor stood.
    pub fn insert(self, one: &Macro) {
        if let Some(writing) = self.writing() {
            writing.insert(one, &writing.selection());
        }
    }

    /// Whenever a composer opens, and when the server has found more than was known here.
    pub fn read_again(self) {
        spawn_local(async move {
            // What cannot be read now stays as it was; the server checks every send anyway.
            if let Ok(tools) = api::tools().await {
                self.macros.try_set(tools.macros);
                self.guard.try_set(Arc::new(Guard::of(tools.guard)));
                self.clean_on_paste.try_set(tools.clean_on_paste);
            }
        });
    }
}
