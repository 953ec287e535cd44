//! The session state machine: every legal move of a chat is an arm of [`Session::apply`].

use serde::{Deserialize, Serialize};

use crate::{
    AgentId, Answer, Attachment, Author, AutoText, BackWhy, Channel, ClientId, Event, Handover, LetterKind, OfferEnd,
    OfferWhy, Outcome, QueueId, Routing, SessionId, SiteId, Stars, Status, Timestamp, VisitorId,
};

mod apply;
mod files;
#[cfg(test)]
mod tests;
mod turn;

/// A chat as the state machine sees it. The fields from `waiting_since` on belong to the running episode: each start
/// or resume opens the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub site: SiteId,
    pub queue: QueueId,
    pub visitor: VisitorId,
    pub channel: Channel,
    pub created_at: Timestamp,
    pub status: Status,
    /// Set exactly when `status` is wrap-up or resolved.
    pub outcome: Option<Outcome>,
    /// The agent who has it; after the end, who had it last. `None` while waiting.
    pub owner: Option<AgentId>,
    /// Newest number of all events.
    pub seq: u32,
    /// Newest number of those the visitor may see.
    pub vseq: u32,
    /// When [`Move::TimeOut`] falls due: the end of the wait or of a timed wrap-up. A row, not a timer, so that it
    /// outlives a restart.
    pub deadline: Option<Timestamp>,
    /// What routing remembers of the running episode; its deadlines outlive a restart too.
    pub routing: Routing,
    pub last_text: String,
    pub last_author: Author,
    pub last_at: Timestamp,
    /// The visitor's messages after the owner's read mark.
    pub unread: u32,
    /// Whether the visitor may send files; each episode begins without (PRODUCT V7).
    pub attachments: bool,
    /// 1, 2, 3 …
    pub episode: u32,
    pub waiting_since: Timestamp,
    pub assigned_at: Option<Timestamp>,
    pub first_reply_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// What begins a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub id: SessionId,
    pub site: SiteId,
    pub queue: QueueId,
    pub visitor: VisitorId,
    pub channel: Channel,
    pub client_id: ClientId,
    pub page: Option<String>,
    /// The visitor's question, already checked by [`crate::message_text`].
    pub question: String,
    /// What else the form asked.
    pub answers: Vec<Answer>,
    /// The visitor reads the answers again in the chat (PRODUCT V4).
    pub echo: bool,
    /// The site's auto-start message (PRODUCT V4).
    pub greeting: Option<String>,
}

/// Something a person or the clock does to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Text already checked by [`crate::message_text`], here and below.
    VisitorWrites {
        text: String,
    },
    AgentWrites {
        agent: AgentId,
        text: String,
    },
    /// As [`Self::AgentWrites`], over what the guard said: the names of its rules.
    AgentInsists {
        agent: AgentId,
        text: String,
        rules: Vec<String>,
    },
    AgentNotes {
        agent: AgentId,
        text: String,
    },
    VisitorAttaches {
        file: Attachment,
    },
    AgentAttaches {
        agent: AgentId,
        file: Attachment,
    },
    /// The owner lets the visitor send files, or no longer.
    AllowAttachments {
        agent: AgentId,
        on: bool,
    },
    /// Take a waiting chat by hand, whomever it rings.
    Claim {
        agent: AgentId,
    },
    /// Take a chat that rings.
    Accept {
        agent: AgentId,
    },
    /// Let others have a chat that rings; it is not offered again before `until`.
    Decline {
        agent: AgentId,
        until: Timestamp,
    },
    /// The engine lets a waiting chat ring.
    Offer {
        to: Vec<AgentId>,
        until: Timestamp,
        why: OfferWhy,
    },
    /// It rings these no longer; it is not offered to them again before `until`.
    Withdraw {
        from: Vec<AgentId>,
        why: OfferEnd,
        until: Timestamp,
    },
    /// The engine gives a waiting chat to an agent without asking.
    Give {
        to: AgentId,
        why: OfferWhy,
    },
    /// The owner offers it to a colleague: it rings there and stays until it is accepted.
    Transfer {
        by: AgentId,
        to: AgentId,
        until: Timestamp,
        /// For the colleague, not for the visitor.
        note: Option<String>,
    },
    /// The owner takes the offer to a colleague back.
    CancelTransfer {
        by: AgentId,
    },
    /// Hand it over at once; by its owner or a supervisor.
    Assign {
        by: AgentId,
        to: AgentId,
    },
    /// Put it into a queue, where it keeps its waiting age.
    Requeue {
        by: Author,
        queue: QueueId,
        note: Option<String>,
    },
    /// The engine puts it back into its queue because the owner is lost.
    GiveBack {
        why: BackWhy,
    },
    /// The engine moves it on to another queue because nobody took it.
    Overflow {
        queue: QueueId,
    },
    /// The owner's line is lost; the chat waits for them until then.
    OwnerLost {
        until: Timestamp,
    },
    OwnerBack,
    /// A colleague writes along.
    AddColleague {
        by: AgentId,
        agent: AgentId,
    },
    /// A colleague no longer does; by themselves or by the owner.
    RemoveColleague {
        by: AgentId,
        agent: AgentId,
    },
    /// The queue's own words.
    Post {
        what: AutoText,
        text: String,
    },
    /// The owner ends it.
    End {
        agent: AgentId,
        /// The queue's last words.
        closing: Option<String>,
    },
    /// The engine ends it because the visitor no longer answers.
    CloseIdle {
        closing: Option<String>,
    },
    /// The owner has finished the wrap-up.
    CloseWrapUp {
        agent: AgentId,
    },
    /// The visitor leaves.
    Leave,
    /// The visitor is gone.
    Abandon,
    Block {
        by: AgentId,
    },
    /// The visitor takes an ended chat up again.
    Resume,
    /// The deadline has passed.
    TimeOut,
    Rate {
        stars: Stars,
        words: String,
    },
    /// The engine notes what became of a letter to the visitor.
    Mailed {
        letter: LetterKind,
        to: String,
        handover: Handover,
    },
}

