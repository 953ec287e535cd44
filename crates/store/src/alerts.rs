//! What agents are alerted to: their choices, their browsers that take Web Push, and what is on its way out.

use domain::{AgentId, AlertKind, SessionId, SignInId, Span, Timestamp};
use uuid::Uuid;

use crate::{
    Conn, StoreError, Tx,
    rows::{fresh_id, named, number},
};

/// A browser that takes Web Push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushSubscription {
    pub id: Uuid,
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

/// Something to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    pub agent: AgentId,
    /// To this browser; `None`: by e-mail.
    pub subscription: Option<Uuid>,
    /// `None`: a test.
    pub session: Option<SessionId>,
    pub kind: AlertKind,
    pub title: String,
    pub body: String,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

/// Something that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueAlert {
    pub id: Uuid,
    pub agent: AgentId,
    /// `None`: by e-mail.
    pub subscription: Option<PushSubscription>,
    pub session: Option<SessionId>,
    pub kind: AlertKind,
    pub title: String,
    pub body: String,
    pub expires_at: Timestamp,
    /// How often it was tried before.
    pub attempts: u32,
}

record! {
    struct Subscription {
        id: Uuid,
        endpoint: String,
        p256dh: String,
        auth: String,
    }
}

record! {
    struct Due {
        id: Uuid,
        agent_id: Uuid,
        subscription_id: Option<Uuid>,
        session_id: Option<Uuid>,
        kind: String,
        title: String,
        body: String,
        expires_at: i64,
        attempts: i64,
    }
}

impl Conn {
    /// Of all who have chosen something, as JSON.
    pub async fn alert_preferences(&mut self) -> Result<Vec<(AgentId, String)>, StoreError> {
        let sql = "SELECT agent_id, preferences FROM alert_preferences";
        let rows = run!(all (Uuid, String); self.engine()?, sql)?;
        Ok(rows.into_iter().map(|(agent, chosen)| (AgentId::from_uuid(agent), chosen)).collect())
    }

    /// The browsers of an agent whose sign-ins still hold.
    pub async fn push_subscriptions(
        &mut self,
        agent: AgentId,
        now: Timestamp,
    ) -> Result<Vec<PushSubscription>, StoreError> {
        let sql = "SELECT p.id, p.endpoint, p.p256dh, p.auth FROM push_subscriptions p
             JOIN sign_ins s ON s.id = p.sign_in_id WHERE p.agent_id = $1 AND s.expires_at > $2 ORDER BY p.id";
        let rows = run!(all Subscription; self.engine()?, sql, agent.uuid(), now.micros())?;
        Ok(rows.into_iter().map(Subscription::public).collect())
    }

    /// The browser of this sign-in.
    pub async fn push_subscription(&mut self, sign_in: SignInId) -> Result<Option<PushSubscription>, StoreError> {
        let sql = "SELECT id, endpoint, p256dh, auth FROM push_subscriptions WHERE sign_in_id = $1";
        Ok(run!(one Subscription; self.engine()?, sql, sign_in.uuid())?.map(Subscription::public))
    }

    /// Whether this was said to the agent since then, or is about to be.
    pub async fn alerted_since(
        &mut self,
        agent: AgentId,
        session: SessionId,
        kind: AlertKind,
        email: bool,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql =
            "SELECT CAST(COUNT(*) AS BIGINT) FROM alert_outbox WHERE agent_id = $1 AND session_id = $2 AND kind = $3
             AND (subscription_id IS NULL) = ($4 = 1) AND created_at > $5";
        let row = run!(
            one (i64,);
            self.engine()?, sql, agent.uuid(), session.uuid(), kind.name(), i64::from(email), since.micros()
        )?;
        Ok(row.is_some_and(|(count,)| count > 0))
    }

    /// When the next attempt falls due.
    pub async fn next_alert(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT MIN(due_at) FROM alert_outbox WHERE done_at IS NULL";
        let row = run!(one (Option<i64>,); self.engine()?, sql)?;
        Ok(row.and_then(|(due,)| due).map(Timestamp::from_micros))
    }
}

impl Tx {
    pub async fn set_alert_preferences(&mut self, agent: AgentId, chosen: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO alert_preferences (agent_id, preferences) VALUES ($1, $2)
             ON CONFLICT (agent_id) DO UPDATE SET preferences = excluded.preferences";
        run!(done, self.engine()?, sql, agent.uuid(), chosen)?;
        Ok(())
    }

