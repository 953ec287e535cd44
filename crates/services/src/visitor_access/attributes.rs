//! What a visitor's page says about them.

use domain::{AttributeChanges, ClientId};
use wire::{Error, Result, visitor::Ack};

use crate::{VisitorAccess, faults};

impl VisitorAccess {
    /// Keeps all of it, or nothing: `Invalid` with `attributes.KEY` names the first that is wrong. Needs no chat: one may
    /// begin later. Saying it again changes nothing, so that a repeat needs no first answer.
    pub(super) async fn set_attributes(&self, client_id: ClientId, changes: &AttributeChanges) -> Result<Ack> {
        let (services, visitor) = (self.services.inner(), self.visitor.id);
        services.guard.visitor_writes(visitor, self.services.now())?;
        let mut tx = services.store.begin().await.map_err(faults::stored)?;
        let held = tx.lock_attributes(visitor).await.map_err(faults::stored)?;
        let now = held.with(changes).map_err(|(key, problem)| Error::invalid(&format!("attributes.{key}"), problem))?;
        if now != held {
            tx.set_attributes(visitor, &now).await.map_err(faults::stored)?;
            tx.commit().await.map_err(faults::stored)?;
            self.services.customer_changed(visitor).await?;
        }
        // No event of the chat: the newest number it has, if there is one.
        let vseq = self.head().await.map_or(0, |head| head.vseq);
        Ok(Ack { client_id, vseq, at: self.services.now() })
    }
}
