//! Routing: which agent gets which waiting chat, and why (PRODUCT A4, M2, E3).
//!
//! [`Floor`] is everything that the decisions depend on: queues, agents, and every chat that is not over. It is told what
//! happened ([`News`]) and answers with [`Decision`]s: moves for the session state machine, each with its reason as data.
//! It makes its own moves on its own copies of the chats, so that two decisions never contradict each other; whoever
//! carries them out tells it what came of them.
//!
//! Deterministic: no clock, no randomness, ordered collections. The same history gives the same decisions.

mod decide;
mod floor;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::floor::{Agent, Floor, News, QueueState};
use crate::{AgentId, Move, SessionId};

/// A move that the engine makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub session: SessionId,
    pub movement: Move,
}

/// Why a chat is offered to somebody, or given to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferWhy {
    /// Of those who are free, their last offer is longest ago.
    LongestIdle,
    /// Of those who are free, they have the fewest chats.
    LeastBusy { chats: u32 },
    /// It rings everyone who is free.
    Everyone,
    /// They had this visitor before.
    SameAgent,
    /// A colleague hands it over.
    Transfer,
    /// They handed it over, and nobody took it.
    NobodyTook,
}

/// Why it no longer rings somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    Declined,
    NotAnswered {
        /// How long it rang.
        seconds: u32,
    },
    /// They are no longer online.
    WentAway,
    /// They no longer serve the queue.
    LeftQueue,
    /// They have as many chats as they may.
    Full,
    /// They are in wrap-up.
    InWrapUp,
    /// Whoever handed it over took it back.
    Withdrawn,
}

/// What becomes of a chat whose offer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterOffer {
    /// It still rings others.
    Rings,
    /// It waits in its queue.
    Waits,
    /// It stays with its owner, who wanted to hand it over.
    Stays,
}

/// Why a chat went from its owner back to the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackWhy {
    /// The owner's line was lost before they had written.
    OwnerLost,
    /// The owner's line was lost and did not come back in time.
    OwnerDidNotReturn {
        /// How long the chat waited for them.
        seconds: u32,
    },
    /// The owner no longer works here.
    OwnerLeft,
}

/// What a queue posts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoText {
    Waiting,
    Away,
    Silence,
}

/// A chat that rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Whom it rings; never empty.
    pub to: Vec<AgentId>,
    /// Microseconds since 1970, as in the database.
    #[serde(with = "crate::time::micros")]
    pub since: crate::Timestamp,
    #[serde(with = "crate::time::micros")]
    pub until: crate::Timestamp,
    pub why: OfferWhy,
    /// What the colleague who hands it over says about it.
    #[serde(default)]
    pub note: Option<String>,
}

/// Somebody who is not offered a chat for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    pub agent: AgentId,
    #[serde(with = "crate::time::micros")]
    pub until: crate::Timestamp,
}

/// What routing remembers of a chat's running episode.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Routing {
    pub ring: Option<Ring>,
    /// Those who declined it or let it ring.
    pub pauses: Vec<Pause>,
    /// Who had the visitor in the episode before.
    pub previous: Option<AgentId>,
    /// Who handed it over to the queue, and gets it back when nobody takes it.
    pub from: Option<AgentId>,
    /// The owner's line is lost; until then it waits for them.
    #[serde(with = "crate::time::maybe_micros")]
    pub lost_until: Option<crate::Timestamp>,
    /// Colleagues who write along.
    pub colleagues: Vec<AgentId>,
    /// Queues that it left because nobody took it.
    pub left: Vec<crate::QueueId>,
    /// Texts that were posted.
    pub told: Vec<AutoText>,
}

impl Routing {
    pub fn rings(&self, agent: AgentId) -> bool {
        self.ring.as_ref().is_some_and(|ring| ring.to.contains(&agent))
    }

    pub fn paused(&self, agent: AgentId, now: crate::Timestamp) -> bool {
        self.pauses.iter().any(|pause| pause.agent == agent && pause.until > now)
    }
}