    /// One browser for each sign-in, one sign-in for each browser: whoever signs in there next takes it over.
    pub async fn set_push_subscription(
        &mut self,
        agent: AgentId,
        sign_in: SignInId,
        (endpoint, p256dh, auth): (&str, &str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM push_subscriptions WHERE sign_in_id = $1 OR endpoint = $2";
        run!(done, self.engine()?, sql, sign_in.uuid(), endpoint)?;
        run!(
            done,
            self.engine()?,
            "INSERT INTO push_subscriptions (id, agent_id, sign_in_id, endpoint, p256dh, auth, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            fresh_id(now)?,
            agent.uuid(),
            sign_in.uuid(),
            endpoint,
            p256dh,
            auth,
            now.micros(),
        )?;
        Ok(())
    }

    pub async fn delete_push_subscription(&mut self, sign_in: SignInId) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM push_subscriptions WHERE sign_in_id = $1", sign_in.uuid())?;
        Ok(())
    }

    /// The push service knows it no more; what waits for it goes too.
    pub async fn push_subscription_gone(&mut self, id: Uuid) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM push_subscriptions WHERE id = $1", id)?;
        Ok(())
    }

    pub async fn add_alert(&mut self, new: &NewAlert) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO alert_outbox
             (id, agent_id, subscription_id, session_id, kind, title, body, created_at, due_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
            fresh_id(new.now)?,
            new.agent.uuid(),
            new.subscription,
            new.session.map(SessionId::uuid),
            new.kind.name(),
            &new.title,
            &new.body,
            new.now.micros(),
            new.expires_at.micros(),
        )?;
        Ok(())
    }

    /// Up to `most` that are due, taken for the time `lease`: whoever dies meanwhile leaves them to be tried again. Two
    /// nodes never take the same one, because the second finds it no longer due.
    pub async fn take_alerts(&mut self, now: Timestamp, lease: Span, most: u32) -> Result<Vec<DueAlert>, StoreError> {
        let sql = "UPDATE alert_outbox SET due_at = $2, attempts = attempts + 1
             WHERE done_at IS NULL AND due_at <= $1 AND id IN
               (SELECT id FROM alert_outbox WHERE done_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $3)
             RETURNING id, agent_id, subscription_id, session_id, kind, title, body, expires_at, attempts";
        let rows = run!(all Due; self.engine()?, sql, now.micros(), (now + lease).micros(), i64::from(most))?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let subscription = match row.subscription_id {
                Some(id) => {
                    let sql = "SELECT id, endpoint, p256dh, auth FROM push_subscriptions WHERE id = $1";
                    let found = run!(one Subscription; self.engine()?, sql, id)?;
                    // Gone in this moment, and its messages with it.
                    let Some(found) = found else { continue };
                    Some(found.public())
                }
                None => None,
            };
            due.push(DueAlert {
                id: row.id,
                agent: AgentId::from_uuid(row.agent_id),
                subscription,
                session: row.session_id.map(SessionId::from_uuid),
                kind: named(AlertKind::from_name, &row.kind)?,
                title: row.title,
                body: row.body,
                expires_at: Timestamp::from_micros(row.expires_at),
                attempts: number(row.attempts)?.saturating_sub(1),
            });
        }
        // `RETURNING` promises no order; ids rise with time.
        due.sort_by_key(|alert| alert.id);
        Ok(due)
    }

    /// Sent, or given up.
    pub async fn alert_done(&mut self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE alert_outbox SET done_at = $2 WHERE id = $1", id, now.micros())?;
        Ok(())
    }

    pub async fn alert_later(&mut self, id: Uuid, due: Timestamp) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE alert_outbox SET due_at = $2 WHERE id = $1", id, due.micros())?;
        Ok(())
    }

    /// Forgets those that were done before then.
    pub async fn forget_alerts(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        run!(done, self.engine()?, "DELETE FROM alert_outbox WHERE done_at < $1", before.micros())
    }
}

impl Subscription {
    fn public(self) -> PushSubscription {
        PushSubscription { id: self.id, endpoint: self.endpoint, p256dh: self.p256dh, auth: self.auth }
    }
}
