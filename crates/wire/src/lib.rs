//! What crosses a wire: requests, replies, socket frames, and the one error type. docs/protocol.md is its prose.
//!
//! Never here: database rows, server types, behaviour. Visitors and agents have types of their own ([`visitor`],
//! [`agent`]): what a visitor must not see cannot be expressed in theirs. Enums are externally tagged, because the
//! internally tagged ones buffer and weigh more in the widget's bundle.
//!
//! To add a frame: a variant in `visitor` or `agent`, its line in docs/protocol.md, and a case in the round-trip test.

pub mod agent;
mod close;
pub mod composer;
mod error;
pub mod file;
pub mod queues;
pub mod sites;
pub mod visitor;

pub use close::Close;
pub use error::{Conflict, Error, Field, GuardHit, Result};

/// The version of both protocols. A server speaks this one and the one before it.
pub const PROTOCOL: u32 = 1;

/// Most bytes of one frame, either way.
pub const MAX_FRAME: usize = 64 * 1024;

/// A client that has not said hello within this many seconds is cut off.
pub const HELLO_SECONDS: u64 = 5;

/// Seconds between heartbeats, before jitter. A client that has heard nothing for twice as long reconnects.
pub const HEARTBEAT_SECONDS: u64 = 25;

/// Most events in one page of a resume or of history.
pub const PAGE: u32 = 100;
