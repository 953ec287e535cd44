//! The state machine of one connection: what may come in, and when it has to be closed. No socket, no clock.

use domain::Timestamp;
use wire::Close;

use crate::{Bucket, Rate};

/// Frames that one connection may send: far above what a person does, far below what hurts.
const FRAMES: Rate = Rate { per_second: 40.0, burst: 400.0 };

/// What to do with a frame that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the hello: authenticate, then call [`Gate::welcomed`].
    Hello,
    /// Handle it.
    Pass,
    Close(Close),
}

/// Watches over one connection.
#[derive(Debug)]
pub struct Gate {
    bucket: Bucket,
    opened: Timestamp,
    heard: Timestamp,
    welcomed: bool,
}

impl Gate {
    pub const fn new(now: Timestamp) -> Self {
        Self { bucket: Bucket::full(FRAMES, now), opened: now, heard: now, welcomed: false }
    }

    /// A text frame came in; `hello` says whether it is one.
    pub fn frame(&mut self, hello: bool, now: Timestamp) -> Verdict {
        self.heard = now;
        if self.bucket.take(FRAMES, now).is_err() {
            return Verdict::Close(Close::RateLimited);
        }
        match (self.welcomed, hello) {
            (false, true) => Verdict::Hello,
            (true, false) => Verdict::Pass,
            // A second hello, or anything before the first.
            (true, true) | (false, false) => Verdict::Close(Close::Protocol),
        }
    }

    /// A ping, pong or other sign of life; counted like any frame.
    pub fn sign_of_life(&mut self, now: Timestamp) -> Option<Close> {
        self.heard = now;
        self.bucket.take(FRAMES, now).err().map(|_| Close::RateLimited)
    }

    pub const fn welcomed(&mut self) {
        self.welcomed = true;
    }

    /// Looks at the clock: whether hello is overdue, or nothing was heard for four heartbeats.
    pub fn overdue(&self, now: Timestamp) -> Option<Close> {
        let waited = |since| (now - since).whole_seconds();
        if !self.welcomed && waited(self.opened) >= i64::try_from(wire::HELLO_SECONDS).unwrap_or(5) {
            return Some(Close::HelloTimeout);
        }
        let patience = i64::try_from(4 * wire::HEARTBEAT_SECONDS).unwrap_or(100);
        (waited(self.heard) >= patience).then_some(Close::Idle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn hello_comes_first_and_once() {
        let mut gate = Gate::new(at(0));
        assert_eq!(gate.frame(true, at(1)), Verdict::Hello);
        gate.welcomed();
        assert_eq!(gate.frame(false, at(1)), Verdict::Pass);
        assert_eq!(gate.frame(true, at(1)), Verdict::Close(Close::Protocol));
        assert_eq!(Gate::new(at(0)).frame(false, at(0)), Verdict::Close(Close::Protocol));
    }

    #[test]
    fn silence_before_and_after_hello_ends_it() {
        let mut gate = Gate::new(at(0));
        assert_eq!(gate.overdue(at(4)), None);
        assert_eq!(gate.overdue(at(5)), Some(Close::HelloTimeout));
        gate.frame(true, at(4));
        gate.welcomed();
        assert_eq!(gate.overdue(at(103)), None);
        assert_eq!(gate.overdue(at(104)), Some(Close::Idle));
    }

    #[test]
    fn a_flood_is_cut_off() {
        let mut gate = Gate::new(at(0));
        gate.welcomed();
        let cut = (0..1000).position(|_| gate.frame(false, at(0)) != Verdict::Pass);
        assert_eq!(cut, Some(400));
    }
}
