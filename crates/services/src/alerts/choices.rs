//! What somebody chooses for themselves, and trying it out.

use std::time::Duration;

use domain::{AlertKind, AlertPrefs, AlertWay, FieldProblem};
use outgoing::{Recipient, SendError};
use realtime::Frame;
use wire::{
    Error, Result,
    agent::{AlertTest, Alerts, PushSubscription, ServerFrame},
};

use super::outbox;
use crate::{Staff, faults};

/// Longest address of a push service; the known ones take 200 to 500 characters.
const ENDPOINT: usize = 2_000;

impl Staff {
    pub async fn alerts(&self) -> Result<Alerts> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let browser = conn.push_subscription(self.sign_in).await.map_err(faults::stored)?;
        let post = self.services.inner().alerts.post();
        Ok(Alerts {
            prefs: self.member.alerts,
            push_key: post.map(|post| post.keys.public()),
            subscribed: browser.map(|browser| browser.endpoint),
            email: post.is_some_and(|post| post.outgoing.mailer.is_some()),
        })
    }

    /// For all their tabs and browsers from now on.
    pub async fn set_alerts(&self, prefs: AlertPrefs) -> Result<()> {
        let chosen = serde_json::to_string(&prefs).map_err(|_| Error::Internal)?;
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_alert_preferences(self.member.id, &chosen).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        self.services.reload_directory().await.map_err(faults::stored)?;
        self.services.inner().hub.tell_agent(self.member.id, &Frame::of(&ServerFrame::AlertPrefs(prefs)));
        Ok(())
    }

    /// This browser takes Web Push from now on.
    pub async fn subscribe(&self, browser: PushSubscription) -> Result<()> {
        let recipient = Recipient { endpoint: browser.endpoint, p256dh: browser.p256dh, auth: browser.auth };
        if recipient.endpoint.len() > ENDPOINT || recipient.check().is_err() {
            return Err(Error::invalid("subscription", FieldProblem::Unknown));
        }
        let parts = (recipient.endpoint.as_str(), recipient.p256dh.as_str(), recipient.auth.as_str());
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        let kept = tx.set_push_subscription(self.member.id, self.sign_in, parts, self.services.now()).await;
        kept.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)
    }

    pub async fn unsubscribe(&self) -> Result<()> {
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.delete_push_subscription(self.sign_in).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)
    }

    /// Sends one to this browser, or to the own address, and says what came of it. The other ways are the browser's.
    pub async fn test_alert(&self, way: AlertWay) -> Result<AlertTest> {
        let services = &self.services;
        services.inner().guard.test_alert(self.member.id, services.now())?;
        let Some(post) = services.inner().alerts.post() else { return Ok(AlertTest::NotSetUp) };
        let title = "Alerts work";
        let sent = match way {
            AlertWay::Push => {
                let mut conn = services.inner().store.read().await.map_err(faults::stored)?;
                let browser = conn.push_subscription(self.sign_in).await.map_err(faults::stored)?;
                drop(conn);
                let Some(browser) = browser else { return Ok(AlertTest::NotSetUp) };
                let body =
                    outbox::message("test", title, "This is how a chat is announced.", "/settings/alerts", "test");
                let worth = Duration::from_mins(1);
                let sent = outbox::push(post, &browser, AlertKind::Offered, &body, worth, "test", services.now()).await;
                if matches!(sent, Err(SendError::Gone(_))) {
                    self.unsubscribe().await?;
                    return Ok(AlertTest::NotSetUp);
                }
                sent
            }
            AlertWay::Email => {
                let Some(mailer) = &post.outgoing.mailer else { return Ok(AlertTest::NotSetUp) };
                let text =
                    format!("E-mails from Deskbell reach you.\n\n{}/settings/alerts\n", post.outgoing.public_url);
                let letter = outgoing::Letter {
                    to: self.member.email.clone(),
                    subject: title.into(),
                    text,
                    ..outgoing::Letter::default()
                };
                mailer.send(&letter).await
            }
            AlertWay::Desktop | AlertWay::Sound | AlertWay::Badge => return Ok(AlertTest::NotSetUp),
        };
        Ok(match sent {
            Ok(()) => AlertTest::Sent,
            Err(cause) => {
                tracing::warn!(%cause, ?way, "a test alert was not sent");
                AlertTest::Failed
            }
        })
    }
}
