//! The one error that crosses a wire. Coarse on purpose: each variant is something a screen can act on. Causes are
//! logged where they happen and never sent.

use domain::{FieldProblem, FileFault, GuardId, SessionId};
use serde::{Deserialize, Serialize};

pub type Result<T> = std::result::Result<T, Error>;

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// Nobody is signed in, or the token is unknown: sign in (again).
    Unauthenticated,
    /// Signed in, but without the right.
    Forbidden,
    /// No such thing, or not for this viewer.
    NotFound,
    /// It cannot be done in the present state.
    Conflict(Conflict),
    /// Something in the request is wrong; each entry says what and where.
    Invalid(Vec<Field>),
    /// The file cannot be sent as it is.
    File(FileFault),
    /// Too much in too short a time; try again after this many seconds.
    RateLimited { retry_after: u32 },
    /// The plan does not include it.
    PlanRequired,
    /// The server cannot do it just now (storage full or busy, shutting down): the same request may be repeated.
    Unavailable,
    /// A fault of the server; it is in the log under this request.
    Internal,
    /// The request or the reply did not get through.
    Transport,
}

/// What stands against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// The chat is over; it can be resumed.
    Ended,
    /// The chat is not over yet.
    NotEnded,
    /// Another agent has it.
    TakenBy { name: String },
    /// Nobody has taken it yet.
    NotTaken,
    /// It is not in wrap-up.
    NotInWrapUp,
    /// Another chat of this visitor is open.
    AlreadyOpen { session: SessionId },
    /// The time for rating is over.
    RatingClosed,
    /// It has been rated under the visitor's name, or without it, and cannot change to the other.
    AlreadyRated,
    /// It does not ring this agent, or no longer.
    NotRinging,
    /// It rings a colleague already.
    Ringing,
    /// The agent has as many chats as they may.
    AtLimit { limit: u32 },
    /// It is theirs already.
    OwnAlready,
    /// The colleague is not there.
    NotAvailable { name: String },
    /// Somebody else has changed it since it was read.
    Changed,
    /// Such a one exists already.
    Exists,
    /// The agent has not switched attachments on for this chat.
    AttachmentsOff,
    /// So many bytes of the file are here: go on from there.
    Offset { at: u64 },
    /// Chats of the queue are not over yet.
    HasChats { count: u32 },
    /// A site's chats begin there.
    UsedBySite { name: String },
    /// Chats of another queue move on to it.
    UsedByQueue { name: String },
    /// The site serves only visitors whom its page has identified.
    Unidentified,
    /// The guard found something; the sender may name these rules and send it anyway.
    Guarded { hits: Vec<GuardHit> },
}

/// What a rule of the guard found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardHit {
    pub rule: GuardId,
    pub name: String,
    pub reason: String,
    /// Bytes of the text as it would be kept, on borders of characters.
    pub from: u32,
    pub to: u32,
}

/// One field to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub field: String,
    pub problem: FieldProblem,
}

impl Error {
    /// The stable name of the variant, for logs, metrics and the public API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Invalid(_) => "invalid",
            Self::File(_) => "file",
            Self::RateLimited { .. } => "rate_limited",
            Self::PlanRequired => "plan_required",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
            Self::Transport => "transport",
        }
    }

    /// The HTTP status that goes with it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::PlanRequired => 402,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict(_) => 409,
            Self::Invalid(_) | Self::File(_) => 422,
            Self::RateLimited { .. } => 429,
            Self::Internal => 500,
            Self::Transport => 502,
            Self::Unavailable => 503,
        }
    }

    pub fn invalid(field: &str, problem: FieldProblem) -> Self {
        Self::Invalid(vec![Field { field: field.to_owned(), problem }])
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Error {}

#[cfg(feature = "server-fn")]
impl leptos::server_fn::error::FromServerFnError for Error {
    type Encoder = leptos::server_fn::codec::JsonEncoding;

    fn from_server_fn_error(error: leptos::server_fn::error::ServerFnErrorErr) -> Self {
        use leptos::server_fn::error::ServerFnErrorErr as E;
        match error {
            E::Request(_) | E::Response(_) => Self::Transport,
            E::Args(_) | E::MissingArg(_) | E::Deserialization(_) => Self::Invalid(Vec::new()),
            _ => Self::Internal,
        }
    }
}
