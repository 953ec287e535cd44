//! Small parts that every screen shares.

mod avatar;
mod badge;
mod dialog;
mod icon;
mod menu;
mod stars;
mod status;
mod strip;
pub mod time;

pub use avatar::{Avatar, availability_dot, status_dot};
pub use badge::{Count, count_text};
pub use dialog::{close_dialog, open_dialog};
pub use icon::{Glyph, Icon};
pub use menu::{MenuCheck, MoreMenu};
pub use stars::StarsView;
pub use status::{StatusPill, outcome_word, status_word};
pub use strip::Strip;

/// Nothing at all in place of an empty text, which the server would render as a blank: an element without words is
/// `:empty` then.
pub fn some_text(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
