//! What the dashboard and the server say to each other: the replies of server functions and the frames of the
//! agents' socket. Every command is a server function; the socket carries what happened, and the small things that
//! nobody has to acknowledge (typing, marks, what is looked at).

use domain::{
    AgentId, AlertKind, AlertPrefs, Availability, Classification, ClientId, Event, EventKind, OfferWhy, Outcome,
    QueueId, Roles, SessionId, Stars, Status, Strategy, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    visitor::{Face, Marks},
};

/// From the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame. Who is asking stands in the sign-in cookie.
    Hello {
        v: u32,
    },
    /// Show me this session from here on: answered by `thread`, then its events as they happen. `after` is the newest
    /// `seq` held (0 for none) in `epoch`.
    Watch {
        session: SessionId,
        after: u32,
        epoch: String,
    },
    Unwatch {
        session: SessionId,
    },
    /// The owner is typing, or stopped.
    Typing {
        session: SessionId,
        on: bool,
    },
    /// Newest `vseq` received and seen by the owner.
    Mark {
        session: SessionId,
        delivered: u32,
        read: u32,
    },
    /// Whether this tab is on the screen, and whether it has the keyboard: who looks needs no alert.
    Look {
        visible: bool,
        focused: bool,
    },
    Ping,
}

/// To the dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to hello: the whole inbox as it is now. Rows follow as they change.
    Welcome {
        epoch: String,
        inbox: Inbox,
    },
    /// One row changed or came. A lower `rev` than the one held is ignored.
    Row(Row),
    /// A row is no longer for this viewer: somebody else took it, or it ended.
    Gone {
        session: SessionId,
        rev: u32,
        /// Who has it now.
        taken_by: Option<String>,
    },
    /// The answer to watch.
    Thread(Thread),
    /// Something happened in a watched session.
    Event {
        session: SessionId,
        event: StaffEvent,
    },
    /// The visitor is typing, or stopped.
    Typing {
        session: SessionId,
        on: bool,
    },
    /// The visitor has received and read this far; `vseq`.
    Marks {
        session: SessionId,
        visitor: Marks,
    },
    /// What was noted about a watched session changed. A lower `rev` than the one held is ignored.
    Classified {
        session: SessionId,
        given: Classification,
        rev: u32,
    },
    /// The visitor of a watched session went to another page.
    Visited {
        session: SessionId,
        visit: Visit,
    },
    /// A colleague's state, or one's own from another tab.
    Presence(Colleague),
    /// The newest `seq` of each watched session.
    Beat {
        newest: Vec<(SessionId, u32)>,
    },
    /// Something to alert this person to, in the ways they have chosen.
    Alert(Alert),
    /// What this person wants to be told of changed, in another tab perhaps.
    AlertPrefs(AlertPrefs),
    Error(Error),
}

/// Something to alert a person to. Texts are one line each, as they are shown in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub kind: AlertKind,
    pub session: SessionId,
    /// The visitor's name, or what stands for it.
    pub title: String,
    pub text: String,
    /// Some tab of this person is on the screen.
    pub visible: bool,
    /// And has the keyboard.
    pub focused: bool,
}

/// What the alerts' page shows beside what the browser knows itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    pub prefs: AlertPrefs,
    /// The server's public key for Web Push, base64url; `None` when it cannot send any.
    pub push_key: Option<String>,
    /// The end of the address at which this sign-in's browser is subscribed, to compare; `None` when it is not.
    pub subscribed: Option<String>,
    /// Whether e-mails can be sent.
    pub email: bool,
}

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertTest {
    Sent,
    /// This browser is not subscribed, or no mail server is set up.
    NotSetUp,
    /// The other side did not take it; the server's log says why.
    Failed,
}

/// Where a browser wants its messages, as `PushSubscription.toJSON()` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushSubscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

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
    pub initials: String,
    pub hue: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    pub stars: Stars,
    pub words: String,
    pub at: Timestamp,
}

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

/// The customer panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub row: Row,
    pub site: String,
    pub language: Option<String>,
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
