//! People who work in the dashboard.

use domain::{AgentId, Availability, Role, Roles, Timestamp};
use uuid::Uuid;

use crate::{
    Conn, StoreError, Tx,
    rows::{moment, named, number},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub id: AgentId,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub roles: Roles,
    pub availability: Availability,
    /// Rises whenever a right changes: sockets that were opened under a lower one are closed.
    pub auth_epoch: i64,
    /// Most open chats in hand; 0 for no limit.
    pub chat_limit: u32,
    /// When they were offered a chat last.
    pub last_offer: Option<Timestamp>,
    pub created_at: Timestamp,
    pub deactivated_at: Option<Timestamp>,
}

/// An agent with what signing in needs. No `Debug`, so that no hash gets into a log.
#[derive(Clone)]
pub struct Credentials {
    pub agent: Agent,
    /// As made by argon2.
    pub password_hash: String,
}

#[derive(Clone)]
pub struct NewAgent {
    pub id: AgentId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub roles: Roles,
    pub now: Timestamp,
}

record! {
    pub(crate) struct AgentRecord {
        id: Uuid,
        email: String,
        name: String,
        password_hash: String,
        availability: String,
        auth_epoch: i64,
        chat_limit: i64,
        last_offer: Option<i64>,
        created_at: i64,
        deactivated_at: Option<i64>,
        is_agent: i64,
        is_supervisor: i64,
        is_admin: i64,
    }
}

macro_rules! select_agents {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.email, a.name, a.password_hash, a.availability, a.auth_epoch, a.chat_limit,
                a.last_offer, a.created_at, a.deactivated_at,
                (SELECT COUNT(*) FROM agent_roles r WHERE r.agent_id = a.id AND r.role = 'agent') AS is_agent,
                (SELECT COUNT(*) FROM agent_roles r WHERE r.agent_id = a.id AND r.role = 'supervisor') AS is_supervisor,
                (SELECT COUNT(*) FROM agent_roles r WHERE r.agent_id = a.id AND r.role = 'admin') AS is_admin
             FROM agents a ",
            $rest
        )
    };
}
pub(crate) use select_agents;

impl AgentRecord {
    pub(crate) fn credentials(self) -> Result<Credentials, StoreError> {
        let held = [(Role::Agent, self.is_agent), (Role::Supervisor, self.is_supervisor), (Role::Admin, self.is_admin)];
        let agent = Agent {
            id: AgentId::from_uuid(self.id),
            email: self.email,
            name: self.name,
            roles: Roles::of(held.into_iter().filter(|(_, rows)| *rows > 0).map(|(role, _)| role)),
            availability: named(Availability::from_name, &self.availability)?,
            auth_epoch: self.auth_epoch,
            chat_limit: number(self.chat_limit)?,
            last_offer: moment(self.last_offer),
            created_at: Timestamp::from_micros(self.created_at),
            deactivated_at: moment(self.deactivated_at),
        };
        Ok(Credentials { agent, password_hash: self.password_hash })
    }

    pub(crate) fn agent(self) -> Result<Agent, StoreError> {
        Ok(self.credentials()?.agent)
    }
}

impl Conn {
    /// Deactivated ones too.
    pub async fn agent(&mut self, id: AgentId) -> Result<Option<Agent>, StoreError> {
        let row = run!(one AgentRecord; self.engine()?, select_agents!("WHERE a.id = $1"), id.uuid())?;
        row.map(AgentRecord::agent).transpose()
    }

    /// Upper and lower case of the address are the same. Deactivated ones too.
    pub async fn credentials(&mut self, email: &str) -> Result<Option<Credentials>, StoreError> {
        let email = email.trim().to_lowercase();
        let row = run!(one AgentRecord; self.engine()?, select_agents!("WHERE a.email = $1"), email)?;
        row.map(AgentRecord::credentials).transpose()
    }

