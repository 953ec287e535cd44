//! The one home of the time of day. Everything else gets it as a parameter, so that tests steer it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::Timestamp;

/// Tells the time. Cheap to clone.
#[derive(Clone)]
pub enum Clock {
    System,
    /// Stands still until it is set; for tests.
    Steered(Arc<AtomicI64>),
}

impl Clock {
    pub fn steered(now: Timestamp) -> Self {
        Self::Steered(Arc::new(AtomicI64::new(now.micros())))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the home of the clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Steered(now) => Timestamp::from_micros(now.load(Ordering::SeqCst)),
        }
    }

    /// Sets a steered clock; a system clock cannot be set.
    pub fn set(&self, to: Timestamp) {
        if let Self::Steered(now) = self {
            now.store(to.micros(), Ordering::SeqCst);
        }
    }
}
