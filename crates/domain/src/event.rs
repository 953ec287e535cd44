//! One entry of a session's gapless sequence.

use serde::{Deserialize, Serialize};

use crate::{
    AfterOffer, AgentId, Answer, Attachment, BackWhy, ClientId, Handover, LetterKind, OfferEnd, OfferWhy, Outcome,
    QueueId, Stars, Timestamp,
};

/// Who caused an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    Visitor,
    Agent(AgentId),
    /// The site's own texts, and the engine.
    System,
}

/// What happened. System lines are a code with data, never a sentence: each screen words them in its own language.
/// The name `edit` is reserved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The visitor began. Name, e-mail and phone stand in the visitor's record.
    Started {
        /// The page it began on.
        page: Option<String>,
    },
    /// What the visitor filled in before, with the words it was asked in. The question is a message of its own.
    Answered {
        answers: Vec<Answer>,
        /// Whether the visitor reads it again in the chat.
        echoed: bool,
    },
    Message {
        text: String,
    },
    /// A file, sent like a message.
    Attachment(Attachment),
    /// Whether the visitor may send files from now on.
    AttachmentsAllowed {
        on: bool,
    },
    /// For staff only.
    Note {
        text: String,
    },
    /// The author sent the message before this although the guard stopped it: the rules' names, and not the text. For
    /// staff only.
    Overrode {
        rules: Vec<String>,
    },
    /// The author took the chat.
    Joined,
    /// An agent's chat went on to another agent.
    Assigned {
        to: AgentId,
    },
    /// Back in a queue; `from` had it before.
    Requeued {
        queue: QueueId,
        from: Option<AgentId>,
    },
    /// It rings these. For staff only, as is the next.
    Offered {
        to: Vec<AgentId>,
        /// How long it rings at most.
        seconds: u32,
        why: OfferWhy,
    },
    /// It rings these no longer.
    OfferEnded {
        from: Vec<AgentId>,
        why: OfferEnd,
        then: AfterOffer,
    },
    /// The engine gave it to an agent without asking.
    Given {
        to: AgentId,
        why: OfferWhy,
    },
    /// Back in its queue because the owner is lost.
    GaveBack {
        from: AgentId,
        why: BackWhy,
    },
    /// On to another queue because nobody took it.
    Overflowed {
        queue: QueueId,
        from: QueueId,
        /// How long it had waited.
        seconds: u32,
    },
    /// The owner's line is lost, and the chat waits for them.
    OwnerLost {
        agent: AgentId,
    },
    OwnerBack {
        agent: AgentId,
    },
    /// A colleague writes along.
    ColleagueJoined {
        agent: AgentId,
    },
    ColleagueLeft {
        agent: AgentId,
    },
    /// Over for the visitor.
    Ended {
        outcome: Outcome,
    },
    /// Wrap-up is finished. For staff only.
    WrapUpClosed,
    /// The visitor took it up again.
    Resumed,
    /// Named ratings only: an anonymous one leaves no event behind.
    Rated {
        stars: Stars,
        words: String,
    },
    /// What became of a letter to the visitor. For staff only.
    Mailed {
        letter: LetterKind,
        to: String,
        handover: Handover,
    },
}

/// One entry of the sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// 1, 2, 3 … within the session, over all events. For staff.
    pub seq: u32,
    /// 1, 2, 3 … over those the visitor may see; `None` for the others.
    pub vseq: Option<u32>,
    pub at: Timestamp,
    pub author: Author,
    pub kind: EventKind,
    /// The client's id of the request that caused it.
    pub client_id: Option<ClientId>,
}

impl EventKind {
    /// Whether the visitor may see events of this kind. The one place that says so: `vseq` and [`crate::visible`]
    /// both follow it.
    pub const fn for_visitor(&self) -> bool {
        !matches!(
            self,
            Self::Note { .. }
                | Self::Overrode { .. }
                | Self::WrapUpClosed
                | Self::Offered { .. }
                | Self::OfferEnded { .. }
                | Self::Mailed { .. }
        )
    }
}
