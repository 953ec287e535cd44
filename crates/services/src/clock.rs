//! The one home of the time of day. Everything else gets it as a parameter, so that tests steer it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::{Span, Timestamp};

/// Tells the time. Cheap to clone.
#[derive(Clone)]
pub enum Clock {
    System,
    /// Stands still until it is set; for tests.
    Steered(Arc<AtomicI64>),
    /// Goes as the system's, ahead of it by as many microseconds; for tests in browsers.
    Ahead(Arc<AtomicI64>),
}

impl Clock {
    pub fn steered(now: Timestamp) -> Self {
        Self::Steered(Arc::new(AtomicI64::new(now.micros())))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system(),
            Self::Steered(now) => Timestamp::from_micros(now.load(Ordering::SeqCst)),
            Self::Ahead(by) => Timestamp::from_micros(system().micros() + by.load(Ordering::SeqCst)),
        }
    }

    /// Goes on by this much, except a system clock, which cannot be set.
    pub fn advance(&self, by: Span) {
        if let Self::Steered(micros) | Self::Ahead(micros) = self {
            micros.fetch_add(by.micros(), Ordering::SeqCst);
        }
    }

    /// Sets a steered clock; a system clock cannot be set.
    pub fn set(&self, to: Timestamp) {
        if let Self::Steered(now) = self {
            now.store(to.micros(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the home of the clock")]
fn system() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
