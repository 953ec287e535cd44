//! Visitors who went away while they waited: after two minutes their chat ends as abandoned, so that nobody answers an
//! empty page (DECISIONS: visitor gone 2 min = abandoned). A chat that an agent has taken is left to the agent.
//!
//! In memory: after a restart everyone has the two minutes again to come back.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{Author, Channel, Move, SessionId, Span, Status, Timestamp, VisitorId};
use store::{Act, ActError, SessionRow, StoreError};
use uuid::Uuid;

use crate::Services;

/// Pause between two looks.
const ROUND: Duration = Duration::from_secs(20);

/// How long a visitor may be away.
const GONE: Span = Span::seconds(120);

/// When visitors without an open line were last heard of, by chat.
#[derive(Default)]
pub struct Absences {
    since: Mutex<HashMap<SessionId, Timestamp>>,
    /// One look at a time: an older list of who waits would forget those who came after it.
    turn: tokio::sync::Mutex<()>,
}

impl Absences {
    /// Which of the waiting chats have been without their visitor for too long. `here` says who has a line open.
    fn over(&self, waiting: &[SessionRow], here: impl Fn(VisitorId) -> bool, now: Timestamp) -> Vec<SessionId> {
        let mut absent = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *absent);
        let mut over = Vec::new();
        for row in waiting.iter().filter(|row| !here(row.session.visitor)) {
            let session = row.session.id;
            let since = before.get(&session).copied().unwrap_or(now);
            if now - since >= GONE {
                over.push(session);
            } else {
                absent.insert(session, since);
            }
        }
        over
    }

    /// A sign of life over plain HTTP, which leaves no line open.
    pub fn heard(&self, session: SessionId, now: Timestamp) {
        if let Some(since) = self.since.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&session) {
            *since = now;
        }
    }
}

pub async fn run(services: Services) {
    loop {
        if let Err(cause) = services.run_absences().await {
            tracing::warn!(%cause, "absent visitors not looked for");
        }
        services.forget_heads();
        tokio::time::sleep(ROUND).await;
    }
}

impl Services {
    /// Ends the waiting chats whose visitors have gone.
    pub async fn run_absences(&self) -> Result<(), StoreError> {
        let _turn = self.inner().absences.turn.lock().await;
        let queues: Vec<_> = self.directory().queues.keys().copied().collect();
        let mut rows = self.inner().store.read().await?.open_in_queues(&queues).await?;
        rows.retain(|row| row.session.status == Status::WaitingForAgent && row.session.channel == Channel::Chat);
        let now = self.now();
        let here = |visitor| self.inner().hub.visitor_connected(visitor);
        for session in self.inner().absences.over(&rows, here, now) {
            let act = Act {
                session,
                movement: Move::Abandon,
                author: Author::System,
                author_id: Uuid::nil(),
                client_id: None,
                now,
            };
            match self.act(act).await {
                Ok(_) | Err(ActError::Refused(_) | ActError::NotFound | ActError::AlreadyOpen(_)) => {}
                Err(ActError::Store(cause)) => return Err(cause),
            }
        }
        Ok(())
    }
}
