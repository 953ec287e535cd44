//! One chat: its events, the panel beside it, and what a command did to it.

use domain::{AgentId, Attributes, Classification, ClientId, Event, EventKind, FieldKind, SessionId, Stars, Timestamp};
use serde::{Deserialize, Serialize};

use super::Row;
use crate::visitor::{Face, Marks};

/// A session as it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub session: SessionId,
    pub epoch: String,
    /// Everything after the position in `watch`, or the newest page when there was none or the epoch is another.
    pub events: Vec<StaffEvent>,
    /// A fresh snapshot: what was held before is void.
    pub fresh: bool,
    /// In a fresh snapshot: there are earlier events. Else: more follow, watch again from the last one.
    pub more: bool,
    /// How far the visitor has received and read; `vseq`.
    pub visitor_marks: Marks,
    /// How far the staff have.
    pub staff_marks: Marks,
    /// Where the visitor is: told again when a line begins to watch, because nobody told it what came before.
    #[serde(default)]
    pub page: Option<Visit>,
}

/// An event as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEvent {
    pub seq: u32,
    pub at: Timestamp,
    /// `None` when withheld from this viewer.
    #[serde(default)]
    pub shown: Option<Shown>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub vseq: Option<u32>,
    pub who: Who,
    pub kind: EventKind,
    pub client_id: Option<ClientId>,
    /// The name of the agent or queue that `kind` speaks of.
    pub named: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Visitor,
    Agent { id: AgentId, face: Face },
    System,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub session: SessionId,
    pub seq: u32,
    pub at: Timestamp,
}

/// What a visitor's page says about them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Customer {
    /// The site's own name for them, proved by its signature; empty for a stranger.
    #[serde(default)]
    pub user_id: String,
    /// Which of their details are proved too.
    #[serde(default)]
    pub signed: Vec<FieldKind>,
    /// By the page itself: nobody has proved them.
    #[serde(default)]
    pub attributes: Attributes,
}

/// Roughly where a visitor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// "Vienna, Austria".
    pub place: String,
    /// How far clocks there are east of UTC now, in minutes.
    pub offset: i32,
}

/// The customer panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub row: Row,
    pub site: String,
    #[serde(default)]
    pub customer: Customer,
    pub language: Option<String>,
    /// By the time zone of their device: nobody's address is looked up.
    #[serde(default)]
    pub location: Option<Location>,
    /// As the browser named itself, made readable ("Firefox 140, Linux").
    pub browser: Option<String>,
    pub started_at: Timestamp,
    pub episode: u32,
    /// Newest first.
    pub pages: Vec<Visit>,
    /// How many chats of the same person began before this one, whoever had them.
    pub before: u32,
    /// The newest of them.
    pub earlier: Vec<Earlier>,
    /// Whether the viewer may write here now.
    pub may_write: bool,
    /// Whether the viewer may take it now.
    pub may_take: bool,
    /// Whether the viewer may block the visitor, and let them in again.
    #[serde(default)]
    pub may_block: bool,
    /// Who has blocked the visitor, and when.
    #[serde(default)]
    pub blocked: Option<(String, Timestamp)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub url: String,
    pub title: String,
    pub at: Timestamp,
}

/// What agents noted about a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classified {
    pub given: Classification,
    /// Of its last change; sent back with the next one.
    pub rev: u32,
    /// Whether the viewer may change it.
    pub may_edit: bool,
    /// Tags in use anywhere, the most frequent first.
    pub tags: Vec<String>,
    /// The currency that values were given in most often; empty when there was none yet.
    #[serde(default)]
    pub currency: String,
}

/// An earlier chat of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub session: SessionId,
    /// Empty when it may not be read.
    pub first_words: String,
    pub at: Timestamp,
    /// Who had it.
    pub agent: Option<String>,
    pub stars: Option<Stars>,
    /// Whether the viewer may read it; one that still goes on with a colleague may only be known of.
    pub may_read: bool,
}

impl StaffEvent {
    /// Of an event that may be seen whole.
    pub fn full(event: &Event, who: Who, named: Option<String>) -> Self {
        Self {
            seq: event.seq,
            at: event.at,
            shown: Some(Shown { vseq: event.vseq, who, kind: event.kind.clone(), client_id: event.client_id, named }),
        }
    }

    /// Of an event that is withheld.
    pub const fn withheld(seq: u32, at: Timestamp) -> Self {
        Self { seq, at, shown: None }
    }
}
