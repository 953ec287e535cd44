//! What visitors and the server say to each other, over the socket and over plain HTTP alike.

use domain::{
    Attachment, AttachmentId, AttributeChanges, ClientId, FieldKind, Identity, Outcome, PageVisit, SessionId, Stars,
    Status, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::Error;

/// `POST /w/api/start`: begins a chat. With `Authorization: Bearer TOKEN` for a known visitor; without, a visitor and
/// its token come to be. A repeat with the same `client_id` answers with the same chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartRequest {
    /// The site's key, from the snippet.
    pub site: String,
    pub client_id: ClientId,
    #[serde(default)]
    pub answers: domain::Answers,
    /// A message to be answered by e-mail, by the form that the site has for those; no chat.
    #[serde(default)]
    pub message: bool,
    #[serde(default)]
    pub page: Option<PageVisit>,
    /// BCP 47, as the browser says it.
    #[serde(default)]
    pub language: Option<String>,
    /// The time zone's name in the tz database, as the browser says it ("Europe/Berlin").
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// The answer to [`StartRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// For all later requests; `None` when the request carried a valid one.
    pub token: Option<String>,
    pub session: SessionId,
}

/// `POST /w/api/identify`: the page says who its visitor is. With `Authorization` for a browser that has chatted: what it
/// owned goes on under the identity, unless it was somebody else's. `Invalid` with the field at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifyRequest {
    /// The site's key.
    pub site: String,
    pub identity: Identity,
}

/// The answer to [`IdentifyRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// In place of the one in the request, which is worth nothing any more; `None` when that was this person's already.
    pub token: Option<String>,
    /// Their newest chat, which may have begun in another browser.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// The token in the request was another identified person's: the browser forgets what it keeps of them.
    #[serde(default)]
    pub other: bool,
    /// What is known of them by signature, and need not be asked.
    #[serde(default)]
    pub known: Vec<FieldKind>,
}

/// From the visitor. Requests that change something carry a `client_id` and are answered by `ack` or `refused` with
/// the same id; the others are answered by nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame.
    Hello(Hello),
    Send {
        client_id: ClientId,
        text: String,
    },
    /// Sends a file that has been uploaded (`/w/api/uploads`).
    Attach {
        client_id: ClientId,
        file: AttachmentId,
    },
    /// Leaves the chat.
    Leave {
        client_id: ClientId,
    },
    /// Takes an ended chat up again.
    Resume {
        client_id: ClientId,
    },
    Rate(Rate),
    /// What the page says about its visitor: all of it is kept, or nothing. Saying it again changes nothing.
    Attributes {
        client_id: ClientId,
        set: AttributeChanges,
    },
    Typing {
        on: bool,
    },
    /// Newest `vseq` received and seen; only ever rises.
    Mark {
        delivered: u32,
        read: u32,
    },
    /// The host page changed.
    Page(PageVisit),
    /// Earlier events, before this `vseq`; answered by `history`.
    History {
        before: u32,
    },
    /// Asks for a heartbeat now: a client that wakes up finds out at once whether the line still stands.
    Ping,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`crate::PROTOCOL`].
    pub v: u32,
    pub token: String,
    /// The newest `vseq` it has of `session`; 0 for none.
    #[serde(default)]
    pub after: u32,
    /// The session that `after` belongs to.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// The server's epoch it has heard; another one makes `after` void.
    #[serde(default)]
    pub epoch: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub client_id: ClientId,
    pub stars: Stars,
    #[serde(default)]
    pub words: String,
    #[serde(default)]
    pub anonymous: bool,
    /// Made by the browser: lets it change an anonymous rating, which is joined to nothing else.
    #[serde(default)]
    pub edit_secret: Option<String>,
}

/// To the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to hello: where the chat stands and what was missed.
    Welcome(Welcome),
    /// Done and on disk.
    Ack(Ack),
    /// Not done.
    Refused { client_id: ClientId, error: Error },
    /// Something happened.
    Event(Event),
    /// The next page of a long resume.
    Events(Page),
    /// The answer to `history`.
    History(Page),
    /// Status, owner or place in the queue changed.
    State(State),
    /// The agent is typing, or stopped.
    Typing { on: bool },
    /// How far the other side has received and read.
    Marks(Marks),
    /// The newest `vseq`, so that a dead feed behind a live socket is noticed.
    Beat { vseq: u32 },
    /// A frame without `client_id` was not understood or not allowed.
    Error(Error),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub epoch: String,
    pub session: SessionId,
    pub state: State,
    pub marks: Marks,
    /// How far this visitor had received and read.
    pub own: Marks,
    /// The server's clock at this moment: a visitor's may be a day off.
    pub now: Timestamp,
    /// Everything after the position in hello, or the newest page when there was none.
    pub page: Page,
}

