//! Reply templates.

use domain::{AgentId, MacroId, MacroOwner, QueueId, Timestamp};
use uuid::Uuid;

use crate::{Conn, StoreError, Tx, dialect::Ids};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    pub id: MacroId,
    pub owner: MacroOwner,
    pub title: String,
    pub text: String,
}

record! {
    struct Record {
        id: Uuid,
        agent_id: Option<Uuid>,
        queue_id: Option<Uuid>,
        title: String,
        text: String,
    }
}

impl Record {
    fn into_macro(self) -> Macro {
        let owner = match (self.agent_id, self.queue_id) {
            (Some(agent), _) => MacroOwner::Agent(AgentId::from_uuid(agent)),
            (None, Some(queue)) => MacroOwner::Queue(QueueId::from_uuid(queue)),
            (None, None) => MacroOwner::Everyone,
        };
        Macro { id: MacroId::from_uuid(self.id), owner, title: self.title, text: self.text }
    }
}

/// The two columns.
fn owner_columns(owner: MacroOwner) -> (Option<Uuid>, Option<Uuid>) {
    match owner {
        MacroOwner::Agent(agent) => (Some(agent.uuid()), None),
        MacroOwner::Queue(queue) => (None, Some(queue.uuid())),
        MacroOwner::Everyone => (None, None),
    }
}

impl Conn {
    pub async fn reply_macro(&mut self, id: MacroId) -> Result<Option<Macro>, StoreError> {
        let sql = "SELECT id, agent_id, queue_id, title, text FROM macros WHERE id = $1";
        Ok(run!(one Record; self.engine()?, sql, id.uuid())?.map(Record::into_macro))
    }

    /// By title: this agent's own, those of these queues, and those of everyone.
    pub async fn macros_for(&mut self, agent: AgentId, queues: &[QueueId]) -> Result<Vec<Macro>, StoreError> {
        let queues: Vec<Uuid> = queues.iter().map(|queue| queue.uuid()).collect();
        let sql = among!(
            "SELECT id, agent_id, queue_id, title, text FROM macros
             WHERE agent_id = $1 OR (agent_id IS NULL AND queue_id IS NULL) OR queue_id ",
            "$2",
            ""
        );
        let rows = run!(all Record; self.engine()?, sql, agent.uuid(), Ids(&queues))?;
        let mut found: Vec<_> = rows.into_iter().map(Record::into_macro).collect();
        // Not by the engines: each has an order of letters of its own.
        found.sort_by_cached_key(|one| (one.title.to_lowercase(), one.id));
        Ok(found)
    }

    pub async fn count_macros(&mut self, owner: MacroOwner) -> Result<u64, StoreError> {
        let (agent, queue) = owner_columns(owner);
        let row = match (agent, queue) {
            (Some(agent), _) => {
                run!(one (i64,); self.engine()?, "SELECT COUNT(*) FROM macros WHERE agent_id = $1", agent)?
            }
            (None, Some(queue)) => {
                run!(one (i64,); self.engine()?, "SELECT COUNT(*) FROM macros WHERE queue_id = $1", queue)?
            }
            (None, None) => {
                let sql = "SELECT COUNT(*) FROM macros WHERE agent_id IS NULL AND queue_id IS NULL";
                run!(one (i64,); self.engine()?, sql)?
            }
        };
        Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
    }
}

impl Tx {
    /// Makes it, or replaces the one with this id. [`StoreError::Taken`] when its owner has another one of this title,
    /// whatever the case of its letters; [`StoreError::Missing`] when there is no such owner.
    pub async fn put_macro(&mut self, one: &Macro, now: Timestamp) -> Result<(), StoreError> {
        let (agent, queue) = owner_columns(one.owner);
        run!(
            done,
            self.engine()?,
            "INSERT INTO macros (id, agent_id, queue_id, title, title_key, text, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO UPDATE SET agent_id = excluded.agent_id, queue_id = excluded.queue_id,
                 title = excluded.title, title_key = excluded.title_key, text = excluded.text,
                 updated_at = excluded.updated_at",
            one.id.uuid(),
            agent,
            queue,
            one.title.as_str(),
            one.title.to_lowercase(),
            one.text.as_str(),
            now.micros(),
        )?;
        Ok(())
    }

    pub async fn delete_macro(&mut self, id: MacroId) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM macros WHERE id = $1", id.uuid())?;
        Ok(())
    }
}
