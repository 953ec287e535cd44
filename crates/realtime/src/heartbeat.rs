//! When to send the next heartbeat. Jittered, so that thousands of connections opened in the same second after a
//! restart do not all beat in the same second for ever.

use std::time::Duration;

/// The rhythm of one connection.
#[derive(Debug, Clone, Copy)]
pub struct Heartbeat {
    state: u64,
}

impl Heartbeat {
    /// `seed` only has to differ between connections.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The pause before the next beat: the protocol's period less up to a fifth of it.
    pub const fn next(&mut self) -> Duration {
        // splitmix64: spread is all that is asked of it.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let full = wire::HEARTBEAT_SECONDS * 1000;
        Duration::from_millis(full - (z ^ (z >> 31)) % (full / 5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_stay_within_the_period_and_differ() {
        let mut heartbeat = Heartbeat::new(7);
        let pauses: Vec<_> = (0..100).map(|_| heartbeat.next()).collect();
        assert!(pauses.iter().all(|pause| (20..=25).contains(&pause.as_secs())));
        assert!(pauses.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
