//! What an agent has typed and not sent.

use domain::{AgentId, SessionId, Timestamp};

use crate::{Conn, StoreError, Tx};

impl Conn {
    pub async fn draft(&mut self, agent: AgentId, session: SessionId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT text FROM drafts WHERE agent_id = $1 AND session_id = $2";
        let row = run!(one (String,); self.engine()?, sql, agent.uuid(), session.uuid())?;
        Ok(row.map(|(text,)| text))
    }
}

impl Tx {
    pub async fn set_draft(
        &mut self,
        agent: AgentId,
        session: SessionId,
        text: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO drafts (agent_id, session_id, text, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (agent_id, session_id) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at",
            agent.uuid(),
            session.uuid(),
            text,
            now.micros(),
        )?;
        Ok(())
    }

    pub async fn clear_draft(&mut self, agent: AgentId, session: SessionId) -> Result<(), StoreError> {
        let sql = "DELETE FROM drafts WHERE agent_id = $1 AND session_id = $2";
        run!(done, self.engine()?, sql, agent.uuid(), session.uuid())?;
        Ok(())
    }
}
