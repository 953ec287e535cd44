//! The guard's rules.

use domain::{GuardId, GuardRule, Timestamp};
use uuid::Uuid;

use crate::{Conn, StoreError, Tx};

record! {
    struct Record {
        id: Uuid,
        name: String,
        reason: String,
        pattern: String,
        active: i64,
    }
}

impl Record {
    fn rule(self) -> Result<GuardRule, StoreError> {
        Ok(GuardRule {
            id: GuardId::from_uuid(self.id),
            name: self.name,
            reason: self.reason,
            pattern: serde_json::from_str(&self.pattern).map_err(StoreError::other)?,
            on: self.active != 0,
        })
    }
}

impl Conn {
    /// By name, resting ones too.
    pub async fn guard_rules(&mut self) -> Result<Vec<GuardRule>, StoreError> {
        let sql = "SELECT id, name, reason, pattern, active FROM guard_rules";
        let rows = run!(all Record; self.engine()?, sql)?;
        let mut rules = rows.into_iter().map(Record::rule).collect::<Result<Vec<_>, _>>()?;
        // Not by the engines: each has an order of letters of its own.
        rules.sort_by_cached_key(|rule| (rule.name.to_lowercase(), rule.id));
        Ok(rules)
    }
}

impl Tx {
    /// Makes it, or replaces the one with this id.
    pub async fn put_guard_rule(&mut self, rule: &GuardRule, now: Timestamp) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO guard_rules (id, name, reason, pattern, active, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, reason = excluded.reason,
                 pattern = excluded.pattern, active = excluded.active, updated_at = excluded.updated_at",
            rule.id.uuid(),
            rule.name.as_str(),
            rule.reason.as_str(),
            serde_json::to_string(&rule.pattern).map_err(StoreError::other)?,
            i64::from(rule.on),
            now.micros(),
        )?;
        Ok(())
    }

    pub async fn delete_guard_rule(&mut self, id: GuardId) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM guard_rules WHERE id = $1", id.uuid())?;
        Ok(())
    }
}
