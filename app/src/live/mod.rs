//! What the screen knows, kept current by the socket. One for the whole dashboard; every tab has its own.

mod apply;
mod clock;
mod drafts;
mod kept;
mod noted;
mod outgoing;
mod rows;
mod send;
mod shelves;
#[cfg(feature = "hydrate")]
mod socket;
mod talk;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use domain::{AgentId, Availability, Roles, SessionId, Timestamp};
use leptos::prelude::*;
use wire::{
    Error,
    agent::{ClientFrame, Colleague, Inbox, Me, Queue, Row},
    visitor::Face,
};

use crate::inbox::api;

pub use clock::Clock;
pub use drafts::{Draft, Saved};
pub use kept::{ALL as UNSENT, classification_name};
pub use noted::{Noted, State as NotedState};
pub use outgoing::{Outgoing, Sending};
pub use rows::Rows;
pub use talk::Talk;

/// The state of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The first attempt: the page is fresh, so nothing is said.
    Opening,
    Up,
    /// Broken; the next attempt comes at this moment of the browser's clock.
    Lost {
        next: Timestamp,
    },
    /// Broken, and being tried.
    Trying,
    /// Back, and everything missed has come.
    CaughtUp,
}

/// What the socket's loop is asked to do.
#[derive(Debug)]
pub enum Say {
    Frame(ClientFrame),
    /// Somebody looks, or the network is back: find out at once whether the line stands.
    Wake,
    /// Connect now.
    Now,
}

/// The session that is open in the dock, on pages other than the inbox. Beside [`Live`], which is as large as something that
/// goes into every closure may be.
#[derive(Clone, Copy)]
pub struct Docked(pub RwSignal<Option<SessionId>>);

type Speaker = Arc<dyn Fn(Say) + Send + Sync>;

#[derive(Clone, Copy)]
pub struct Live {
    pub clock: Clock,
    pub me: RwSignal<Me>,
    pub rows: RwSignal<Rows>,
    pub queues: RwSignal<Vec<Queue>>,
    pub colleagues: RwSignal<Vec<Colleague>>,
    pub line: RwSignal<Line>,
    /// Something to say in passing.
    pub toast: RwSignal<String>,
    /// The sessions that are open on this screen, the newest last; once for each place where one stands.
    open: RwSignal<Vec<SessionId>>,
    /// The pointer is on the list: nothing may move there.
    pub hovering: RwSignal<bool>,
    /// Counts ended chats, so that the list of recent ones is read again.
    pub ended: RwSignal<u32>,
    /// How many of one's own messages the server has not got yet, in this whole browser.
    pub unsent: RwSignal<usize>,
    /// Where to go next within the dashboard; [`crate::app`] takes it up. Not a function kept somewhere: the router's own
    /// may not leave the thread it was made on, which on the server nothing promises.
    pub destination: RwSignal<Option<String>>,
    talks: StoredValue<HashMap<SessionId, Talk>>,
    speaker: StoredValue<Option<Speaker>>,
    page: StoredValue<Page>,
}

/// The page that this dashboard lives on.
struct Page {
    owner: Option<Owner>,
    awake: bool,
}

