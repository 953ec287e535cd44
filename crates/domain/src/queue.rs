//! A queue's rules, as far as a session's moves depend on them.

use serde::{Deserialize, Serialize};

use crate::Span;

/// What follows when an agent ends a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrapUp {
    None,
    /// Ends by itself after this many seconds.
    Timed(u32),
    /// Lasts until the agent presses Close.
    Manual,
}

/// The part of a queue's settings that the session state machine needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRules {
    /// After this many seconds without an agent a waiting chat is missed. Default 300 (PRODUCT M2).
    pub wait_timeout: u32,
    pub wrap_up: WrapUp,
}

impl QueueRules {
    pub(crate) fn wait(self) -> Span {
        Span::seconds(i64::from(self.wait_timeout))
    }
}

impl Default for QueueRules {
    fn default() -> Self {
        Self { wait_timeout: 300, wrap_up: WrapUp::None }
    }
}
