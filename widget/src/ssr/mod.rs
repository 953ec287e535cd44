//! The frame's document and the launcher, as the server sends them. No clock, no I/O: everything is a parameter.

mod brand;
mod data;
mod language;
mod launcher;
mod letter;
mod more;
mod panel;
mod plural;
mod stuck;
mod texts;
mod transcript;
mod views;

#[cfg(test)]
mod tests;

pub use brand::{Brand, Rgb};
pub use language::Language;
pub use launcher::{Invites, LauncherSettings, Side, launcher};
pub use letter::{Code, Letter, code_letter, letter};
pub use more::{More, more};
pub use panel::{Away, Document, Panel, panel};
pub use texts::Texts;
pub use transcript::Transcript;