impl Live {
    /// Empty; [`Self::fill`] follows.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            me: RwSignal::new(nobody()),
            rows: RwSignal::new(Rows::default()),
            queues: RwSignal::default(),
            colleagues: RwSignal::default(),
            line: RwSignal::new(Line::Opening),
            toast: RwSignal::default(),
            open: RwSignal::default(),
            hovering: RwSignal::new(false),
            ended: RwSignal::new(0),
            unsent: RwSignal::new(0),
            destination: RwSignal::new(None),
            talks: StoredValue::default(),
            speaker: StoredValue::new(None),
            page: StoredValue::new(Page { owner: Owner::current(), awake: false }),
        }
    }

    /// The whole inbox as it is now.
    pub fn fill(self, inbox: Inbox) {
        self.clock.set(inbox.now);
        self.rows.update(|rows| {
            rows.belong_to(inbox.me.id);
            rows.replace(inbox.rows, inbox.rest);
        });
        self.queues.set(inbox.queues);
        self.colleagues.set(inbox.colleagues);
        self.me.set(inbox.me);
    }

    /// Whether no inbox has come yet.
    pub fn untouched(self) -> bool {
        self.me.with_untracked(|me| me.name.is_empty() && me.email.is_empty())
    }

    /// The browser is awake; `true` the first time.
    pub fn wake(self) -> bool {
        let first = self.page.try_update_value(|page| !std::mem::replace(&mut page.awake, true)) == Some(true);
        if first {
            self.clock.wake();
        }
        first
    }

    /// Opens the socket.
    pub fn start(self) {
        connect(self);
    }

    pub fn say(self, what: Say) {
        if let Some(speaker) = self.speaker.get_value() {
            speaker(what);
        }
    }

    /// The row as it is now, for handlers: nobody is told when it changes.
    pub fn row(self, session: SessionId) -> Option<Row> {
        self.rows.with_untracked(|rows| rows.get(session).cloned())
    }

    /// What a colleague is called; empty when they came after the list of them.
    pub fn name_of(self, agent: AgentId) -> String {
        if self.me.with(|me| me.id == agent) {
            return self.me.with(|me| me.face.name.clone());
        }
        self.colleagues
            .with(|all| all.iter().find(|one| one.id == agent).map(|one| one.face.name.clone()))
            .unwrap_or_default()
    }

    /// Asks for everything that was written before what is held, and in between.
    pub async fn read_all(self, session: SessionId) -> Result<(), Error> {
        let talk = self.talk(session);
        while let Some(before) = talk.missing() {
            talk.merge(api::history(session, before).await?);
            if talk.missing() == Some(before) {
                break;
            }
        }
        Ok(())
    }

    /// The conversation of a session. It stays as long as the page, whatever is on the screen.
    pub fn talk(self, session: SessionId) -> Talk {
        if let Some(talk) = self.talks.with_value(|talks| talks.get(&session).copied()) {
            return talk;
        }
        let make = || {
            let talk = Talk::new(session);
            self.mirror(talk);
            talk
        };
        let talk = self.page.with_value(|page| page.owner.clone()).map_or_else(make, |owner| owner.with(make));
        self.talks.update_value(|talks| {
            talks.insert(session, talk);
        });
        talk
    }

    fn all_talks(self) -> Vec<Talk> {
        self.talks.with_value(|talks| talks.values().copied().collect())
    }

    /// Hears all of this session from now on, until [`Self::unwatch`] has been called as often.
    pub fn watch(self, session: SessionId) {
        let first = !self.shows(session);
        self.open.update(|open| open.push(session));
        if first {
            self.catch_up(session);
        }
    }

    /// One of the places where it stood is gone.
    pub fn unwatch(self, session: SessionId) {
        self.open.update(|open| {
            if let Some(at) = open.iter().rposition(|one| *one == session) {
                open.remove(at);
            }
        });
        if !self.shows(session) {
            self.say(Say::Frame(ClientFrame::Unwatch { session }));
        }
    }

    /// Whether it stands on this screen, for handlers.
    pub fn shows(self, session: SessionId) -> bool {
        self.open.with_untracked(|open| open.contains(&session))
    }

    /// The one that was opened last: what is done by key is done to it. Tracked.
    pub fn current(self) -> Option<SessionId> {
        self.open.with(|open| open.last().copied())
    }

    /// All that stand on this screen, for handlers.
    pub fn shown(self) -> Vec<SessionId> {
        self.open.get_untracked()
    }

    /// Asks for everything after what is held.
    pub fn catch_up(self, session: SessionId) {
        let (after, epoch) = self.talk(session).position();
        self.say(Say::Frame(ClientFrame::Watch { session, after, epoch }));
    }

    pub fn notify(self, text: String) {
        self.toast.set(text);
    }
}

#[cfg(feature = "hydrate")]
fn connect(live: Live) {
    socket::start(live);
}

/// On the server nothing is live.
#[cfg(not(feature = "hydrate"))]
fn connect(_: Live) {}

/// Until the inbox has come.
fn nobody() -> Me {
    Me {
        id: domain::AgentId::from_uuid(uuid::Uuid::nil()),
        name: String::new(),
        email: String::new(),
        face: Face { name: String::new(), initials: String::new(), hue: 0 },
        roles: Roles::default(),
        availability: Availability::Offline,
        serving: Vec::new(),
        alerts: domain::AlertPrefs::default(),
    }
}
