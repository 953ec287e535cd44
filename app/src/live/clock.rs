use domain::Timestamp;
use leptos::prelude::*;

use crate::browser;

/// The server's time, as well as this machine can tell it.
#[derive(Clone, Copy)]
pub struct Clock {
    now: RwSignal<Timestamp>,
    /// How far the server is ahead of this machine, in milliseconds; `None` until the browser is awake.
    ahead: RwSignal<Option<i64>>,
}

impl Clock {
    pub fn new() -> Self {
        Self { now: RwSignal::default(), ahead: RwSignal::new(None) }
    }

    /// The server said what time it is.
    pub fn set(self, now: Timestamp) {
        self.now.set(now);
        if self.ahead.get_untracked().is_some() {
            self.ahead.set(Some(now.millis() - browser::clock().millis()));
        }
    }

    /// The browser is awake: from here on it is its own time zone, and time goes on.
    pub fn wake(self) {
        self.ahead.set(Some(self.now.get_untracked().millis() - browser::clock().millis()));
    }

    pub fn tick(self) {
        self.now.set(self.read());
    }

    /// Counted on every second.
    pub fn now(self) -> Timestamp {
        self.now.get()
    }

    /// This very moment, for handlers.
    pub fn read(self) -> Timestamp {
        let ahead = self.ahead.get_untracked().unwrap_or(0);
        Timestamp::from_millis(browser::clock().millis() + ahead)
    }

    /// Whether the browser has told its time zone.
    pub fn awake(self) -> bool {
        self.ahead.with(Option::is_some)
    }

    /// Minutes east of UTC at that moment; 0 until the browser is awake.
    pub fn offset(self, at: Timestamp) -> i32 {
        if self.awake() { browser::utc_offset(at) } else { 0 }
    }
}
