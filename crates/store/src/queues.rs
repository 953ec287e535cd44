//! Queues, who works in them and who watches over them.

use domain::{AgentId, QueueId, QueueRules, QueueSettings, Timestamp, WrapUp};
use uuid::Uuid;

use crate::{Conn, StoreError, Tx, rows::number};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub id: QueueId,
    pub name: String,
    pub rules: QueueRules,
    pub settings: QueueSettings,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct NewQueue {
    pub id: QueueId,
    pub name: String,
    pub rules: QueueRules,
    pub settings: QueueSettings,
    pub now: Timestamp,
}

record! {
    struct Record {
        id: Uuid,
        name: String,
        wait_timeout_s: i64,
        wrap_up: String,
        wrap_up_s: i64,
        chat_limit: i64,
        settings: String,
        created_at: i64,
    }
}

macro_rules! select_queues {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, wait_timeout_s, wrap_up, wrap_up_s, chat_limit, settings, created_at FROM queues ",
            $rest
        )
    };
}

impl Record {
    fn queue(self) -> Result<Queue, StoreError> {
        Ok(Queue {
            id: QueueId::from_uuid(self.id),
            name: self.name,
            rules: rules(self.wait_timeout_s, &self.wrap_up, self.wrap_up_s, self.chat_limit)?,
            settings: serde_json::from_str(&self.settings).map_err(StoreError::other)?,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

pub(crate) fn rules(
    wait_timeout_s: i64,
    wrap_up: &str,
    wrap_up_s: i64,
    chat_limit: i64,
) -> Result<QueueRules, StoreError> {
    let wrap_up = match wrap_up {
        "none" => WrapUp::None,
        "timed" => WrapUp::Timed(number(wrap_up_s)?),
        "manual" => WrapUp::Manual,
        other => return Err(StoreError::other(format!("unknown wrap-up {other:?}"))),
    };
    Ok(QueueRules { wait_timeout: number(wait_timeout_s)?, wrap_up, chat_limit: number(chat_limit)? })
}

fn wrap_up_columns(wrap_up: WrapUp) -> (&'static str, i64) {
    match wrap_up {
        WrapUp::None => ("none", 0),
        WrapUp::Timed(seconds) => ("timed", i64::from(seconds)),
        WrapUp::Manual => ("manual", 0),
    }
}

impl Conn {
    pub async fn queue(&mut self, id: QueueId) -> Result<Option<Queue>, StoreError> {
        let sql = select_queues!("WHERE id = $1");
        run!(one Record; self.engine()?, sql, id.uuid())?.map(Record::queue).transpose()
    }

    /// Those in use, by name.
    pub async fn queues(&mut self) -> Result<Vec<Queue>, StoreError> {
        let sql = select_queues!("WHERE deleted_at IS NULL ORDER BY LOWER(name), id");
        run!(all Record; self.engine()?, sql)?.into_iter().map(Record::queue).collect()
    }

    /// The names of those that were deleted: ended chats still speak of them.
    pub async fn former_queues(&mut self) -> Result<Vec<(QueueId, String)>, StoreError> {
        let sql = "SELECT id, name FROM queues WHERE deleted_at IS NOT NULL ORDER BY id";
        let rows = run!(all (Uuid, String); self.engine()?, sql)?;
        Ok(rows.into_iter().map(|(id, name)| (QueueId::from_uuid(id), name)).collect())
    }

    /// Chats of the queue that are not resolved.
    pub async fn unresolved_in_queue(&mut self, queue: QueueId) -> Result<u32, StoreError> {
        let sql = "SELECT COUNT(*) FROM sessions WHERE queue_id = $1 AND status <> 'resolved'";
        number(run!(one (i64,); self.engine()?, sql, queue.uuid())?.map_or(0, |(count,)| count))
    }

    pub async fn queue_members(&mut self, queue: QueueId) -> Result<Vec<AgentId>, StoreError> {
        let sql = "SELECT agent_id FROM queue_members WHERE queue_id = $1 ORDER BY agent_id";
        let rows = run!(all (Uuid,); self.engine()?, sql, queue.uuid())?;
        Ok(rows.into_iter().map(|(id,)| AgentId::from_uuid(id)).collect())
    }

    pub async fn queue_supervisors(&mut self, queue: QueueId) -> Result<Vec<AgentId>, StoreError> {
        let sql = "SELECT agent_id FROM queue_supervisors WHERE queue_id = $1 ORDER BY agent_id";
        let rows = run!(all (Uuid,); self.engine()?, sql, queue.uuid())?;
        Ok(rows.into_iter().map(|(id,)| AgentId::from_uuid(id)).collect())
    }

    /// Where this agent works.
    pub async fn queues_of_agent(&mut self, agent: AgentId) -> Result<Vec<QueueId>, StoreError> {
        let sql = "SELECT queue_id FROM queue_members WHERE agent_id = $1 ORDER BY queue_id";
        let rows = run!(all (Uuid,); self.engine()?, sql, agent.uuid())?;
        Ok(rows.into_iter().map(|(id,)| QueueId::from_uuid(id)).collect())
    }

    /// What this agent supervises.
    pub async fn queues_supervised_by(&mut self, agent: AgentId) -> Result<Vec<QueueId>, StoreError> {
        let sql = "SELECT queue_id FROM queue_supervisors WHERE agent_id = $1 ORDER BY queue_id";
        let rows = run!(all (Uuid,); self.engine()?, sql, agent.uuid())?;
        Ok(rows.into_iter().map(|(id,)| QueueId::from_uuid(id)).collect())
    }
}

impl Tx {
    pub async fn create_queue(&mut self, new: NewQueue) -> Result<(), StoreError> {
        let (wrap_up, seconds) = wrap_up_columns(new.rules.wrap_up);
        run!(
            done,
            self.engine()?,
            "INSERT INTO queues (id, name, wait_timeout_s, wrap_up, wrap_up_s, chat_limit, settings, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            new.id.uuid(),
            new.name,
            i64::from(new.rules.wait_timeout),
            wrap_up,
            seconds,
            i64::from(new.rules.chat_limit),
            serde_json::to_string(&new.settings).map_err(StoreError::other)?,
            new.now.micros(),
        )?;
        Ok(())
    }

    /// Holds from the next move of each chat on.
    pub async fn update_queue(
        &mut self,
        id: QueueId,
        name: &str,
        rules: QueueRules,
        settings: &QueueSettings,
    ) -> Result<(), StoreError> {
        self.forget_heads();
        let (wrap_up, seconds) = wrap_up_columns(rules.wrap_up);
        run!(
            done,
            self.engine()?,
            "UPDATE queues SET name = $2, wait_timeout_s = $3, wrap_up = $4, wrap_up_s = $5, chat_limit = $6, settings = $7
             WHERE id = $1",
            id.uuid(),
            name,
            i64::from(rules.wait_timeout),
            wrap_up,
            seconds,
            i64::from(rules.chat_limit),
            serde_json::to_string(settings).map_err(StoreError::other)?,
        )?;
        Ok(())
    }

    /// Takes the queue out of use. Its row stays for the chats that were in it, and its supervisors with it, because
    /// those chats are still theirs to look at; nobody serves it any more.
    pub async fn delete_queue(&mut self, id: QueueId, now: Timestamp) -> Result<(), StoreError> {
        self.forget_heads();
        self.set_queue_members(id, &[]).await?;
        let sql = "UPDATE queues SET deleted_at = $2 WHERE id = $1";
        run!(done, self.engine()?, sql, id.uuid(), now.micros())?;
        Ok(())
    }

    /// Replaces the members.
    pub async fn set_queue_members(&mut self, queue: QueueId, agents: &[AgentId]) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM queue_members WHERE queue_id = $1", queue.uuid())?;
        for agent in agents {
            let sql = "INSERT INTO queue_members (queue_id, agent_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            run!(done, self.engine()?, sql, queue.uuid(), agent.uuid())?;
        }
        Ok(())
    }

    /// Replaces the supervisors.
    pub async fn set_queue_supervisors(&mut self, queue: QueueId, agents: &[AgentId]) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM queue_supervisors WHERE queue_id = $1", queue.uuid())?;
        for agent in agents {
            let sql = "INSERT INTO queue_supervisors (queue_id, agent_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            run!(done, self.engine()?, sql, queue.uuid(), agent.uuid())?;
        }
        Ok(())
    }
}
