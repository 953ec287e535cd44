//! Visitors whom the staff want to hear no more from (PRODUCT A9).
//!
//! It is the browser that is blocked, known by its token: it can begin no chat, take none up again and rate none. Who
//! comes with another browser is another visitor.

use domain::{ClientId, Move, Session, SessionId, Status};
use store::Block;
use wire::{Conflict, Error, Result};

use crate::{Staff, VisitorAccess, faults};

impl Staff {
    /// Blocks whose chat this is, and ends the chat that they have open now, wherever it is: `Conflict(TakenBy)` when a
    /// colleague has that one. Blocking again changes nothing.
    pub async fn block(&self, client_id: ClientId, session: SessionId) -> Result<()> {
        let (row, _) = self.seen(session).await?;
        if !self.may_block(&row.session) {
            return Err(Error::Forbidden);
        }
        let visitor = row.session.visitor;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let latest = conn.latest_session_of_visitor(visitor).await.map_err(faults::stored)?;
        drop(conn);
        let open = latest.map(|latest| latest.session).filter(|latest| latest.status.open());
        if let Some(open) = open.as_ref().filter(|open| !self.may_block(open)) {
            let directory = self.services.directory();
            return Err(match open.owner {
                Some(owner) => Error::Conflict(Conflict::TakenBy { name: directory.name(owner) }),
                None => Error::Forbidden,
            });
        }
        let (by, at) = (self.member.id, self.services.now());
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        // First of all, so that no chat is begun while the open one ends.
        if tx.block_visitor(visitor, session, Block { by, at }).await.map_err(faults::stored)? {
            self.note(&mut tx, "visitor.blocked", &visitor.to_string(), over(session), at).await?;
        }
        tx.commit().await.map_err(faults::stored)?;
        let Some(open) = open else { return Ok(()) };
        match self.act(client_id, open.id, Move::Block { by }).await {
            // It has ended by itself meanwhile.
            Ok(_) | Err(Error::Conflict(Conflict::Ended)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Lets them chat again.
    pub async fn unblock(&self, session: SessionId) -> Result<()> {
        let (row, _) = self.seen(session).await?;
        if !self.may_block(&row.session) {
            return Err(Error::Forbidden);
        }
        let visitor = row.session.visitor;
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        if tx.unblock_visitor(visitor).await.map_err(faults::stored)? {
            let now = self.services.now();
            self.note(&mut tx, "visitor.unblocked", &visitor.to_string(), over(session), now).await?;
        }
        tx.commit().await.map_err(faults::stored)?;
        // Their panel has hidden the ways to go on.
        self.services.inner().hub.greet_visitor(visitor);
        Ok(())
    }

    /// Whoever has the chat or had it last, may take it, or supervises its queue.
    pub(crate) fn may_block(&self, chat: &Session) -> bool {
        let member = &self.member;
        let waits = chat.status == Status::WaitingForAgent;
        member.oversees(chat.queue)
            || (member.roles.agent && chat.worked_on_by(member.id))
            || (waits && member.may_take(chat.queue))
    }
}

impl VisitorAccess {
    /// Before anything that begins a conversation anew or judges one.
    pub(crate) async fn must_not_be_blocked(&self) -> Result<()> {
        if self.blocked().await? { Err(Error::Forbidden) } else { Ok(()) }
    }

    pub(crate) async fn blocked(&self) -> Result<bool> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        Ok(conn.block(self.visitor.id).await.map_err(faults::stored)?.is_some())
    }
}

fn over(session: SessionId) -> serde_json::Value {
    serde_json::json!({ "chat": session.to_string() })
}
