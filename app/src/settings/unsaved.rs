//! The guard of what is typed and not saved.

use leptos::prelude::*;

use crate::browser;

/// Whether something is typed that is not saved. While it is, nothing leaves the page without asking.
#[derive(Clone, Copy)]
pub struct Unsaved(RwSignal<bool>);

impl Unsaved {
    pub fn new() -> Self {
        let unsaved = RwSignal::new(false);
        Effect::new(move || browser::set_unsaved(unsaved.get()));
        on_cleanup(|| browser::set_unsaved(false));
        Self(unsaved)
    }

    pub fn note(self) {
        self.0.set(true);
    }

    pub fn clear(self) {
        self.0.set(false);
        browser::set_unsaved(false);
    }

    /// Asks once, if there is something to lose.
    pub fn may_leave(self) -> bool {
        let may = !self.0.get_untracked() || browser::sure_to_leave();
        if may {
            self.clear();
        }
        may
    }
}
