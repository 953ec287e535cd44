//! Typing, both ways: told rarely, believed shortly.

use crate::Millis;

/// Said again this often while it goes on.
const REPEAT: Millis = 3_000;
/// Over when nothing was typed for this long.
const PAUSE: Millis = 4_000;
/// A remark about the other side is believed for this long: their last "stopped" may be lost.
const BELIEVED: Millis = 7_000;

/// One's own typing.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypingOut {
    told: Option<Millis>,
    last: Millis,
}

impl TypingOut {
    /// A key went down (or the field was emptied, or the message sent: `writing` false). What to tell, if anything.
    pub fn key(&mut self, writing: bool, now: Millis) -> Option<bool> {
        self.last = now;
        if !writing {
            return self.told.take().map(|_| false);
        }
        if self.told.is_some_and(|told| now - told < REPEAT) {
            return None;
        }
        self.told = Some(now);
        Some(true)
    }

    /// Time passes: `Some(false)` when it has stopped.
    pub fn tick(&mut self, now: Millis) -> Option<bool> {
        if self.told.is_some() && now - self.last >= PAUSE { self.told.take().map(|_| false) } else { None }
    }
}

/// The other side's typing.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypingIn {
    until: Option<Millis>,
}

impl TypingIn {
    pub fn heard(&mut self, on: bool, now: Millis) {
        self.until = on.then_some(now + BELIEVED);
    }

    /// What was being typed has come.
    pub const fn ended(&mut self) {
        self.until = None;
    }

    pub fn on(&self, now: Millis) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_every_three_seconds_and_once_when_it_stops() {
        let mut typing = TypingOut::default();
        assert_eq!(typing.key(false, 0), None);
        assert_eq!(typing.key(true, 10), Some(true));
        assert_eq!(typing.key(true, 3_009), None);
        assert_eq!(typing.key(true, 3_010), Some(true));
        assert_eq!(typing.tick(7_009), None);
        assert_eq!(typing.tick(7_010), Some(false));
        assert_eq!(typing.tick(9_000), None);
        assert_eq!(typing.key(true, 9_500), Some(true));
        assert_eq!(typing.key(false, 9_600), Some(false));
    }

    #[test]
    fn a_lost_stop_is_forgotten_after_a_while() {
        let mut typing = TypingIn::default();
        typing.heard(true, 0);
        assert!(typing.on(6_999) && !typing.on(7_000));
        typing.heard(true, 8_000);
        typing.heard(false, 8_001);
        assert!(!typing.on(8_002));
    }
}
