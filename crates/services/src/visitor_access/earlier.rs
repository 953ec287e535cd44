//! A visitor's chats before the latest one, to be read (PRODUCT V10).

use domain::{SessionId, clip};
use store::{Conn, SessionRow};
use wire::{
    Error, PAGE, Result,
    visitor::{EarlierChat, EarlierChats, Page, What, Who},
};

use super::{VisitorAccess, shown};
use crate::{directory::Directory, faults, frames};

/// Chats in one answer.
const CHATS: u32 = 20;

/// Where the first words of a chat are looked for.
const FIRST_EVENTS: u32 = 3;
/// Characters.
const FIRST_WORDS: usize = 80;

/// Where the rating is looked for: it stands among the last things that happened to a chat.
const LAST_EVENTS: u32 = 8;

impl VisitorAccess {
    /// Their earlier chats, newest first; those before this one of them.
    ///
    /// # Errors
    ///
    /// `NotFound` where `before` is none of them, or the visitor has no chat; `RateLimited`.
    pub async fn earlier_chats(&self, before: Option<SessionId>) -> Result<EarlierChats> {
        // It asks for the first words of each, and so for more than a page of one chat.
        self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let latest = conn.latest_session_of_visitor(self.visitor.id).await.map_err(faults::stored)?;
        let mut from = latest.ok_or(Error::NotFound)?;
        if let Some(before) = before {
            from = self.earlier(&mut conn, before).await?;
        }
        // One more than is shown, to know whether more follow.
        let found = conn.earlier_sessions_of_visitor(&from, CHATS + 1).await.map_err(faults::stored)?;
        let more = found.len() > CHATS as usize;
        let directory = self.services.directory();
        let mut chats = Vec::new();
        for row in found.iter().take(CHATS as usize).filter(|row| !row.session.status.open()) {
            chats.push(self.told(&mut conn, row, &directory).await?);
        }
        Ok(EarlierChats { chats, more })
    }

    /// What was said in one of them, as they saw it then: the page of events before this number, or the last one.
    ///
    /// # Errors
    ///
    /// `NotFound` for every chat that is not one of their own earlier ones, whether it exists or not.
    pub async fn earlier_chat(&self, session: SessionId, before: Option<u32>) -> Result<Page> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let row = self.earlier(&mut conn, session).await?;
        let before = before.unwrap_or(u32::MAX).min(row.session.vseq.saturating_add(1));
        let events = conn.visitor_events_before(session, before, PAGE).await.map_err(faults::stored)?;
        let mut events = shown(&events, &self.services.directory());
        frames::last_that_fit(&mut events);
        let more = events.first().is_some_and(|first| first.vseq > 1);
        Ok(Page { events, more })
    }

    /// It, if it is their own, over, and not the latest: that one comes over the line.
    async fn earlier(&self, conn: &mut Conn, session: SessionId) -> Result<SessionRow> {
        let row = conn.session(session).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        if row.session.visitor != self.visitor.id || row.session.status.open() {
            return Err(Error::NotFound);
        }
        let latest = conn.latest_session_of_visitor(self.visitor.id).await.map_err(faults::stored)?;
        if latest.is_some_and(|latest| latest.session.id == session) {
            return Err(Error::NotFound);
        }
        Ok(row)
    }

    async fn told(&self, conn: &mut Conn, row: &SessionRow, directory: &Directory) -> Result<EarlierChat> {
        let session = &row.session;
        let first = conn.visitor_events_after(session.id, 0, FIRST_EVENTS).await.map_err(faults::stored)?;
        let last =
            conn.visitor_events_before(session.id, session.vseq + 1, LAST_EVENTS).await.map_err(faults::stored)?;
        let words = shown(&first, directory).into_iter().find_map(|event| match (event.who, event.what) {
            (Who::Visitor, What::Message { text }) => Some(clip(&text, FIRST_WORDS)),
            _ => None,
        });
        let stars = shown(&last, directory).into_iter().rev().find_map(|event| match event.what {
            What::Rated { stars } => Some(stars),
            _ => None,
        });
        Ok(EarlierChat {
            session: session.id,
            at: session.created_at,
            outcome: session.outcome,
            agent: session.owner.map(|owner| directory.face(owner)),
            first_words: words.unwrap_or_default(),
            stars,
        })
    }
}
