//! The live side without sockets: who is connected, who looks at what, and who hears of an event in which form.
//!
//! Never here: axum, sqlx, decisions about rights. Everything is synchronous; no lock is held across an await. The
//! sockets themselves (upgrade, select loop, close codes) lie in `server`.
//!
//! Rules that hold throughout:
//! - subscribe first, then send what was missed: a client may get an event twice, never not at all;
//! - a frame is encoded once ([`Frame`]) and shared by all who receive it;
//! - queues are bounded; a connection whose queue is full is closed with a resumable code ([`wire::Close::TooSlow`]),
//!   so a slow client never makes others wait and never silently misses anything;
//! - dropping a [`Connection`] removes its presence.
//!
//! To add a kind of listener: its index in `registry`, its verbs in `hub`, its line in `audience`.

mod audience;
mod bucket;
mod frame;
mod gate;
mod heartbeat;
mod hub;
mod registry;

pub use audience::{Hearing, Place, hearing};
pub use bucket::{Bucket, Rate};
pub use frame::Frame;
pub use gate::{Gate, Verdict};
pub use heartbeat::Heartbeat;
pub use hub::{Connection, Hub};
pub use registry::{QUEUE, Signal};
