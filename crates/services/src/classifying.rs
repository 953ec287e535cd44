//! What agents note about a chat, during it and after (PRODUCT A5, A10).

use domain::{Classification, Session, SessionId, Viewer};
use realtime::Frame;
use wire::{
    Conflict, Error, Field, Result,
    agent::{Classified, ServerFrame},
};

use crate::{Staff, faults};

impl Staff {
    /// As it stands, for whoever may read the chat whole; `None` for who only looks at a waiting one.
    pub async fn classification(&self, session: SessionId) -> Result<Option<Classified>> {
        let (row, viewer) = self.readable(session).await?;
        if viewer != Viewer::Staff {
            return Ok(None);
        }
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let (given, rev) = conn.classification(session).await.map_err(faults::stored)?;
        let tags = conn.tags().await.map_err(faults::stored)?;
        let currency = conn.usual_currency().await.map_err(faults::stored)?.unwrap_or_default();
        Ok(Some(Classified { given, rev, may_edit: self.may_classify(&row.session), tags, currency }))
    }

    /// Replaces it; by whoever has the chat or had it last, a colleague who writes along, or a supervisor of the queue.
    /// `rev` is the number it was read with: `Conflict(Changed)` when somebody else has changed it since.
    pub async fn classify(&self, session: SessionId, rev: u32, given: Classification) -> Result<u32> {
        let (row, _) = self.seen(session).await?;
        if !self.may_classify(&row.session) {
            return Err(Error::Forbidden);
        }
        let given = given.checked().map_err(|wrong| {
            Error::Invalid(
                wrong
                    .into_iter()
                    .map(|fault| Field { field: fault.field.to_owned(), problem: fault.problem })
                    .collect(),
            )
        })?;
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        let now = self.services.now();
        let rev = tx.set_classification(session, &given, rev, self.member.id, now).await.map_err(faults::stored)?;
        let rev = rev.ok_or(Error::Conflict(Conflict::Changed))?;
        tx.commit().await.map_err(faults::stored)?;
        // No event of the chat, so it does not go through the publisher: the number keeps those who look at it in order.
        let frame = Frame::of(&ServerFrame::Classified { session, given, rev });
        let staff_only = |viewer| (viewer == Viewer::Staff).then(|| frame.clone());
        self.services.inner().hub.tell_watchers(session, staff_only);
        Ok(rev)
    }

    fn may_classify(&self, chat: &Session) -> bool {
        (self.member.roles.agent && chat.worked_on_by(self.member.id)) || self.member.oversees(chat.queue)
    }
}
