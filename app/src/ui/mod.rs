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
