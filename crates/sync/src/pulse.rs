//! Whether the line still lives.

use crate::Millis;

/// Heard nothing for two heartbeats: dead.
const SILENCE: Millis = 2 * 1000 * wire_heartbeat();
/// A ping must be answered within this.
const PING: Millis = 5_000;

const fn wire_heartbeat() -> Millis {
    wire::HEARTBEAT_SECONDS.cast_signed()
}

/// When something was last heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pulse {
    heard: Millis,
    pinged: Option<Millis>,
}

impl Pulse {
    /// A line has just been opened.
    pub const fn new(now: Millis) -> Self {
        Self { heard: now, pinged: None }
    }

    /// Any frame has come.
    pub fn heard(&mut self, now: Millis) {
        *self = Self::new(now);
    }

    /// A ping goes out now, because the machine has perhaps slept.
    pub fn pinged(&mut self, now: Millis) {
        self.pinged.get_or_insert(now);
    }

    /// Whether to give the line up and connect anew.
    pub fn dead(&self, now: Millis) -> bool {
        now - self.heard >= SILENCE || self.pinged.is_some_and(|pinged| now - pinged >= PING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_and_an_unanswered_ping_are_death() {
        let mut pulse = Pulse::new(0);
        assert!(!pulse.dead(49_999));
        assert!(pulse.dead(50_000));
        pulse.heard(50_000);
        pulse.pinged(60_000);
        pulse.pinged(64_000);
        assert!(!pulse.dead(64_999));
        assert!(pulse.dead(65_000));
        pulse.heard(65_000);
        assert!(!pulse.dead(70_000));
    }
}
