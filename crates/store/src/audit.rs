//! Who changed what, for those who have to answer for it.

use domain::{AgentId, Timestamp};
use uuid::Uuid;

use crate::{Conn, StoreError, Tx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Time-ordered.
    pub id: Uuid,
    pub at: Timestamp,
    /// `None`: the program itself, or its command line.
    pub actor: Option<AgentId>,
    /// A name such as `agent.created`.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// A JSON object.
    pub data: String,
}

record! {
    struct Record {
        id: Uuid,
        at: i64,
        actor: Option<Uuid>,
        action: String,
        subject: String,
        data: String,
    }
}

impl Conn {
    /// Newest first, before the entry `before`.
    pub async fn audit(&mut self, before: Option<Uuid>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = "SELECT id, at, actor, action, subject, data FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2";
        let rows = run!(all Record; self.engine()?, sql, before.unwrap_or(Uuid::max()), i64::from(limit))?;
        let entry = |row: Record| AuditEntry {
            id: row.id,
            at: Timestamp::from_micros(row.at),
            actor: row.actor.map(AgentId::from_uuid),
            action: row.action,
            subject: row.subject,
            data: row.data,
        };
        Ok(rows.into_iter().map(entry).collect())
    }
}

impl Tx {
    pub async fn add_audit(&mut self, entry: AuditEntry) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO audit (id, at, actor, action, subject, data) VALUES ($1, $2, $3, $4, $5, $6)",
            entry.id,
            entry.at.micros(),
            entry.actor.map(AgentId::uuid),
            entry.action,
            entry.subject,
            entry.data,
        )?;
        Ok(())
    }
}
