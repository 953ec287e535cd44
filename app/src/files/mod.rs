//! Files in chats: chosen, looked at, sent, shown.

pub mod api;
mod attach;
mod browser;
mod lightbox;
mod send;
mod shown;
mod tray;

pub use attach::{AttachButton, DropPlace, Panel, TrayPanel, paste_files};
pub use lightbox::{Lightbox, large};
pub use send::Files;
pub use shown::FileView;
