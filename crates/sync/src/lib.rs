//! A client's side of the protocol, without a wire: what is still to be sent ([`Outbox`]), what has been heard
//! ([`Feed`], [`Marker`]), when to try again ([`Backoff`]), whether the line still lives ([`Pulse`]), and when to tell
//! the other side that somebody types ([`TypingOut`], [`TypingIn`]).
//!
//! Never here: I/O, clocks, randomness, timers. Time (`now`, milliseconds) and random numbers are parameters, so that
//! the model test in `tests/` can play very bad lines in a second. It ends up in the widget's bundle: no `format!`, no
//! hash maps, no panics with messages.
//!
//! To add one more piece of client state: a file of its own here, pure, and a case for it in the model test.

mod backoff;
mod feed;
mod marks;
mod outbox;
mod pulse;
mod typing;

pub use backoff::Backoff;
pub use feed::{Begin, Feed, Offer};
pub use marks::{Marker, rise};
pub use outbox::{ADOPT_AFTER, Entry, Kept, Outbox, State, Verdict};
pub use pulse::Pulse;
pub use typing::{TypingIn, TypingOut};

/// Milliseconds on a clock of the client's own.
pub type Millis = i64;
