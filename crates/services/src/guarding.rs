//! Guarded words: the check of every send, and the admin's rules.

use domain::{
    AgentId, FieldProblem, GUARD_NAME, GUARD_REASON, GUARD_RULES, Guard, GuardId, GuardPattern, GuardRule, Hit, Move,
    check_expression, check_pattern, one_line,
};
use serde_json::json;
use wire::{Conflict, Error, Field, GuardHit, Result, composer::GuardDraft};

use crate::{Administration, faults, random};

/// The move that sends the text, or what stands against it. `anyway` are the rules that the sender has seen and overrides;
/// which of them it was is noted in the chat.
pub fn judged(guard: &Guard, agent: AgentId, text: String, anyway: &[GuardId]) -> (Move, Result<()>) {
    let hits = guard.check(&text);
    if hits.is_empty() {
        return (Move::AgentWrites { agent, text }, Ok(()));
    }
    let may = if hits.iter().all(|hit| anyway.contains(&hit.rule)) {
        Ok(())
    } else {
        Err(Error::Conflict(Conflict::Guarded { hits: told(guard, &hits) }))
    };
    let found = guard.rules().filter(|rule| hits.iter().any(|hit| hit.rule == rule.id));
    let rules = found.map(|rule| rule.name.clone()).collect();
    (Move::AgentInsists { agent, text, rules }, may)
}

fn told(guard: &Guard, hits: &[Hit]) -> Vec<GuardHit> {
    let with_rule = |hit: &Hit| {
        let rule = guard.rule(hit.rule)?;
        Some(GuardHit {
            rule: hit.rule,
            name: rule.name.clone(),
            reason: rule.reason.clone(),
            from: hit.from,
            to: hit.to,
        })
    };
    hits.iter().filter_map(with_rule).collect()
}

impl Administration {
    /// By name, resting ones too.
    pub async fn guard_rules(&self) -> Result<Vec<GuardRule>> {
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        conn.guard_rules().await.map_err(faults::stored)
    }

    /// Makes a rule, or changes the one with this id. It holds for every send from now on.
    pub async fn save_guard_rule(&self, id: Option<GuardId>, draft: GuardDraft) -> Result<GuardRule> {
        let services = &self.staff.services;
        let now = services.now();
        let rule = checked(id.unwrap_or_else(|| GuardId::from_uuid(random::id(now))), draft)?;
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        let rules = tx.guard_rules().await.map_err(faults::stored)?;
        if id.is_some_and(|id| rules.iter().all(|rule| rule.id != id)) {
            return Err(Error::NotFound);
        }
        if rules.iter().any(|other| other.id != rule.id && other.name.to_lowercase() == rule.name.to_lowercase()) {
            return Err(Error::Conflict(Conflict::Exists));
        }
        if id.is_none() && rules.len() >= GUARD_RULES {
            return Err(Error::invalid("rules", FieldProblem::TooLong));
        }
        tx.put_guard_rule(&rule, now).await.map_err(faults::stored)?;
        let data = json!({"name": rule.name, "on": rule.on});
        self.staff.note(&mut tx, "guard.saved", &rule.id.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        services.reload_directory().await.map_err(faults::stored)?;
        Ok(rule)
    }

    pub async fn delete_guard_rule(&self, id: GuardId) -> Result<()> {
        let services = &self.staff.services;
        let now = services.now();
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        let rules = tx.guard_rules().await.map_err(faults::stored)?;
        let rule = rules.into_iter().find(|rule| rule.id == id).ok_or(Error::NotFound)?;
        tx.delete_guard_rule(id).await.map_err(faults::stored)?;
        self.staff.note(&mut tx, "guard.deleted", &id.to_string(), json!({"name": rule.name}), now).await?;
        tx.commit().await.map_err(faults::stored)?;
        services.reload_directory().await.map_err(faults::stored)
    }

    /// What a rule would find in a text; nothing is kept.
    pub fn try_guard_rule(&self, draft: GuardDraft, text: &str) -> Result<Vec<Hit>> {
        let id = GuardId::from_uuid(random::id(self.staff.services.now()));
        let rule = checked(id, GuardDraft { on: true, name: "Test".to_owned(), ..draft })?;
        Ok(Guard::of([rule]).check(text))
    }
}

/// The rule as it is kept, or everything that is wrong with it.
fn checked(id: GuardId, draft: GuardDraft) -> Result<GuardRule> {
    let mut wrong = Vec::new();
    let fault = |field: &str, problem| Field { field: field.to_owned(), problem };
    let name = one_line(&draft.name, GUARD_NAME + 1);
    match name.chars().count() {
        0 => wrong.push(fault("name", FieldProblem::Missing)),
        1..=GUARD_NAME => {}
        _ => wrong.push(fault("name", FieldProblem::TooLong)),
    }
    let reason = one_line(&draft.reason, GUARD_REASON + 1);
    if reason.chars().count() > GUARD_REASON {
        wrong.push(fault("reason", FieldProblem::TooLong));
    }
    let pattern = match draft.pattern {
        GuardPattern::Expression(source) => check_expression(&source),
        other => check_pattern(other),
    };
    match pattern {
        Ok(pattern) if wrong.is_empty() => Ok(GuardRule { id, name, reason, pattern, on: draft.on }),
        Ok(_) => Err(Error::Invalid(wrong)),
        Err(problem) => {
            wrong.push(fault("pattern", problem));
            Err(Error::Invalid(wrong))
        }
    }
}
