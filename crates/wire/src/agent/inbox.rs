//! The lists of chats, and who works on them.

use domain::{
    AgentId, AlertPrefs, Availability, Channel, OfferWhy, Outcome, QueueId, Roles, SessionId, Stars, Status, Strategy,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::visitor::Face;

/// Everything the inbox shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    pub me: Me,
    /// Waiting in one's queues, own open ones and own wrap-ups; for supervisors all open ones of their queues.
    pub rows: Vec<Row>,
    /// What belongs to `rows` too and has not come yet. Over the socket everything comes.
    #[serde(default)]
    pub rest: Rest,
    pub colleagues: Vec<Colleague>,
    pub queues: Vec<Queue>,
    /// The server's clock at this moment, so that waiting times are right on a wrong clock.
    pub now: Timestamp,
}

/// How many rows were left out, so that a page is not larger than what is looked at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rest {
    pub waiting: u32,
    /// Those that somebody has.
    pub taken: u32,
}

/// The person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub face: Face,
    pub roles: Roles,
    pub availability: Availability,
    /// The queues that are served now.
    pub serving: Vec<QueueId>,
    /// What they want to be told of, and how.
    #[serde(default)]
    pub alerts: AlertPrefs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub id: QueueId,
    pub name: String,
    /// Whether one may serve it.
    pub member: bool,
    /// Whether one supervises it.
    pub supervised: bool,
    /// How its chats find their agent.
    #[serde(default)]
    pub strategy: Strategy,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub id: AgentId,
    pub face: Face,
    pub availability: Availability,
}

/// To whom a chat can be handed over. How available each is just now stands in [`Inbox::colleagues`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destinations {
    /// All other agents, by name.
    pub agents: Vec<AgentId>,
    /// All queues, by name; also those that one does not serve.
    pub queues: Vec<Destination>,
}

/// A queue that a chat can be put into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    pub queue: QueueId,
    pub name: String,
    /// How many agents serve it and are online.
    pub online: u32,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub session: SessionId,
    /// The session's newest `seq`.
    pub rev: u32,
    pub status: Status,
    pub outcome: Option<Outcome>,
    pub queue: QueueId,
    pub queue_name: String,
    pub owner: Option<AgentId>,
    pub owner_name: Option<String>,
    pub visitor: Person,
    pub last_text: String,
    /// The last words are an agent's.
    pub last_by_staff: bool,
    pub last_at: Timestamp,
    pub waiting_since: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub unread: u32,
    /// Whom it rings.
    #[serde(default)]
    pub ring: Option<Ring>,
    /// Colleagues who write along.
    #[serde(default)]
    pub colleagues: Vec<AgentId>,
    /// Whether the visitor may send files.
    #[serde(default)]
    pub attachments: bool,
    /// How the visitor is reached.
    #[serde(default)]
    pub channel: Channel,
    /// End of a timed wrap-up.
    pub deadline: Option<Timestamp>,
    pub rating: Option<Rating>,
}

/// A chat that rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    pub to: Vec<AgentId>,
    pub since: Timestamp,
    pub until: Timestamp,
    pub why: OfferWhy,
    /// What the colleague who hands it over says about it.
    #[serde(default)]
    pub note: Option<String>,
}

/// A visitor as staff see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Empty when unknown.
    pub name: String,
    /// Empty when unknown.
    pub email: String,
    /// As they wrote it.
    #[serde(default)]
    pub phone: String,
    pub initials: String,
    pub hue: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    pub stars: Stars,
    pub words: String,
    pub at: Timestamp,
}
