//! Signing in and staying signed in. A sign-in is a random token in a cookie; only its hash is kept.

use std::{net::IpAddr, time::Duration};

use domain::{SignInId, Span, Timestamp};
use store::{Agent, NewSignIn};
use tokio::sync::oneshot;
use wire::{Error, Result};

use crate::{LONGEST_PASSWORD, Services, Staff, faults, passwords, random};

/// A sign-in that is not used for so long ends.
pub const IDLE: Span = Span::seconds(14 * 24 * 3600);

/// Use is noted at most this often, or every request would be a write.
const NOTED: Span = Span::seconds(5 * 60);

/// So long a request waits for that note.
const NOTING: Duration = Duration::from_millis(500);

impl Services {
    /// Signs in and returns the token for the cookie. The same answer, after the same time, for an unknown address and
    /// for a wrong password.
    pub async fn sign_in(&self, email: &str, password: &str, from: IpAddr) -> Result<String> {
        let now = self.now();
        self.inner().guard.sign_in(from, now)?;
        let email = email.trim().to_lowercase();
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let found = conn.credentials(&email).await.map_err(faults::stored)?;
        // Given back before hashing, which takes long.
        drop(conn);
        let (agent, hash) = found.map(|found| (found.agent, found.password_hash)).unzip();
        let short = password.len() <= LONGEST_PASSWORD;
        let right = passwords::verify(if short { password.to_owned() } else { String::new() }, hash).await;
        match agent {
            Some(agent) if right && short && agent.deactivated_at.is_none() => self.open_sign_in(&agent, now).await,
            _ => Err(Error::Unauthenticated),
        }
    }

    /// Who the token belongs to, with the rights they have now.
    pub async fn staff(&self, token: &str) -> Result<Staff> {
        let now = self.now();
        let hash = random::token_hash(token);
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let sign_in = conn.sign_in(&hash).await.map_err(faults::stored)?.ok_or(Error::Unauthenticated)?;
        drop(conn);
        if sign_in.expires_at <= now || sign_in.agent.deactivated_at.is_some() {
            return Err(Error::Unauthenticated);
        }
        let member = self.directory().member(sign_in.agent.id).cloned().ok_or(Error::Unauthenticated)?;
        if now - sign_in.last_seen_at > NOTED {
            self.note_use(sign_in.id, now).await;
        }
        Ok(Staff { services: self.clone(), member, sign_in: sign_in.id, token_hash: hash })
    }

    /// Keeps a sign-in from ending by disuse. While the database is locked or full this does not work, and people must
    /// be able to look nevertheless: nobody is refused because of it, or waits for it long.
    async fn note_use(&self, sign_in: SignInId, now: Timestamp) {
        let services = self.clone();
        let (done, noted) = oneshot::channel();
        self.spawn(async move {
            let touched = async {
                let mut tx = services.inner().store.begin().await?;
                tx.touch_sign_in(sign_in, now, now + IDLE).await?;
                tx.commit().await
            };
            if let Err(cause) = touched.await {
                tracing::warn!(%cause, "the use of a sign-in is not noted");
            }
            let _ = done.send(());
        });
        let _ = tokio::time::timeout(NOTING, noted).await;
    }

    pub(crate) async fn open_sign_in(&self, agent: &Agent, now: Timestamp) -> Result<String> {
        let token = random::token();
        let sign_in = NewSignIn {
            id: SignInId::from_uuid(random::id(now)),
            token_hash: random::token_hash(&token),
            agent: agent.id,
            now,
            expires_at: now + IDLE,
        };
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        tx.delete_expired_sign_ins(now).await.map_err(faults::stored)?;
        tx.create_sign_in(sign_in).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(token)
    }

    /// The `auth_epoch` of the sign-in's agent as it is now; `None` when the sign-in is no more.
    pub(crate) async fn rights_now(&self, staff: &Staff) -> Result<Option<i64>> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let sign_in = conn.sign_in(&staff.token_hash).await.map_err(faults::stored)?;
        let valid = sign_in.filter(|found| found.expires_at > self.now() && found.agent.deactivated_at.is_none());
        Ok(valid.map(|found| found.agent.auth_epoch))
    }
}
