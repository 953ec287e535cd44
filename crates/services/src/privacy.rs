//! What a visitor may ask for about themselves: a copy of everything that is kept, and its erasure (PRODUCT V18). A token
//! alone is not enough, because a browser may be somebody else's by now: a code that comes by e-mail confirms it. It went
//! to the address on record, so it speaks for everybody who gave that address; of somebody who never gave one it speaks for
//! this browser alone.

use std::net::IpAddr;

use domain::{Author, FieldProblem, Move, SessionId, Span, Status, Timestamp, VisitorId, plausible_email, rfc3339};
use serde::Serialize;
use store::{Act, ActError, StoreError};
use uuid::Uuid;
use wire::{
    Error, Result,
    visitor::{CodeSent, Event, PrivacyAsk, PrivacyRequest},
};

use crate::{VisitorAccess, faults, letters::Words, random};

/// How long a code holds.
const CODE: Span = Span::seconds(15 * 60);

/// So many wrong ones, and it holds no longer.
const GUESSES: u32 = 5;

/// What a request came to.
#[derive(Debug)]
pub enum PrivacyDone {
    Sent(CodeSent),
    /// As JSON.
    Copy(String),
    Erased,
}

/// Everything that is kept of a person.
#[derive(Serialize)]
struct Copied {
    /// RFC 3339, UTC; as are all times here, but for those of events, which are milliseconds since 1970.
    made_at: String,
    visitors: Vec<Kept>,
}

/// What one browser has left.
#[derive(Serialize)]
struct Kept {
    site: String,
    name: String,
    email: String,
    phone: String,
    language: String,
    time_zone: String,
    /// The site's own name for the person, where it has told one.
    user_id: String,
    /// As their pages have set them.
    attributes: domain::Attributes,
    browser: String,
    first_seen_at: String,
    last_seen_at: String,
    chats: Vec<KeptChat>,
}

#[derive(Serialize)]
struct KeptChat {
    id: SessionId,
    started_at: String,
    ended_at: Option<String>,
    pages: Vec<KeptPage>,
    events: Vec<Event>,
}

#[derive(Serialize)]
struct KeptPage {
    url: String,
    title: String,
    at: String,
}

impl VisitorAccess {
    /// Has a code sent, or with a code does what was asked. `from` is where it is asked from.
    pub async fn privacy(&self, request: &PrivacyRequest, from: IpAddr) -> Result<PrivacyDone> {
        match &request.code {
            None => self.send_code(request, from).await.map(PrivacyDone::Sent),
            Some(code) => {
                let of = self.confirmed(request.ask, &random::typed_code(code)).await?;
                match request.ask {
                    PrivacyAsk::Copy => self.copy(&of).await.map(PrivacyDone::Copy),
                    PrivacyAsk::Erase => self.erase(&of).await.map(|()| PrivacyDone::Erased),
                }
            }
        }
    }

    async fn send_code(&self, request: &PrivacyRequest, from: IpAddr) -> Result<CodeSent> {
        let now = self.services.now();
        let site = self.site().ok_or(Error::NotFound)?;
        let on_record = self.visitor.email.as_str();
        let to = if on_record.is_empty() { request.email.trim() } else { on_record };
        if to.is_empty() {
            return Err(Error::invalid("email", FieldProblem::Missing));
        }
        if !plausible_email(to) {
            return Err(Error::invalid("email", FieldProblem::NotAnEmail));
        }
        if !self.services.sends_letters() {
            return Err(Error::Unavailable);
        }
        self.services.inner().guard.letters(self.visitor.id, from, to, now)?;
        let code = random::code();
        let hash = self.hash(&code);
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_privacy_code(self.visitor.id, (request.ask.name(), to, &hash), now).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        let words = Words::Code { site: &site, language: &request.language, asked: request.ask, code: &code };
        let sent = self.services.send_code(to, &words).await;
        if sent.is_err() {
            // A code that nobody was told of confirms nothing.
            self.forget_code().await.map_err(faults::stored)?;
        }
        sent.map(|()| CodeSent { to: hidden(to) })
    }

    async fn forget_code(&self) -> std::result::Result<(), StoreError> {
        let mut tx = self.services.inner().store.begin().await?;
        tx.delete_privacy_code(self.visitor.id).await?;
        tx.commit().await
    }

    /// For whom the code speaks; this browser's own visitor is the last. For a copy it is good once. For an erasure it goes with
    /// the last that is erased, so that one that stops on the way can be begun again.
    async fn confirmed(&self, ask: PrivacyAsk, code: &str) -> Result<Vec<VisitorId>> {
        let wrong = || Error::invalid("code", FieldProblem::Unknown);
        let visitor = self.visitor.id;
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        let sent = tx.guess_privacy_code(visitor, GUESSES).await.map_err(faults::stored)?.ok_or_else(wrong)?;
        let old = self.services.now() - sent.created_at >= CODE;
        // The hash holds the visitor too: its first difference tells nobody anything.
        if old || sent.kind != ask.name() || sent.hash != self.hash(code) {
            tx.commit().await.map_err(faults::stored)?;
            return Err(wrong());
        }
        if ask == PrivacyAsk::Copy {
            tx.delete_privacy_code(visitor).await.map_err(faults::stored)?;
        }
        let mut of = Vec::new();
        if sent.address.eq_ignore_ascii_case(&self.visitor.email) {
            let others = tx.visitors_with_email(&sent.address).await.map_err(faults::stored)?;
            of.extend(others.into_iter().filter(|other| *other != visitor));
        }
        of.push(visitor);
        tx.commit().await.map_err(faults::stored)?;
        Ok(of)
    }

