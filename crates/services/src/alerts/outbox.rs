//! What is on its way out: rows in the database, tried until they are taken, worth nothing any more, or refused for good.
//!
//! A row is taken with a lease before it is sent, so that whoever dies in between leaves it to be sent again; the topic
//! and the tag of a push let the second one replace the first.

use std::time::Duration;

use domain::{AlertKind, Span, Timestamp};
use futures::future::join_all;
use outgoing::{Letter, Push, Recipient, SendError, Urgency};
use store::{DueAlert, PushSubscription, StoreError};
use tokio::sync::mpsc;

use super::{Ask, Post};
use crate::Services;

/// Longer than a push service and a mail server together may take.
const LEASE: Span = Span::seconds(90);

/// Sent at the same time.
const AT_ONCE: u32 = 16;

/// Asked for in one transaction.
const ASKED: usize = 64;

/// After a failing database.
const PAUSE: Duration = Duration::from_secs(5);

/// How long what was said is remembered.
const REMEMBERED: Span = Span::seconds(2 * 24 * 3600);

/// Puts what is asked for into the outbox.
pub async fn fill(services: Services, mut asked: mpsc::UnboundedReceiver<Ask>) {
    let mut asks = Vec::new();
    while asked.recv_many(&mut asks, ASKED).await > 0 {
        if let Err(cause) = services.enqueue(&asks).await {
            tracing::warn!(%cause, alerts = asks.len(), "alerts were not sent");
        }
        asks.clear();
    }
}

/// Sends what is due, for ever.
pub async fn run(services: Services) {
    loop {
        let next = async {
            services.send_alerts().await?;
            services.inner().store.read().await?.next_alert().await
        };
        let pause = match next.await {
            Ok(Some(due)) => Duration::from_micros(u64::try_from((due - services.now()).micros()).unwrap_or(0)),
            Ok(None) => Duration::MAX,
            Err(cause) => {
                tracing::warn!(%cause, "the outbox of alerts cannot be read");
                PAUSE
            }
        };
        tokio::select! {
            () = services.inner().alerts.news.notified() => {}
            // Never less than a moment, or a steered clock that stands still would keep this busy.
            () = tokio::time::sleep(pause.clamp(Duration::from_millis(200), Duration::from_hours(1))) => {}
        }
    }
}

