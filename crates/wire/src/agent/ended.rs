//! Ended chats and their ratings.

use domain::{AgentId, Outcome, QueueId, SessionId, Stars, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Colleague, Queue, Row};

/// Own ended chats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    pub rows: Vec<Row>,
    pub more: bool,
    /// One's own average of stars, and of how many ratings.
    pub average: Option<(f32, u32)>,
}

/// What the list of ended chats is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ResolvedFilter {
    #[serde(default)]
    pub agent: Option<AgentId>,
    #[serde(default)]
    pub queue: Option<QueueId>,
    #[serde(default)]
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub stars: Option<Stars>,
    #[serde(default)]
    pub from: Option<Timestamp>,
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// Part of the visitor's or agent's name.
    #[serde(default)]
    pub text: String,
    /// The last row of the page before.
    #[serde(default)]
    pub before: Option<(Timestamp, SessionId)>,
}

/// Ended chats of the supervised queues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub rows: Vec<Row>,
    pub more: bool,
    pub agents: Vec<Colleague>,
    pub queues: Vec<Queue>,
    /// Average stars and number of ratings for each agent who has any.
    pub averages: Vec<(AgentId, f32, u32)>,
    /// Ratings given without a name: they belong to no chat.
    pub anonymous: Vec<AnonymousRating>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnonymousRating {
    pub agent: Option<String>,
    /// The day only, as milliseconds of its midnight UTC.
    pub day: Timestamp,
    pub stars: Stars,
    pub words: String,
}