    fn hash(&self, code: &str) -> [u8; 32] {
        random::token_hash(&format!("{}:{code}", self.visitor.id))
    }

    async fn copy(&self, of: &[VisitorId]) -> Result<String> {
        let mut visitors = Vec::with_capacity(of.len());
        for id in of {
            visitors.extend(self.kept_of(*id).await.map_err(faults::stored)?);
        }
        let copied = Copied { made_at: rfc3339(self.services.now()), visitors };
        self.note("visitor.copied").await?;
        serde_json::to_string_pretty(&copied).map_err(|_| Error::Internal)
    }

    async fn kept_of(&self, id: VisitorId) -> std::result::Result<Option<Kept>, StoreError> {
        let mut conn = self.services.inner().store.read().await?;
        let Some(visitor) = conn.visitor(id).await? else { return Ok(None) };
        let attributes = conn.attributes(id).await?;
        let mut chats = Vec::new();
        for session in conn.sessions_of_visitor(id).await? {
            let Some(row) = conn.session(session).await? else { continue };
            let page =
                |visit: store::Visit| KeptPage { url: visit.page.url, title: visit.page.title, at: rfc3339(visit.at) };
            chats.push(KeptChat {
                id: session,
                started_at: rfc3339(row.session.created_at),
                ended_at: row.session.ended_at.map(rfc3339),
                pages: conn.page_visits(session).await?.into_iter().map(page).collect(),
                events: Vec::new(),
            });
        }
        // Whoever holds one connection and asks for another may wait for ever.
        drop(conn);
        for chat in &mut chats {
            chat.events = self.services.conversation_of(chat.id, &visitor).await?.events;
            for event in &mut chat.events {
                // With the one that began the chat a browser that has lost its token gets another.
                event.client_id = None;
            }
        }
        let site = self.services.directory().sites.get(&visitor.site).map(|site| site.name.clone());
        Ok(Some(Kept {
            site: site.unwrap_or_default(),
            name: visitor.name,
            email: visitor.email,
            phone: visitor.phone,
            language: visitor.language,
            time_zone: visitor.time_zone,
            user_id: visitor.user_id,
            attributes,
            browser: visitor.user_agent,
            first_seen_at: rfc3339(visitor.created_at),
            last_seen_at: rfc3339(visitor.last_seen_at),
            chats,
        }))
    }

    async fn erase(&self, of: &[VisitorId]) -> Result<()> {
        for id in of {
            self.erase_one(*id).await.map_err(faults::stored)?;
        }
        self.note("visitor.erased").await?;
        if let Err(cause) = self.services.inner().store.empty_log().await {
            tracing::warn!(%cause, "the database's log still holds what was erased, until it starts over");
        }
        Ok(())
    }

    async fn erase_one(&self, id: VisitorId) -> std::result::Result<(), StoreError> {
        let services = self.services.inner();
        let sessions = services.store.read().await?.sessions_of_visitor(id).await?;
        let now = self.services.now();
        for session in &sessions {
            self.close(*session, id, now).await?;
        }
        // Before their rows: what is not removed now could be found by nobody later.
        for (session, file) in services.store.read().await?.files_of_visitor(id).await? {
            services.files.remove(session, file).await;
        }
        let mut tx = services.store.begin().await?;
        tx.erase_visitor(id).await?;
        tx.commit().await?;
        services.heads.forget_those(&[id], &sessions);
        // Their other tabs find that nobody knows them any more.
        services.hub.greet_visitor(id);
        Ok(())
    }

    /// Whoever works on it sees it end before it is gone.
    async fn close(&self, session: SessionId, id: VisitorId, now: Timestamp) -> std::result::Result<(), StoreError> {
        let act = |movement, author, author_id| Act { session, movement, author, author_id, client_id: None, now };
        let row = self.services.inner().store.read().await?.session(session).await?;
        let Some(row) = row else { return Ok(()) };
        let act = match (row.session.status, row.session.owner) {
            (status, _) if status.open() => act(Move::Leave, Author::Visitor, id.uuid()),
            (Status::WrapUp, Some(agent)) => act(Move::CloseWrapUp { agent }, Author::System, Uuid::nil()),
            _ => return Ok(()),
        };
        match self.services.act(act).await {
            Err(ActError::Store(cause)) => Err(cause),
            _ => Ok(()),
        }
    }

    /// That it happened stays, and says of whom only what nobody can read back: an id that is nowhere else by then.
    async fn note(&self, action: &str) -> Result<()> {
        let now = self.services.now();
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        let entry = store::AuditEntry {
            id: random::id(now),
            at: now,
            actor: None,
            action: action.to_owned(),
            subject: self.visitor.id.to_string(),
            data: "{}".to_owned(),
        };
        tx.add_audit(entry).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)
    }
}

/// `lena@example.org` as `l•••@example.org`.
fn hidden(address: &str) -> String {
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}•••@{host}", local.chars().next().unwrap_or_default())
}
