//! What the writer is told, and what it answers.

use domain::{
    AgentId, Author, ClientId, Event, Move, QueueId, Refusal, SessionId, SiteId, Start, Status, Timestamp, VisitorId,
};
use uuid::Uuid;

use crate::{Marks, NewLetter, SessionRow, Side, StoreError};

/// Begins a chat.
#[derive(Debug, Clone)]
pub struct NewChat {
    /// Its `visitor` and `site` are those of `visitor`.
    pub start: Start,
    pub visitor: NewVisitor,
    /// Whether the visitor is to be made; otherwise it must exist, and what `visitor` says is noted where not empty.
    pub new_visitor: bool,
    /// Of a token to add for this visitor.
    pub token_hash: Option<[u8; 32]>,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVisitor {
    pub id: VisitorId,
    pub site: SiteId,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub user_agent: String,
    /// The name of a time zone, or empty.
    pub time_zone: String,
}

/// Something done to a chat.
#[derive(Debug, Clone)]
pub struct Act {
    pub session: SessionId,
    pub movement: Move,
    pub author: Author,
    /// The visitor's or agent's id, under which `client_id` is unique; nil for the system.
    pub author_id: Uuid,
    pub client_id: Option<ClientId>,
    pub now: Timestamp,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) session: SessionId,
    pub(crate) side: Side,
    pub(crate) delivered: u32,
    pub(crate) read: u32,
}

pub(crate) enum Command {
    Act(Act),
    Start(Box<NewChat>),
    Mark(Mark),
}

/// The answer to a move, after its commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    pub session: SessionId,
    /// Of the first event; when there was nothing to do, the chat's newest number.
    pub seq: u32,
    pub vseq: Option<u32>,
    pub at: Timestamp,
    /// The client's id was known: this is the first answer again.
    pub repeated: bool,
    /// The chat as it is now.
    pub row: Option<SessionRow>,
}

/// The answer to a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartDone {
    pub session: SessionId,
    /// The first visitor when repeated.
    pub visitor: VisitorId,
    pub repeated: bool,
    pub ack: Ack,
}

/// Why a command had no effect.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ActError {
    /// No such chat, visitor or queue.
    #[error("there is no such chat")]
    NotFound,
    #[error("the chat's state does not allow it: {0:?}")]
    Refused(Refusal),
    /// This visitor has another open chat on this site.
    #[error("another chat of this visitor is open")]
    AlreadyOpen(SessionId),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something committed, for who broadcasts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Session(Committed),
    /// Marks rose.
    Marks {
        session: SessionId,
        side: Side,
        marks: Marks,
        unread: u32,
        row: SessionRow,
    },
}

/// One move that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Afterwards.
    pub row: SessionRow,
    /// What it left, oldest first; never empty.
    pub events: Vec<Event>,
    /// `None` for a new chat.
    pub was: Option<Before>,
}

/// What lists need to know of how it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub status: Status,
    pub owner: Option<AgentId>,
    pub queue: QueueId,
    /// Whom it rang.
    pub rung: Vec<AgentId>,
    /// Who wrote along.
    pub colleagues: Vec<AgentId>,
}

impl Committed {
    /// Whether it has put a letter into the outbox.
    pub fn calls_for_letters(&self) -> bool {
        self.events.iter().any(|event| NewLetter::called_for_by(&self.row.session, event).is_some())
    }
}
