//! The person behind a chat: what the panel beside it shows, and their earlier chats.

use domain::{EventKind, Session, SessionId, Status, Viewer, clip};
use store::{Conn, SessionRow};
use wire::{
    Error, Result,
    agent::{Customer, Details, Earlier, Rating},
};

use crate::{Staff, browser, directory::place, faults, region, views};

/// Where the rating of an ended chat is looked for: it stands among the last things that happened to it.
const LAST_EVENTS: u32 = 8;

/// Where the first words of a chat are looked for.
const FIRST_EVENTS: u32 = 3;
const EARLIER_WORDS: usize = 80;

/// Earlier chats shown beside a conversation.
const EARLIER: u32 = 10;

/// How many of a person's later chats may give the right to read an earlier one. The one that somebody has open now is
/// among the newest.
const LATER: u32 = 100;

impl Staff {
    /// The customer panel.
    pub async fn details(&self, session: SessionId) -> Result<Details> {
        let (row, viewer) = self.readable(session).await?;
        let directory = self.services.directory();
        let chat = &row.session;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let visitor = conn.visitor(chat.visitor).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        let attributes = conn.attributes(chat.visitor).await.map_err(faults::stored)?;
        let pages = conn.page_visits(session).await.map_err(faults::stored)?;
        let before = conn.count_earlier_sessions(&row).await.map_err(faults::stored)?;
        let earlier = self.earlier(&mut conn, &row).await?;
        let block = conn.block(chat.visitor).await.map_err(faults::stored)?;
        let own_right = self.member.viewer(&place(chat)).is_some();
        let open = chat.status.open();
        let rating = if open { None } else { last_rating(&mut conn, chat).await? };
        Ok(Details {
            site: directory.sites.get(&chat.site).map(|site| site.name.clone()).unwrap_or_default(),
            customer: Customer { user_id: visitor.user_id, signed: visitor.signed, attributes },
            language: Some(visitor.language).filter(|language| !language.is_empty()),
            location: region::of_zone(&visitor.time_zone, self.services.now()),
            browser: browser::readable(&visitor.user_agent),
            started_at: chat.created_at,
            episode: chat.episode,
            pages: pages.into_iter().map(views::visit).collect(),
            before,
            earlier,
            may_write: open && viewer == Viewer::Staff && chat.worked_on_by(self.member.id) && self.member.roles.agent,
            may_take: chat.status == Status::WaitingForAgent && self.member.may_take(chat.queue),
            may_block: own_right && self.may_block(chat),
            blocked: block.map(|block| (directory.name(block.by), block.at)),
            row: wire::agent::Row { rating, ..views::row(&row, &directory) },
        })
    }

    /// The session, if this viewer may read it, and how much of it: by a right of their own, or because it is an earlier
    /// chat, over by now, of a person one of whose later chats they may see (PRODUCT A5). Then it is read whole, notes
    /// included, as whoever had it wrote them for the next one. That is no right to do anything with it:
    /// commands ask [`Self::seen`].
    pub(crate) async fn readable(&self, session: SessionId) -> Result<(SessionRow, Viewer)> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let row = conn.session(session).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        if let Some(viewer) = self.member.viewer(&place(&row.session)) {
            return Ok((row, viewer));
        }
        if !over(&row.session) {
            return Err(Error::NotFound);
        }
        let later = conn.later_sessions(&row, LATER).await.map_err(faults::stored)?;
        let known = later.iter().any(|later| self.member.viewer(&place(&later.session)).is_some());
        if known { Ok((row, Viewer::Staff)) } else { Err(Error::NotFound) }
    }

    /// Earlier chats of the same person, newest first. Of one that is still going on elsewhere only that it is there.
    async fn earlier(&self, conn: &mut Conn, row: &SessionRow) -> Result<Vec<Earlier>> {
        let directory = self.services.directory();
        let mut known = Vec::new();
        for row in conn.earlier_sessions(row, EARLIER).await.map_err(faults::stored)? {
            let chat = &row.session;
            let may_read = over(chat) || self.member.viewer(&place(chat)).is_some();
            let mut told = Earlier {
                session: chat.id,
                first_words: String::new(),
                at: chat.ended_at.unwrap_or(chat.last_at),
                agent: chat.owner.map(|owner| directory.name(owner)),
                stars: None,
                may_read,
            };
            if may_read {
                told.stars = last_rating(conn, chat).await?.map(|rating| rating.stars);
                let first = conn.events_after(chat.id, 0, FIRST_EVENTS).await.map_err(faults::stored)?;
                let words = first.iter().find_map(|event| match &event.kind {
                    EventKind::Message { text } => Some(clip(text, EARLIER_WORDS)),
                    _ => None,
                });
                told.first_words = words.unwrap_or_default();
            }
            known.push(told);
        }
        Ok(known)
    }
}

/// For everybody but its owner: a wrap-up is theirs alone to finish, and there is nothing to disturb in it.
fn over(chat: &Session) -> bool {
    !chat.status.open()
}

/// The named rating of an ended chat, as it was given last.
async fn last_rating(conn: &mut Conn, chat: &Session) -> Result<Option<Rating>> {
    let last = conn.events_before(chat.id, chat.seq + 1, LAST_EVENTS).await.map_err(faults::stored)?;
    Ok(last.into_iter().rev().find_map(|event| match event.kind {
        EventKind::Rated { stars, words } => Some(Rating { stars, words, at: event.at }),
        _ => None,
    }))
}
