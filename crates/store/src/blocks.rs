//! Visitors who may chat no more.

use domain::{AgentId, SessionId, Timestamp, VisitorId};
use uuid::Uuid;

use crate::{Conn, StoreError, Tx};

/// By whom, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub by: AgentId,
    pub at: Timestamp,
}

record! {
    struct Record {
        blocked_by: Uuid,
        blocked_at: i64,
    }
}

impl Conn {
    /// `None`: they may chat.
    pub async fn block(&mut self, visitor: VisitorId) -> Result<Option<Block>, StoreError> {
        let sql = "SELECT blocked_by, blocked_at FROM blocked_visitors WHERE visitor_id = $1";
        let row = run!(one Record; self.engine()?, sql, visitor.uuid())?;
        Ok(row.map(|row| Block { by: AgentId::from_uuid(row.blocked_by), at: Timestamp::from_micros(row.blocked_at) }))
    }
}

impl Tx {
    /// Whether they were not blocked before; else who did it first stays.
    pub async fn block_visitor(
        &mut self,
        visitor: VisitorId,
        session: SessionId,
        block: Block,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO blocked_visitors (visitor_id, session_id, blocked_by, blocked_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (visitor_id) DO NOTHING";
        let (by, at) = (block.by.uuid(), block.at.micros());
        Ok(run!(done, self.engine()?, sql, visitor.uuid(), session.uuid(), by, at)? > 0)
    }

    /// Whether they were blocked.
    pub async fn unblock_visitor(&mut self, visitor: VisitorId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM blocked_visitors WHERE visitor_id = $1";
        Ok(run!(done, self.engine()?, sql, visitor.uuid())? > 0)
    }
}