/// Why a move is not possible now. Each is something a screen can explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The chat is over.
    Ended,
    /// The chat is not over yet.
    NotEnded,
    /// Somebody else has it.
    TakenBy(AgentId),
    /// Nobody has it yet; it has to be taken first.
    NotTaken,
    /// It is not in wrap-up.
    NotInWrapUp,
    /// Nothing falls due now.
    NotDue,
    /// It does not ring this agent, or no longer.
    NotRinging,
    /// It rings somebody already.
    Ringing,
    /// The agent has as many chats as they may.
    AtLimit(u32),
    /// It is theirs already.
    OwnAlready,
    /// The time for rating it is over.
    RatingClosed,
    /// The agent has not switched attachments on.
    AttachmentsOff,
}

/// What a move did: the session afterwards and the events it left, oldest first. No event means that there was
/// nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    pub session: Session,
    pub events: Vec<Event>,
}

impl Session {
    /// Whether this agent works on it: owns it or writes along.
    pub fn worked_on_by(&self, agent: AgentId) -> bool {
        self.owner == Some(agent) || self.routing.colleagues.contains(&agent)
    }

    /// Who would be given the chat by this move and has not got it yet. Their limit has to be looked at first
    /// ([`Refusal::AtLimit`]), which needs to know their other chats. Whoever takes one by hand knows what they can do:
    /// a limit blocks offers and what others hand over, as wrap-up does. What is answered by e-mail counts nowhere.
    pub fn given_to(&self, movement: &Move) -> Option<AgentId> {
        movement.taker().filter(|to| self.channel == Channel::Chat && self.owner != Some(*to))
    }
}

impl Move {
    /// Who is given the chat by it.
    pub const fn taker(&self) -> Option<AgentId> {
        match self {
            Self::Accept { agent } => Some(*agent),
            Self::Give { to, .. } | Self::Assign { to, .. } => Some(*to),
            _ => None,
        }
    }

    /// The queue that the chat comes to.
    pub const fn into_queue(&self) -> Option<QueueId> {
        match self {
            Self::Requeue { queue, .. } | Self::Overflow { queue } => Some(*queue),
            _ => None,
        }
    }
}

/// Whether somebody with `in_hand` open chats may have one more; 0 is no limit. The smaller of the person's and the
/// queue's limit counts (DECISIONS: Moves).
pub fn room(in_hand: u32, of_agent: u32, of_queue: u32) -> Result<(), Refusal> {
    match limit(of_agent, of_queue) {
        Some(limit) if in_hand >= limit => Err(Refusal::AtLimit(limit)),
        _ => Ok(()),
    }
}

/// The smaller of both, where 0 is none.
pub(crate) fn limit(of_agent: u32, of_queue: u32) -> Option<u32> {
    [of_agent, of_queue].into_iter().filter(|limit| *limit > 0).min()
}
