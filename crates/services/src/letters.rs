//! Letters to visitors: transcripts, and what agents answer to who has left a message (PRODUCT V8, V11, V12).
//!
//! The outbox is rows in the database, which come to be in the transaction of their cause. What a letter says is written
//! when it is sent, from what the session holds then: nothing that was redacted meanwhile can be in it. The words come from
//! whoever starts this, because services have none. What became of a letter is an event of its session, for staff.

use std::{net::IpAddr, sync::Arc, time::Duration};

use domain::{
    Author, FieldKind, FieldProblem, Handover, LetterKind, Move, SessionId, Span, Timestamp, plausible_email,
};
use futures::future::join_all;
use outgoing::{Letter, Mailer, SendError};
use store::{Act, ActError, Committed, DueLetter, NewLetter, StoreError, Visitor};
use tokio::sync::Notify;
use uuid::Uuid;
use wire::{
    Conflict, Error, Result,
    visitor::{PrivacyAsk, Started, What, Who},
};

use crate::{Conversation, Services, SiteEntry, VisitorAccess, faults, random};

/// Longer than a mail server may take.
const LEASE: Span = Span::seconds(120);

/// Sent at the same time.
const AT_ONCE: u32 = 8;

/// After a failing database.
const PAUSE: Duration = Duration::from_secs(5);

/// How long a letter is tried. Mail servers themselves try for some days (RFC 5321, section 4.5.4.1), but hand-over to
/// one's own should not take that long.
const PATIENCE: Span = Span::seconds(2 * 24 * 3600);

/// How long letters that are done are remembered.
const REMEMBERED: Span = Span::seconds(2 * 24 * 3600);

/// How long the link of a letter leads back to the conversation.
const CODE: Span = Span::seconds(30 * 24 * 3600);

/// A letter, before it is put into words.
#[derive(Debug)]
pub struct OpenLetter {
    pub kind: LetterKind,
    pub site: SiteEntry,
    pub session: SessionId,
    /// BCP 47, as the visitor's panel or browser said it.
    pub language: String,
    /// The whole chat; of an answer only what agents have written since the letter before.
    pub chat: Conversation,
    /// With what its reader comes back to the conversation, for [`Services::return_by_letter`].
    pub code: Option<String>,
}

/// What is put into words.
#[derive(Debug)]
pub enum Words<'a> {
    Letter(&'a OpenLetter),
    /// A code by which a visitor confirms that their data be handed out or erased.
    Code {
        site: &'a SiteEntry,
        language: &'a str,
        asked: PrivacyAsk,
        code: &'a str,
    },
}

