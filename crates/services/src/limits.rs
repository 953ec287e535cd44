//! How often each may ask: token buckets in memory, bounded in number.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use domain::{AgentId, Timestamp, VisitorId};
use realtime::{Bucket, Rate};
use serde::{Deserialize, Serialize};
use wire::{Error, Result};

/// Buckets kept at once per kind; the idle ones are forgotten first.
const MOST: usize = 100_000;

/// More than anybody presses a button in earnest.
const TESTS: Rates = Rates { per_second: 0.2, burst: 10.0 };

/// A chat is mailed to oneself, and perhaps to somebody else.
const LETTERS: Rates = Rates { per_second: 1.0 / 600.0, burst: 4.0 };

/// Letters to one e-mail address that nobody had to prove, whoever asks for them.
const TO_ONE: Rates = Rates { per_second: 1.0 / 600.0, burst: 6.0 };

/// Letters asked for from one address of the network. Many people share an office's.
const FROM_ONE: Rates = Rates { per_second: 1.0 / 30.0, burst: 20.0 };

/// Requests of one visitor: as many as frames on a line (`realtime::Gate`), and more where more messages are allowed.
const REQUESTS: Rates = Rates { per_second: 40.0, burst: 400.0 };

/// The rates, from the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Messages of one visitor.
    pub visitor: Rates,
    /// Chats begun from one address. Generous: many people share an office's address.
    pub start: Rates,
    /// Attempts to sign in from one address.
    pub sign_in: Rates,
}

/// A rate as it is configured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    pub per_second: f64,
    pub burst: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            visitor: Rates { per_second: 2.0, burst: 20.0 },
            start: Rates { per_second: 0.5, burst: 60.0 },
            sign_in: Rates { per_second: 0.2, burst: 20.0 },
        }
    }
}

/// The buckets of this node.
pub struct Guard {
    limits: Limits,
    visitors: Buckets<VisitorId>,
    starts: Buckets<Address>,
    identities: Buckets<Address>,
    sign_ins: Buckets<Address>,
    tests: Buckets<AgentId>,
    letters: Buckets<VisitorId>,
    recipients: Buckets<String>,
    senders: Buckets<Address>,
    requests: Buckets<VisitorId>,
}

/// An address as far as limits go: IPv6 by its /64, which is what one household or office has.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Address(IpAddr);

impl Guard {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            visitors: Buckets::default(),
            starts: Buckets::default(),
            identities: Buckets::default(),
            sign_ins: Buckets::default(),
            tests: Buckets::default(),
            letters: Buckets::default(),
            recipients: Buckets::default(),
            senders: Buckets::default(),
            requests: Buckets::default(),
        }
    }

    pub fn visitor_writes(&self, visitor: VisitorId, now: Timestamp) -> Result<()> {
        self.visitors.take(visitor, self.limits.visitor, now)
    }

    pub fn chat_starts(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        self.starts.take(Address::of(from), self.limits.start, now)
    }

    /// As often as chats may be begun: it is done before them.
    pub fn identifies(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        self.identities.take(Address::of(from), self.limits.start, now)
    }

    pub fn sign_in(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        self.sign_ins.take(Address::of(from), self.limits.sign_in, now)
    }

    /// Test alerts of one agent: each makes this server call another.
    pub fn test_alert(&self, agent: AgentId, now: Timestamp) -> Result<()> {
        self.tests.take(agent, TESTS, now)
    }

    /// Letters that one visitor asks for: visitors are made for nothing, so also by whence, and by where to.
    pub fn letters(&self, visitor: VisitorId, from: IpAddr, to: &str, now: Timestamp) -> Result<()> {
        self.letters.take(visitor, LETTERS, now)?;
        self.senders.take(Address::of(from), FROM_ONE, now)?;
        self.letters_to(to, now)
    }

    /// Letters to this e-mail address.
    pub fn letters_to(&self, to: &str, now: Timestamp) -> Result<()> {
        self.recipients.take(to.to_lowercase(), TO_ONE, now)
    }

    /// Whatever a visitor asks for by HTTP.
    pub fn visitor_asks(&self, visitor: VisitorId, now: Timestamp) -> Result<()> {
        let Rates { per_second, burst } = self.limits.visitor;
        let rates =
            Rates { per_second: REQUESTS.per_second.max(2.0 * per_second), burst: REQUESTS.burst.max(2.0 * burst) };
        self.requests.take(visitor, rates, now)
    }
}

impl Address {
    fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(six) => {
                let [a, b, c, d, ..] = six.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
            four @ IpAddr::V4(_) => four,
        })
    }
}

struct Buckets<K>(Mutex<HashMap<K, Bucket>>);

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Hash + Eq> Buckets<K> {
    fn take(&self, key: K, rates: Rates, now: Timestamp) -> Result<()> {
        let rate = Rate { per_second: rates.per_second, burst: rates.burst };
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| !bucket.idle(rate, now));
            if buckets.len() >= MOST {
                // Everyone is busy: better to let one more through than to keep more than fits.
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key).or_insert_with(|| Bucket::full(rate, now));
        bucket.take(rate, now).map_err(|retry_after| Error::RateLimited { retry_after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_has_one_bucket_and_others_have_theirs() {
        let limits = Limits { start: Rates { per_second: 1.0, burst: 1.0 }, ..Limits::default() };
        let guard = Guard::new(limits);
        let now = Timestamp::from_millis(0);
        let from = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(guard.chat_starts(from("2001:db8::1"), now), Ok(()));
        assert_eq!(guard.chat_starts(from("2001:db8::2"), now), Err(Error::RateLimited { retry_after: 1 }));
        assert_eq!(guard.chat_starts(from("2001:db8:0:1::1"), now), Ok(()));
        assert_eq!(guard.chat_starts(from("192.0.2.1"), now), Ok(()));
        assert_eq!(guard.chat_starts(from("::ffff:192.0.2.1"), now), Err(Error::RateLimited { retry_after: 1 }));
    }
}
