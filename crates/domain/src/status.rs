//! The five statuses of a session and how one can end. The names are the wire's and the database's (PRODUCT: Words).

use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In its queue; nobody has taken it yet.
    WaitingForAgent,
    /// Taken by an agent who has not written yet.
    AssignedToAgent,
    /// Its owner has written.
    ActiveChat,
    /// Over for the visitor; the agent still classifies it.
    WrapUp,
    /// Over, with an [`Outcome`].
    Resolved,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An agent ended it.
    Handled,
    /// The visitor left it.
    Left,
    /// Nobody took it in time.
    Missed,
    /// The visitor went away without a word.
    Abandoned,
    /// The visitor was blocked.
    Blocked,
}

impl Status {
    pub const ALL: [Self; 5] =
        [Self::WaitingForAgent, Self::AssignedToAgent, Self::ActiveChat, Self::WrapUp, Self::Resolved];

    /// The name on every wire and in both databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WaitingForAgent => "waiting_for_agent",
            Self::AssignedToAgent => "assigned_to_agent",
            Self::ActiveChat => "active_chat",
            Self::WrapUp => "wrap_up",
            Self::Resolved => "resolved",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether the visitor can still write: for them a chat in wrap-up has ended already.
    pub const fn open(self) -> bool {
        matches!(self, Self::WaitingForAgent | Self::AssignedToAgent | Self::ActiveChat)
    }
}

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Handled, Self::Left, Self::Missed, Self::Abandoned, Self::Blocked];

    /// The name on every wire and in both databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Left => "left",
            Self::Missed => "missed",
            Self::Abandoned => "abandoned",
            Self::Blocked => "blocked",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}
