//! Queues, their hours and people's limits, as an admin sees and sets them.

use domain::{AgentId, LocalTime, QueueId, QueueRules, QueueSettings, Roles};
use serde::{Deserialize, Serialize};

/// Everything that the settings pages show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queues {
    /// By name.
    pub queues: Vec<Queue>,
    /// All who work here, by name.
    pub people: Vec<Person>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub id: QueueId,
    pub name: String,
    pub rules: QueueRules,
    pub settings: QueueSettings,
    /// Who may serve it; only those who work here still.
    pub members: Vec<AgentId>,
    pub supervisors: Vec<AgentId>,
    /// The names of the sites whose chats begin in it.
    pub sites: Vec<String>,
    /// Where its hours stand at this moment; `None`: it is always open.
    pub hours: Option<HoursNow>,
}

/// A queue as it is to be. When an existing one is changed, the hours and texts in `settings` are not looked at: they
/// have forms of their own, and one form must not undo what was saved in another meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueDraft {
    pub name: String,
    pub rules: QueueRules,
    pub settings: QueueSettings,
    pub members: Vec<AgentId>,
    pub supervisors: Vec<AgentId>,
}

/// Where working hours stand, told in their own zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursNow {
    pub open: bool,
    pub now: LocalTime,
    /// When it opens or closes next; `None`: not within a year.
    pub change: Option<LocalTime>,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub roles: Roles,
    /// Most chats in hand at once to be given another; 0 for no limit.
    pub chat_limit: u32,
}
