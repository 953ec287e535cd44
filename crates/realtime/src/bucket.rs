//! Token buckets: how often something may be done. Pure; the time is a parameter.

use domain::Timestamp;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Tokens regained in a second.
    pub per_second: f64,
    /// Most tokens saved up.
    pub burst: f64,
}

/// One bucket; starts full.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Bucket {
    pub const fn full(rate: Rate, now: Timestamp) -> Self {
        Self { tokens: rate.burst, at: now }
    }

    /// Takes one token, or says after how many seconds (at least 1) there will be one.
    pub fn take(&mut self, rate: Rate, now: Timestamp) -> Result<(), u32> {
        self.refill(rate, now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.tokens) / rate.per_second.max(0.001);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=3600")]
        Err(wait.ceil().clamp(1.0, 3600.0) as u32)
    }

    /// Whether nothing has been taken for so long that the bucket may be forgotten.
    pub fn idle(&mut self, rate: Rate, now: Timestamp) -> bool {
        self.refill(rate, now);
        self.tokens >= rate.burst
    }

    fn refill(&mut self, rate: Rate, now: Timestamp) {
        // A clock that goes back gives nothing and takes nothing.
        let micros = (now - self.at).micros().max(0);
        self.at = self.at.max(now);
        #[expect(clippy::cast_precision_loss, reason = "a span this long only fills the bucket")]
        let seconds = micros as f64 / 1e6;
        self.tokens = rate.per_second.mul_add(seconds, self.tokens).min(rate.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate_then_full_again() {
        let rate = Rate { per_second: 2.0, burst: 3.0 };
        let at = |millis| Timestamp::from_millis(millis);
        let mut bucket = Bucket::full(rate, at(0));
        assert!((0..3).all(|_| bucket.take(rate, at(0)).is_ok()));
        assert_eq!(bucket.take(rate, at(0)), Err(1));
        assert_eq!(bucket.take(rate, at(500)), Ok(()));
        assert_eq!(bucket.take(rate, at(400)), Err(1), "a clock gone back gives nothing");
        assert!(!bucket.idle(rate, at(1000)));
        assert!(bucket.idle(rate, at(60_000)));
    }
}
