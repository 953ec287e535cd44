//! What an agent does with chats. Each command carries a client's id: a repeat gets the first answer.

use domain::{ClientId, FieldProblem, GuardId, Move, Outcome, SessionId, TextError, Timestamp, Viewer, message_text};
use wire::{
    Error, Result,
    agent::{Ack, Recent},
};

use crate::{Staff, faults, guarding::judged, views};

/// Rows of one page of Recent.
const PAGE: u32 = 50;

/// Someone with the agent role.
#[derive(Clone)]
pub struct Desk {
    pub(crate) staff: Staff,
}

impl Desk {
    /// Takes a waiting chat. Exactly one of those who try at once gets it; the others get `Conflict(TakenBy)`.
    pub async fn claim(&self, client_id: ClientId, session: SessionId) -> Result<Ack> {
        let agent = self.staff.member.id;
        let may = self.may_claim(session).await;
        self.act_if(may, client_id, session, Move::Claim { agent }).await
    }

    /// What the guard finds is not sent: `Conflict(Guarded)`.
    pub async fn send(&self, client_id: ClientId, session: SessionId, text: String) -> Result<Ack> {
        self.send_anyway(client_id, session, text, &[]).await
    }

    /// Sends over those of the guard's rules that the sender has seen, `overridden`; the chat notes which it was.
    pub async fn send_anyway(
        &self,
        client_id: ClientId,
        session: SessionId,
        text: String,
        overridden: &[GuardId],
    ) -> Result<Ack> {
        let directory = self.staff.services.directory();
        let (movement, guarded) = judged(&directory.guard, self.staff.member.id, checked(&text)?, overridden);
        let may = self.staff.seen(session).await.map(drop).and(guarded);
        let ack = self.act_if(may, client_id, session, movement).await?;
        self.forget_draft(session).await;
        Ok(ack)
    }

    /// A note that the visitor never sees.
    pub async fn note(&self, client_id: ClientId, session: SessionId, text: String) -> Result<Ack> {
        let agent = self.staff.member.id;
        let text = checked(&text)?;
        let may = self.staff.seen(session).await.and_then(|(_, viewer)| match viewer {
            Viewer::Staff => Ok(()),
            Viewer::Passer | Viewer::Visitor => Err(Error::Forbidden),
        });
        self.act_if(may, client_id, session, Move::AgentNotes { agent, text }).await
    }

    pub async fn end(&self, client_id: ClientId, session: SessionId) -> Result<Ack> {
        let agent = self.staff.member.id;
        let closing = self.closing_words(session).await;
        self.act_as_owner(client_id, session, Move::End { agent, closing }).await
    }

    pub async fn close_wrap_up(&self, client_id: ClientId, session: SessionId) -> Result<Ack> {
        let agent = self.staff.member.id;
        self.act_as_owner(client_id, session, Move::CloseWrapUp { agent }).await
    }

    /// One's own ended chats, or those that ended so, newest first; a page begins after `before`, the last row of the
    /// one shown. The average is of all of them.
    pub async fn recent(&self, outcome: Option<Outcome>, before: Option<(Timestamp, SessionId)>) -> Result<Recent> {
        let agent = self.staff.member.id;
        let directory = self.staff.services.directory();
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let mut rows =
            conn.recent_of_agent(agent, outcome, before.map(whole), PAGE + 1).await.map_err(faults::stored)?;
        let average = conn.average_rating(agent).await.map_err(faults::stored)?;
        let more = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        Ok(Recent {
            rows: rows.iter().map(|row| views::resolved(row, &directory)).collect(),
            more,
            average: average.map(crate::supervision::average),
        })
    }

    pub(crate) async fn may_claim(&self, session: SessionId) -> Result<()> {
        let row = self.staff.services.inner().store.read().await.map_err(faults::stored)?.session(session).await;
        let row = row.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        let member = &self.staff.member;
        // Not `seen`: whoever comes too late is told who has it instead of being told that there is no such chat.
        match (member.may_take(row.session.queue), member.oversees(row.session.queue)) {
            (true, _) => Ok(()),
            (false, true) => Err(Error::Forbidden),
            (false, false) => Err(Error::NotFound),
        }
    }

    /// A move that only the owner can make, which the session itself judges. Who may not even see it is told nothing of it.
    pub(crate) async fn act_as_owner(&self, client_id: ClientId, session: SessionId, movement: Move) -> Result<Ack> {
        let may = self.staff.seen(session).await.map(drop);
        self.act_if(may, client_id, session, movement).await
    }

    /// Makes the move for whom it is allowed. Who may not (any more) still gets the answer to what they did when they
    /// could: it may have been lost on the way, and the session have gone to somebody else since.
    pub(crate) async fn act_if(
        &self,
        may: Result<()>,
        client_id: ClientId,
        session: SessionId,
        movement: Move,
    ) -> Result<Ack> {
        match may {
            Ok(()) => self.staff.act(client_id, session, movement).await,
            Err(refused) => self.first_answer(client_id, refused).await,
        }
    }

    pub(crate) async fn first_answer(&self, client_id: ClientId, refused: Error) -> Result<Ack> {
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let first = conn.first_answer(self.staff.member.id.uuid(), client_id).await.map_err(faults::stored)?;
        first.map(|first| Ack { session: first.session, seq: first.seq, at: first.at }).ok_or(refused)
    }

    /// What the chat's queue says before the end.
    async fn closing_words(&self, session: SessionId) -> Option<String> {
        // Who may not end it is told so by the move; a repeat still finds its first answer.
        let Ok((row, _)) = self.staff.seen(session).await else { return None };
        let directory = self.staff.services.directory();
        directory.queues.get(&row.session.queue)?.settings.texts.closing.clone()
    }

    /// What was sent is no draft any more. A failure only leaves a stale draft behind, so it is no failure of sending.
    async fn forget_draft(&self, session: SessionId) {
        if let Err(error) = self.staff.save_draft(session, String::new()).await {
            tracing::debug!(code = error.code(), "draft not forgotten");
        }
    }
}

/// The end of a page as the wire tells it, in milliseconds: the last microsecond of it, so that no row is left out.
/// Rows of the same millisecond may come twice; the screen knows them by their id.
pub(crate) fn whole((at, session): (Timestamp, SessionId)) -> (Timestamp, SessionId) {
    (Timestamp::from_micros(at.micros() + 999), session)
}

pub(crate) fn checked(text: &str) -> Result<String> {
    message_text(text).map_err(|error| {
        let problem = match error {
            TextError::Empty => FieldProblem::Missing,
            TextError::TooLong => FieldProblem::TooLong,
        };
        Error::invalid("text", problem)
    })
}
