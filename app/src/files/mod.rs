//! Files in chats: chosen, looked at, sent, shown.

pub mod api;
mod attach;
mod browser;
mod lightbox;
mod send;
mod shown;
mod tray;

pub use attach::{AttachButton, DropPlace, TrayPanel, paste_files};
pub use lightbox::Lightbox;
pub use send::Files;
pub use shown::FileView;