impl Services {
    async fn enqueue(&self, asks: &[Ask]) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for ask in asks {
            let more = self.rows_for(ask).await?;
            // Two messages of one chat may have been asked for in one go.
            for row in more {
                let same = |old: &store::NewAlert| {
                    (old.agent, old.subscription, old.session, old.kind)
                        == (row.agent, row.subscription, row.session, row.kind)
                };
                if !rows.iter().any(same) {
                    rows.push(row);
                }
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        let mut tx = self.inner().store.begin().await?;
        tx.forget_alerts(self.now() + Span::seconds(-REMEMBERED.whole_seconds())).await?;
        for row in &rows {
            tx.add_alert(row).await?;
        }
        tx.commit().await?;
        self.inner().alerts.news.notify_one();
        Ok(())
    }

    /// Sends everything that is due now; how many were tried.
    pub async fn send_alerts(&self) -> Result<usize, StoreError> {
        let Some(post) = self.inner().alerts.post() else { return Ok(0) };
        let mut tried = 0;
        loop {
            let now = self.now();
            // Asked first: taking is a write, and mostly there is nothing.
            if self.inner().store.read().await?.next_alert().await?.is_none_or(|due| due > now) {
                return Ok(tried);
            }
            let mut tx = self.inner().store.begin().await?;
            let due = tx.take_alerts(now, LEASE, AT_ONCE).await?;
            tx.commit().await?;
            if due.is_empty() {
                return Ok(tried);
            }
            tried += due.len();
            let done = join_all(due.iter().map(|alert| self.send(post, alert, now))).await;
            let mut tx = self.inner().store.begin().await?;
            for (alert, done) in due.iter().zip(done) {
                match done {
                    Done::Over => tx.alert_done(alert.id, now).await?,
                    Done::Again(at) => tx.alert_later(alert.id, at).await?,
                    Done::Gone => {
                        if let Some(browser) = &alert.subscription {
                            tx.push_subscription_gone(browser.id).await?;
                        }
                    }
                }
            }
            tx.commit().await?;
        }
    }

    async fn send(&self, post: &Post, alert: &DueAlert, now: Timestamp) -> Done {
        if alert.expires_at <= now {
            return Done::Over;
        }
        let sent = match &alert.subscription {
            Some(browser) => {
                let session = alert.session.map(|session| session.to_string()).unwrap_or_default();
                let topic = alert.session.map(|session| session.uuid().simple().to_string()).unwrap_or_default();
                let link = format!("/inbox/{}/{session}", section(alert.kind));
                let title = headline(alert.kind, &alert.title);
                let body = message(alert.kind.name(), &title, &alert.body, &link, &session);
                let left = u64::try_from((alert.expires_at - now).whole_seconds()).unwrap_or(0);
                push(post, browser, alert.kind, &body, Duration::from_secs(left), &topic, now).await
            }
            None => self.write(post, alert).await,
        };
        match sent {
            Ok(()) => Done::Over,
            Err(SendError::Gone(cause)) => {
                tracing::info!(%cause, "a browser takes no more push messages and is forgotten");
                Done::Gone
            }
            Err(SendError::Refused(cause)) => {
                tracing::warn!(%cause, way = way(alert), "an alert was refused");
                Done::Over
            }
            Err(SendError::Later { what, after }) => {
                let pause = backoff(alert.attempts).max(i64::from(after.unwrap_or(0)));
                let next = now + Span::seconds(pause);
                let over = next >= alert.expires_at;
                tracing::warn!(cause = %what, way = way(alert), over, "an alert was not sent");
                if over { Done::Over } else { Done::Again(next) }
            }
        }
    }

    async fn write(&self, post: &Post, alert: &DueAlert) -> Result<(), SendError> {
        let Some(mailer) = &post.outgoing.mailer else {
            return Err(SendError::Refused("no mail server is set up".to_owned()));
        };
        let directory = self.directory();
        let Some(member) = directory.member(alert.agent).filter(|member| member.active) else {
            return Err(SendError::Refused("nobody is there any more".to_owned()));
        };
        let Post { outgoing, .. } = post;
        let link = alert.session.map(|session| format!("/inbox/{}/{session}", section(alert.kind))).unwrap_or_default();
        let text = format!(
            "{}\n\n{}\n\n{url}{link}\n\nWhich alerts you get: {url}/settings/alerts\n",
            headline(alert.kind, &alert.title),
            alert.body,
            url = outgoing.public_url,
        );
        let letter =
            Letter { to: member.email.clone(), subject: headline(alert.kind, &alert.title), text, ..Letter::default() };
        mailer.send(&letter).await
    }
}

enum Done {
    Over,
    Again(Timestamp),
    Gone,
}

/// To one browser.
pub async fn push(
    post: &Post,
    browser: &PushSubscription,
    kind: AlertKind,
    body: &str,
    ttl: Duration,
    topic: &str,
    now: Timestamp,
) -> Result<(), SendError> {
    let recipient =
        Recipient { endpoint: browser.endpoint.clone(), p256dh: browser.p256dh.clone(), auth: browser.auth.clone() };
    let urgency = match kind {
        AlertKind::Offered | AlertKind::Message => Urgency::High,
        AlertKind::Missed => Urgency::Normal,
    };
    let contact = post.contact();
    let push = Push { body: body.as_bytes(), ttl, urgency, topic, now, contact: &contact };
    recipient.send(&post.outgoing.http, &post.keys, &push).await
}

/// What the service worker reads. The tag is the one that open tabs use too: the same chat is shown once.
pub fn message(kind: &str, title: &str, body: &str, link: &str, tag: &str) -> String {
    serde_json::json!({ "kind": kind, "title": title, "body": body, "url": link, "tag": tag }).to_string()
}

fn headline(kind: AlertKind, visitor: &str) -> String {
    match kind {
        AlertKind::Offered => format!("{visitor} is waiting"),
        AlertKind::Message => format!("{visitor} wrote"),
        AlertKind::Missed => format!("Missed: {visitor}"),
    }
}

/// Where in the inbox the chat stands.
const fn section(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Offered => "incoming",
        AlertKind::Message => "active",
        AlertKind::Missed => "recent",
    }
}

const fn way(alert: &DueAlert) -> &'static str {
    if alert.subscription.is_some() { "push" } else { "e-mail" }
}

/// Seconds until the next attempt: 5, 15, 45 … up to an hour.
fn backoff(attempts: u32) -> i64 {
    5_i64.saturating_mul(3_i64.saturating_pow(attempts)).min(3600)
}
