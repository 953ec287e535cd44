//! Sign-ins of agents. Never called sessions: that is a chat.

use domain::{AgentId, SignInId, Timestamp};
use uuid::Uuid;

use crate::{
    Agent, Conn, StoreError, Tx,
    agents::{AgentRecord, select_agents},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub id: SignInId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// With roles and `auth_epoch` as they are now.
    pub agent: Agent,
}

#[derive(Clone)]
pub struct NewSignIn {
    pub id: SignInId,
    pub token_hash: [u8; 32],
    pub agent: AgentId,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

record! {
    struct Record {
        id: Uuid,
        agent_id: Uuid,
        created_at: i64,
        last_seen_at: i64,
        expires_at: i64,
    }
}

impl Conn {
    /// Expired ones and those of deactivated agents are returned too: the caller has the clock and decides.
    pub async fn sign_in(&mut self, token_hash: &[u8; 32]) -> Result<Option<SignIn>, StoreError> {
        let sql = "SELECT id, agent_id, created_at, last_seen_at, expires_at FROM sign_ins WHERE token_hash = $1";
        let Some(row) = run!(one Record; self.engine()?, sql, token_hash.as_slice())? else { return Ok(None) };
        let sql = select_agents!("WHERE a.id = $1");
        let Some(agent) = run!(one AgentRecord; self.engine()?, sql, row.agent_id)? else { return Ok(None) };
        Ok(Some(SignIn {
            id: SignInId::from_uuid(row.id),
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            agent: agent.agent()?,
        }))
    }
}

impl Tx {
    pub async fn create_sign_in(&mut self, new: NewSignIn) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO sign_ins (id, token_hash, agent_id, created_at, last_seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $4, $5)",
            new.id.uuid(),
            new.token_hash.as_slice(),
            new.agent.uuid(),
            new.now.micros(),
            new.expires_at.micros(),
        )?;
        Ok(())
    }

    pub async fn touch_sign_in(
        &mut self,
        id: SignInId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE sign_ins SET last_seen_at = $2, expires_at = $3 WHERE id = $1";
        run!(done, self.engine()?, sql, id.uuid(), now.micros(), expires_at.micros())?;
        Ok(())
    }

    pub async fn delete_sign_in(&mut self, id: SignInId) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM sign_ins WHERE id = $1", id.uuid())?;
        Ok(())
    }

    /// All of an agent, except the one that asks, if any.
    pub async fn delete_sign_ins_of(&mut self, agent: AgentId, except: Option<SignInId>) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sign_ins WHERE agent_id = $1 AND ($2 IS NULL OR id <> $2)";
        run!(done, self.engine()?, sql, agent.uuid(), except.map(SignInId::uuid))
    }

    pub async fn delete_expired_sign_ins(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        run!(done, self.engine()?, "DELETE FROM sign_ins WHERE expires_at <= $1", now.micros())
    }
}
