//! What only admins may do.

use domain::Timestamp;
use serde_json::Value;
use store::{AuditEntry, Tx};
use wire::Result;

use crate::{Staff, faults, random};

/// Someone with the admin role.
#[derive(Clone)]
pub struct Administration {
    pub(crate) staff: Staff,
}

impl Staff {
    /// Writes down who changed what, in the same transaction as the change.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        action: &str,
        subject: &str,
        data: Value,
        now: Timestamp,
    ) -> Result<()> {
        let entry = AuditEntry {
            id: random::id(now),
            at: now,
            actor: Some(self.member.id),
            action: action.to_owned(),
            subject: subject.to_owned(),
            data: data.to_string(),
        };
        tx.add_audit(entry).await.map_err(faults::stored)
    }
}