/// In words.
#[derive(Debug)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Puts letters into words.
pub type Write = Arc<dyn Fn(&Words<'_>) -> Written + Send + Sync>;

/// What wakes the outbox, and what it writes with.
#[derive(Default)]
pub(crate) struct Letters {
    news: Notify,
    write: std::sync::OnceLock<Write>,
}

/// What is to be done with a row.
enum Done {
    Over,
    Told(String, Handover),
    Again(Timestamp),
}

impl Letters {
    /// Something was committed that may have put a letter into the outbox.
    pub(crate) fn committed(&self, committed: &Committed) {
        if committed.calls_for_letters() {
            self.news.notify_one();
        }
    }
}

impl Services {
    /// A code to this address, now or not at all: nobody needs it later.
    pub(crate) async fn send_code(&self, to: &str, words: &Words<'_>) -> Result<()> {
        let (Some(write), Some(mailer)) = (self.inner().letters.write.get(), self.mailer()) else {
            return Err(Error::Unavailable);
        };
        let Written { subject, text, html } = write(words);
        let letter = Letter { to: to.to_owned(), subject, text, html: Some(html), thread: None };
        mailer.send(&letter).await.map_err(|cause| {
            tracing::warn!(%cause, "a code was not sent");
            match cause {
                SendError::Later { .. } => Error::Unavailable,
                SendError::Refused(_) | SendError::Gone(_) => Error::invalid("email", FieldProblem::NotAnEmail),
            }
        })
    }

    /// Begins to send letters; to be called after [`Services::start_alerts`], whose mail server they go to.
    pub fn start_letters(&self, write: Write) {
        if self.inner().letters.write.set(write).is_ok() {
            self.spawn(run(self.clone()));
        }
    }

    /// Whether a mail server is set up.
    pub fn sends_letters(&self) -> bool {
        self.mailer().is_some()
    }

    fn mailer(&self) -> Option<&Mailer> {
        self.inner().alerts.mailer()
    }

    /// Sends everything that is due now.
    pub async fn send_letters(&self) -> std::result::Result<(), StoreError> {
        let Some(write) = self.inner().letters.write.get() else { return Ok(()) };
        loop {
            let now = self.now();
            // Asked first: taking is a write, and mostly there is nothing.
            if self.inner().store.read().await?.next_letter().await?.is_none_or(|due| due > now) {
                return Ok(());
            }
            let mut tx = self.inner().store.begin().await?;
            let due = tx.take_letters(now, LEASE, AT_ONCE).await?;
            tx.forget_letters(now + Span::seconds(-REMEMBERED.whole_seconds())).await?;
            tx.commit().await?;
            if due.is_empty() {
                return Ok(());
            }
            let sent = join_all(due.iter().map(|letter| self.send_letter(write, letter, now))).await;
            // All that are out are so before anything else can fail: sent twice is worse than not told of.
            let mut tx = self.inner().store.begin().await?;
            for (letter, done) in due.iter().zip(&sent) {
                match done {
                    Ok(Done::Over | Done::Told(..)) => tx.letter_done(letter.id, now).await?,
                    Ok(Done::Again(at)) => tx.letter_later(letter.id, *at).await?,
                    // Its lease runs out, and it is tried anew.
                    Err(_) => {}
                }
            }
            tx.commit().await?;
            for (letter, done) in due.iter().zip(sent) {
                if let Done::Told(to, handover) = done? {
                    self.note_handover(letter, &to, handover, now).await?;
                }
            }
        }
    }

    async fn send_letter(
        &self,
        write: &Write,
        due: &DueLetter,
        now: Timestamp,
    ) -> std::result::Result<Done, StoreError> {
        let mut conn = self.inner().store.read().await?;
        let Some(row) = conn.session(due.session).await? else { return Ok(Done::Over) };
        let Some(visitor) = conn.visitor(row.session.visitor).await? else { return Ok(Done::Over) };
        drop(conn);
        let Some(site) = self.directory().sites.get(&row.session.site).cloned() else { return Ok(Done::Over) };
        let asked = !due.address.is_empty();
        let to = if asked { &due.address } else { &visitor.email };
        let wanted = match due.kind {
            LetterKind::Transcript => asked || site.settings.mail_transcripts,
            LetterKind::Answer => true,
        };
        let Some(mailer) = self.mailer().filter(|_| wanted && !to.is_empty()) else {
            // Who has asked, or waits for an answer, and those who wrote it, shall know that it went nowhere.
            let told = due.kind == LetterKind::Answer || asked;
            return Ok(if told { Done::Told(to.clone(), Handover::Failed) } else { Done::Over });
        };
        let chat = self.letter_of(due, &visitor).await?;
        if !chat.events.iter().any(from_agent) {
            return Ok(Done::Over);
        }
        // Whoever ends a chat and takes it up again, over and over, has nobody's mailbox filled by it; who chats that often in
        // earnest gets all of them, later.
        if due.kind == LetterKind::Transcript
            && !asked
            && let Err(Error::RateLimited { retry_after }) = self.inner().guard.letters_to(to, now)
        {
            return Ok(later(due, to, now, i64::from(retry_after)));
        }
        let language = if due.language.is_empty() { visitor.language.clone() } else { due.language.clone() };
        let code = match due.kind {
            LetterKind::Answer if opens(&visitor) => Some(self.letter_code(&visitor, now).await?),
            LetterKind::Answer | LetterKind::Transcript => None,
        };
        let open = OpenLetter { kind: due.kind, site, session: due.session, language, chat, code };
        let written = write(&Words::Letter(&open));
        let letter = Letter {
            to: to.clone(),
            subject: written.subject,
            text: written.text,
            html: Some(written.html),
            thread: Some(due.session.to_string()),
        };
        Ok(match mailer.send(&letter).await {
            Ok(()) => Done::Told(to.clone(), Handover::Sent),
            Err(SendError::Refused(cause) | SendError::Gone(cause)) => {
                tracing::info!(%cause, session = %due.session, "a letter was refused");
                Done::Told(to.clone(), Handover::Bounced)
            }
            Err(SendError::Later { what, after }) => {
                let pause = backoff(due.attempts).max(i64::from(after.unwrap_or(0)));
                let done = later(due, to, now, pause);
                tracing::warn!(cause = %what, over = !matches!(done, Done::Again(_)), "a letter was not sent");
                done
            }
        })
    }

    async fn letter_code(&self, visitor: &Visitor, now: Timestamp) -> std::result::Result<String, StoreError> {
        let code = random::token();
        let mut tx = self.inner().store.begin().await?;
        let since = now + Span::seconds(-CODE.whole_seconds());
        tx.add_letter_code(visitor.id, &random::token_hash(&code), now, since).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Lets the reader of a letter back in, in whatever browser they opened its link: with a token of their own. Not where the
    /// site serves only those whom its page has identified.
    pub async fn return_by_letter(&self, code: &str, from: IpAddr) -> Result<Started> {
        let now = self.now();
        self.inner().guard.chat_starts(from, now)?;
        let since = now + Span::seconds(-CODE.whole_seconds());
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let found = conn.visitor_of_letter(&random::token_hash(code), since).await.map_err(faults::stored)?;
        let found = conn.visitor(found.ok_or(Error::NotFound)?).await.map_err(faults::stored)?;
        let visitor = found.filter(opens).ok_or(Error::NotFound)?.id;
        let latest = conn.latest_session_of_visitor(visitor).await.map_err(faults::stored)?;
        drop(conn);
        let latest = latest.ok_or(Error::NotFound)?.session;
        if self.directory().sites.get(&latest.site).is_some_and(|site| site.settings.identified_only) {
            // A letter proves no identity.
            return Err(Error::Conflict(Conflict::Unidentified));
        }
        let token = random::token();
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        tx.add_visitor_token(visitor, &random::token_hash(&token), now).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(Started { token: Some(token), session: latest.id })
    }

    /// What it is made of.
    async fn letter_of(&self, due: &DueLetter, visitor: &Visitor) -> std::result::Result<Conversation, StoreError> {
        let mut chat = self.conversation_of(due.session, visitor).await?;
        if due.kind == LetterKind::Transcript {
            return Ok(chat);
        }
        // In this order: see there.
        let next = self.inner().store.read().await?.next_answer(due.session, due.seq).await?;
        let told = due.seq..next.unwrap_or(u32::MAX);
        let events = chat.seqs.iter().zip(chat.events).filter(|(seq, event)| told.contains(seq) && from_agent(event));
        (chat.events, chat.seqs) = events.map(|(seq, event)| (event, *seq)).unzip();
        Ok(chat)
    }

    async fn note_handover(
        &self,
        letter: &DueLetter,
        to: &str,
        handover: Handover,
        now: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        let act = Act {
            session: letter.session,
            movement: Move::Mailed { letter: letter.kind, to: to.to_owned(), handover },
            author: Author::System,
            author_id: Uuid::nil(),
            client_id: None,
            now,
        };
        match self.act(act).await {
            Err(ActError::Store(cause)) => Err(cause),
            _ => Ok(()),
        }
    }
}

impl VisitorAccess {
    /// Sends the visitor's latest chat to this address, in this language (BCP 47). Refused while no agent has written:
    /// otherwise anybody could have us send their own words to whomever they like.
    pub async fn mail_transcript(&self, address: &str, language: &str, from: IpAddr) -> Result<()> {
        let now = self.services.now();
        self.must_not_be_blocked().await?;
        if !self.services.sends_letters() {
            return Err(Error::Unavailable);
        }
        if !plausible_email(address) {
            return Err(Error::invalid("email", FieldProblem::NotAnEmail));
        }
        let session = self.latest().await?.session;
        let chat = self.services.conversation_of(session.id, &self.visitor).await.map_err(faults::stored)?;
        if !chat.events.iter().any(from_agent) {
            return Err(Error::Conflict(Conflict::NotTaken));
        }
        self.services.inner().guard.letters(self.visitor.id, from, address, now)?;
        let letter = NewLetter {
            session: session.id,
            kind: LetterKind::Transcript,
            address: address.to_owned(),
            language: language.to_owned(),
            seq: session.seq,
            now,
            due: now,
        };
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.add_letter(letter).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        self.services.inner().letters.news.notify_one();
        Ok(())
    }
}

/// Whether a letter to the visitor's address may hold what lets its reader in. Of somebody whom a site has named, only it opens
/// the chats: an address that they have typed themselves may be anybody's.
fn opens(visitor: &Visitor) -> bool {
    visitor.user_id.is_empty() || visitor.signed.contains(&FieldKind::Email)
}

/// Sends what is due, for ever.
async fn run(services: Services) {
    loop {
        let next = async {
            services.send_letters().await?;
            services.inner().store.read().await?.next_letter().await
        };
        let pause = match next.await {
            Ok(Some(due)) => Duration::from_micros(u64::try_from((due - services.now()).micros()).unwrap_or(0)),
            Ok(None) => Duration::MAX,
            Err(cause) => {
                tracing::warn!(%cause, "the outbox of letters cannot be read");
                PAUSE
            }
        };
        tokio::select! {
            () = services.inner().letters.news.notified() => {}
            // Never less than a moment, or a steered clock that stands still would keep this busy.
            () = tokio::time::sleep(pause.clamp(Duration::from_millis(200), Duration::from_hours(1))) => {}
        }
    }
}

fn from_agent(event: &wire::visitor::Event) -> bool {
    matches!(event.who, Who::Agent(_)) && matches!(event.what, What::Message { .. } | What::Attachment(_))
}

/// Tried again after so many seconds, or given up.
fn later(due: &DueLetter, to: &str, now: Timestamp, pause: i64) -> Done {
    let next = now + Span::seconds(pause);
    if next - due.created_at >= PATIENCE { Done::Told(to.to_owned(), Handover::Failed) } else { Done::Again(next) }
}

/// Seconds until the next attempt: 10, 30, 90 … up to an hour.
fn backoff(attempts: u32) -> i64 {
    10_i64.saturating_mul(3_i64.saturating_pow(attempts)).min(3600)
}
