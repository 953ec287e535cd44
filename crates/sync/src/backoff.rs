//! How long to wait before the next attempt.

use crate::Millis;

const FIRST: Millis = 500;
const LONGEST: Millis = 15_000;

/// Doubles from half a second to fifteen, with jitter, so that thousands of clients of a restarted server do not all
/// come back in the same instant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait after one more failure. `random` is from 0 to 1: the wait lies between half the step and all of it.
    pub fn next(&mut self, random: f64) -> Millis {
        let step = (FIRST << self.failures.min(5)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let half = step / 2;
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most 7,500")]
        let jitter = (half as f64 * random.clamp(0.0, 1.0)) as Millis;
        half + jitter
    }

    /// It worked.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Failures since it last worked.
    pub const fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_fifteen_seconds_and_starts_anew() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..8).map(|_| backoff.next(1.0)).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        assert_eq!(Backoff::default().next(0.0), 250);
        backoff.reset();
        assert_eq!(backoff.next(1.0), 500);
    }

    #[test]
    fn stays_within_bounds_after_very_many_failures_and_odd_randomness() {
        let mut backoff = Backoff { failures: u32::MAX };
        for random in [-1.0, 0.5, 7.0, f64::NAN] {
            assert!((250..=15_000).contains(&backoff.next(random)));
        }
    }
}
