//! Alerts for agents (PRODUCT A13): who is told what, by which way. Open tabs hear of it as a frame; who has none on the
//! screen is told by Web Push and e-mail, through an outbox in the database.
//!
//! To add a thing to tell: a [`domain::AlertKind`], and its rule in [`audience`].

mod audience;
mod choices;
mod looks;
mod outbox;

use std::sync::OnceLock;

use domain::{AlertKind, SessionId, Span, Timestamp, clip};
use outgoing::{Http, Keys, Mailer};
use realtime::Frame;
use store::{Committed, NewAlert, StoreError};
use tokio::sync::{Notify, mpsc};
use wire::agent::{Alert, ServerFrame};

use self::{audience::Told, looks::Looks};
use crate::{Services, directory::Directory, random};

/// The setting under which the private key for Web Push stands.
const KEY: &str = "vapid_secret";

/// Longest words of a message in an alert.
const WORDS: usize = 160;

/// A chat's messages are pushed at most this often: the notification of the first one is still there.
const PUSHED: Span = Span::seconds(30);

/// And an e-mail about the same chat is written at most this often.
const WRITTEN: Span = Span::seconds(15 * 60);

/// What messages are sent with.
#[derive(Clone)]
pub struct Outgoing {
    pub http: Http,
    /// `None`: no mail server is set up.
    pub mailer: Option<Mailer>,
    /// The dashboard's origin, for links.
    pub public_url: String,
}

/// Alerts of the whole installation.
pub struct Alerts {
    pub looks: Looks,
    asked: mpsc::UnboundedSender<Ask>,
    listening: std::sync::Mutex<Option<mpsc::UnboundedReceiver<Ask>>>,
    /// The outbox has got something.
    news: Notify,
    post: OnceLock<Post>,
}

/// Set once sending has begun.
struct Post {
    outgoing: Outgoing,
    keys: Keys,
}

/// Somebody who has no tab on the screen is to be told.
struct Ask {
    told: Told,
    session: SessionId,
    title: String,
    body: String,
    /// When it happened.
    at: Timestamp,
}

impl Default for Alerts {
    fn default() -> Self {
        let (asked, listening) = mpsc::unbounded_channel();
        Self {
            looks: Looks::default(),
            asked,
            listening: std::sync::Mutex::new(Some(listening)),
            news: Notify::new(),
            post: OnceLock::new(),
        }
    }
}

impl Alerts {
    fn post(&self) -> Option<&Post> {
        self.post.get()
    }

    /// The mail server, where one is set up.
    pub fn mailer(&self) -> Option<&Mailer> {
        self.post.get()?.outgoing.mailer.as_ref()
    }
}

impl Post {
    /// Whom a push service may write to (RFC 8292, section 2.1).
    fn contact(&self) -> String {
        match &self.outgoing.mailer {
            Some(mailer) => format!("mailto:{}", mailer.address()),
            None => self.outgoing.public_url.clone(),
        }
    }
}

impl Services {
    /// Begins to send by these means. Makes this installation's keys for Web Push when there are none.
    pub async fn start_alerts(&self, outgoing: Outgoing) -> Result<(), StoreError> {
        let kept = self.inner().store.read().await?.setting(KEY).await?;
        let keys = match kept.as_deref().and_then(Keys::read) {
            Some(keys) => keys,
            None => self.new_keys().await?,
        };
        let listening = self.inner().alerts.listening.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(listening) = listening
            && self.inner().alerts.post.set(Post { outgoing, keys }).is_ok()
        {
            self.spawn(outbox::fill(self.clone(), listening));
            self.spawn(outbox::run(self.clone()));
        }
        Ok(())
    }

    /// Of two nodes that start at once, both take what the first has kept.
    async fn new_keys(&self) -> Result<Keys, StoreError> {
        let keys = std::iter::repeat_with(random::secret).find_map(Keys::of);
        #[expect(clippy::expect_used, reason = "the iterator never ends")]
        let keys = keys.expect("a key");
        let mut tx = self.inner().store.begin().await?;
        tx.keep_setting(KEY, &keys.secret()).await?;
        let kept = tx.setting(KEY).await?;
        tx.commit().await?;
        Ok(kept.as_deref().and_then(Keys::read).unwrap_or(keys))
    }

    /// Called by the publisher after each commit. Tells open tabs at once; for the others a few rows go into the outbox,
    /// in a transaction of their own.
    pub(crate) fn alert(&self, committed: &Committed, directory: &Directory) {
        let inner = self.inner();
        let told = audience::of(committed, directory, |agent| inner.presence.here(agent));
        if told.is_empty() {
            return;
        }
        let row = &committed.row;
        let name = domain::one_line(&row.visitor_name, 60);
        let happened = committed.events.last().map_or_else(|| self.now(), |event| event.at);
        let title = if name.is_empty() { "A visitor".to_owned() } else { name };
        let body = clip(&row.session.last_text, WORDS);
        for told in told {
            let (visible, focused) = inner.alerts.looks.of(told.agent);
            if told.live {
                let alert = Alert {
                    kind: told.kind,
                    session: row.session.id,
                    title: title.clone(),
                    text: body.clone(),
                    visible,
                    focused,
                };
                inner.hub.tell_agent(told.agent, &Frame::of(&ServerFrame::Alert(alert)));
            }
            let chosen = directory.member(told.agent).map(|member| member.alerts.of(told.kind)).unwrap_or_default();
            let told = Told { push: told.push && chosen.push, email: told.email && chosen.email, ..told };
            if !visible && (told.push || told.email) && inner.alerts.post().is_some() {
                let (session, at) = (row.session.id, happened);
                let ask = Ask { told, session, title: title.clone(), body: body.clone(), at };
                // Its reader ends with everything else.
                let _ = inner.alerts.asked.send(ask);
            }
        }
    }

    /// The rows that become of it.
    async fn rows_for(&self, ask: &Ask) -> Result<Vec<NewAlert>, StoreError> {
        let now = ask.at;
        let Told { agent, kind, .. } = ask.told;
        let mut conn = self.inner().store.read().await?;
        let row = |subscription, expires_at| NewAlert {
            agent,
            subscription,
            session: Some(ask.session),
            kind,
            title: ask.title.clone(),
            body: ask.body.clone(),
            now,
            expires_at,
        };
        let mut rows = Vec::new();
        let again = kind == AlertKind::Message
            && conn
                .alerted_since(agent, ask.session, kind, false, now + Span::seconds(-PUSHED.whole_seconds()))
                .await?;
        if ask.told.push && !again {
            let browsers = conn.push_subscriptions(agent, now).await?;
            rows.extend(browsers.into_iter().map(|browser| row(Some(browser.id), now + ask.told.worth)));
        }
        if ask.told.email && self.inner().alerts.post().is_some_and(|post| post.outgoing.mailer.is_some()) {
            let since = now + Span::seconds(-WRITTEN.whole_seconds());
            if !conn.alerted_since(agent, ask.session, kind, true, since).await? {
                rows.push(row(None, now + Span::seconds(24 * 3600)));
            }
        }
        Ok(rows)
    }
}