/// Events in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Page {
    pub events: Vec<Event>,
    /// In a resume: more follow. In history: there are earlier ones.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub status: Status,
    /// Set when it is over for the visitor.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The agent who has it.
    #[serde(default)]
    pub agent: Option<Face>,
    #[serde(default)]
    pub queue: Option<Place>,
    /// The named rating given in this episode.
    #[serde(default)]
    pub stars: Option<Stars>,
    /// Whether files may be sent.
    #[serde(default)]
    pub attachments: bool,
    /// A message was left, and is answered by e-mail too.
    #[serde(default)]
    pub by_email: bool,
}

/// `POST /w/api/transcript`: sends the latest chat by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTranscript {
    pub email: String,
    /// BCP 47, of the panel.
    #[serde(default)]
    pub language: String,
}

/// What a visitor may ask for about themselves (PRODUCT V18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyAsk {
    /// Everything that is kept of them.
    Copy,
    /// That it be erased.
    Erase,
}

impl PrivacyAsk {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Erase => "erase",
        }
    }
}

/// `POST /w/api/privacy`: has a code sent; with the code it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivacyRequest {
    pub ask: PrivacyAsk,
    /// Where the code goes, of a visitor who has given no address yet.
    #[serde(default)]
    pub email: String,
    /// BCP 47, of the panel.
    #[serde(default)]
    pub language: String,
    /// Six digits, as they came by e-mail.
    #[serde(default)]
    pub code: Option<String>,
}

/// The answer to a [`PrivacyRequest`] without a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// The address, for the most part hidden: `l•••@example.org`.
    pub to: String,
}

/// `POST /w/api/return`: what the link in a letter holds, for a token; answered by [`Started`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    pub code: String,
}

/// A waiting visitor's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// 1 = next.
    pub position: u32,
    /// Seconds, from this queue's own last hour; `None` when that is unknown.
    #[serde(default)]
    pub wait: Option<u32>,
}

/// What a visitor may know of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// 0–359, for the background of the initials.
    pub hue: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Marks {
    pub delivered: u32,
    pub read: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub vseq: u32,
    /// Milliseconds since 1970, UTC; for showing, never for ordering.
    pub at: Timestamp,
    pub who: Who,
    pub what: What,
    /// Of the visitor's own events: the id its browser gave, so that the outbox finds its own.
    #[serde(default)]
    pub client_id: Option<ClientId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Visitor,
    Agent(Face),
    /// The site's own texts, and the engine.
    Site,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Started,
    Message {
        text: String,
    },
    /// A file; its address is asked for with `GET /w/api/files/{id}`.
    Attachment(Attachment),
    /// Whether files may be sent from now on.
    AttachmentsAllowed {
        on: bool,
    },
    /// `who` took the chat.
    Joined,
    /// The chat went on to this agent.
    Assigned {
        to: Face,
    },
    /// Back in the queue.
    Requeued,
    /// `who` no longer writes along.
    Left,
    /// The agent's line is lost; the chat waits for them.
    Away {
        agent: Face,
    },
    /// Their line is back.
    Back {
        agent: Face,
    },
    Ended {
        outcome: Outcome,
    },
    Resumed,
    /// What a newer server says and this client does not know; never sent.
    Other,
    Rated {
        stars: Stars,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub client_id: ClientId,
    pub vseq: u32,
    pub at: Timestamp,
}

/// The answer to `GET /w/api/chats`: chats of this visitor before the latest one, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierChats {
    pub chats: Vec<EarlierChat>,
    /// Whether older ones follow: asked for with `?before=` and the last one's `session`.
    pub more: bool,
}

/// A chat that is over, in a list. What was said is asked for with `GET /w/api/chats/{session}`, which answers a [`Page`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierChat {
    pub session: SessionId,
    /// When it began, for the first time.
    pub at: Timestamp,
    pub outcome: Option<Outcome>,
    /// Who had it last.
    pub agent: Option<Face>,
    /// The beginning of the visitor's first message; empty when there is none.
    pub first_words: String,
    /// What was given, with a name, the last time.
    pub stars: Option<Stars>,
}

/// The body of an HTTP answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub error: Error,
}
