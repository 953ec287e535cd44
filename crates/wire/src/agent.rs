//! What the dashboard and the server say to each other: the replies of server functions and the frames of the
//! agents' socket. Every command is a server function; the socket carries what happened, and the small things that
//! nobody has to acknowledge (typing, marks, what is looked at).

mod alerts;
mod chat;
mod ended;
mod inbox;

use domain::{AlertPrefs, Classification, SessionId};
use serde::{Deserialize, Serialize};

pub use self::{
    alerts::{Alert, AlertTest, Alerts, PushSubscription},
    chat::{Ack, Classified, Customer, Details, Earlier, Location, Shown, StaffEvent, Thread, Visit, Who},
    ended::{AnonymousRating, Recent, Resolved, ResolvedFilter},
    inbox::{Colleague, Destination, Destinations, Inbox, Me, Person, Queue, Rating, Rest, Ring, Row},
};
use crate::{Error, visitor::Marks};

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
    /// The visitor of a watched session is known by another name, or their page has said more about them.
    Customer {
        session: SessionId,
        person: Person,
        customer: Customer,
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