    /// By name, deactivated ones too.
    pub async fn agents(&mut self) -> Result<Vec<Agent>, StoreError> {
        let rows = run!(all AgentRecord; self.engine()?, select_agents!("ORDER BY LOWER(a.name), a.id"))?;
        rows.into_iter().map(AgentRecord::agent).collect()
    }
}

impl Conn {
    /// Those who had a line when the server was last heard of.
    pub async fn agents_here(&mut self) -> Result<Vec<AgentId>, StoreError> {
        let rows = run!(all (Uuid,); self.engine()?, "SELECT id FROM agents WHERE here = 1 ORDER BY id")?;
        Ok(rows.into_iter().map(|(id,)| AgentId::from_uuid(id)).collect())
    }
}

impl Tx {
    /// [`StoreError::Taken`] when the e-mail address is in use. They begin offline.
    pub async fn create_agent(&mut self, new: NewAgent) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO agents (id, email, name, password_hash, availability, auth_epoch, created_at)
             VALUES ($1, $2, $3, $4, 'offline', 0, $5)",
            new.id.uuid(),
            new.email.trim().to_lowercase(),
            new.name,
            new.password_hash,
            new.now.micros(),
        )?;
        self.add_roles(new.id, new.roles).await
    }

    /// Replaces the roles and raises the epoch.
    pub async fn set_roles(&mut self, id: AgentId, roles: Roles) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM agent_roles WHERE agent_id = $1", id.uuid())?;
        self.add_roles(id, roles).await?;
        self.bump_auth_epoch(id).await
    }

    pub async fn set_password_hash(&mut self, id: AgentId, hash: &str) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE agents SET password_hash = $2 WHERE id = $1", id.uuid(), hash)?;
        Ok(())
    }

    pub async fn set_availability(&mut self, id: AgentId, availability: Availability) -> Result<(), StoreError> {
        let name = availability.name();
        run!(done, self.engine()?, "UPDATE agents SET availability = $2 WHERE id = $1", id.uuid(), name)?;
        Ok(())
    }

    /// Whether they have a line, for the next start.
    pub async fn set_here(&mut self, id: AgentId, here: bool) -> Result<(), StoreError> {
        let sql = "UPDATE agents SET here = $2 WHERE id = $1";
        run!(done, self.engine()?, sql, id.uuid(), i64::from(here))?;
        Ok(())
    }

    /// 0 for no limit.
    pub async fn set_chat_limit(&mut self, id: AgentId, limit: u32) -> Result<(), StoreError> {
        let sql = "UPDATE agents SET chat_limit = $2 WHERE id = $1";
        run!(done, self.engine()?, sql, id.uuid(), i64::from(limit))?;
        Ok(())
    }

    /// Every socket of this agent has to prove its rights again.
    pub async fn bump_auth_epoch(&mut self, id: AgentId) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE agents SET auth_epoch = auth_epoch + 1 WHERE id = $1", id.uuid())?;
        Ok(())
    }

    /// Raises the epoch and ends every sign-in. The agent stays in the books.
    pub async fn deactivate_agent(&mut self, id: AgentId, now: Timestamp) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "UPDATE agents SET deactivated_at = $2, availability = 'offline', auth_epoch = auth_epoch + 1 WHERE id = $1",
            id.uuid(),
            now.micros(),
        )?;
        run!(done, self.engine()?, "DELETE FROM sign_ins WHERE agent_id = $1", id.uuid())?;
        Ok(())
    }

    async fn add_roles(&mut self, id: AgentId, roles: Roles) -> Result<(), StoreError> {
        let held = [(Role::Agent, roles.agent), (Role::Supervisor, roles.supervisor), (Role::Admin, roles.admin)];
        for (role, _) in held.into_iter().filter(|(_, held)| *held) {
            let sql = "INSERT INTO agent_roles (agent_id, role) VALUES ($1, $2)";
            run!(done, self.engine()?, sql, id.uuid(), role.name())?;
        }
        Ok(())
    }
}
