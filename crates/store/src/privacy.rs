//! What visitors may ask for about themselves: codes that confirm it, everything that is kept of them, and its erasure.

use domain::{AttachmentId, SessionId, Timestamp, VisitorId};
use uuid::Uuid;

use crate::{Conn, Store, StoreError, Tx, checkpoint, dialect, store::Db, writer::forget_contact};

/// A code that was sent and waits to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyCode {
    pub kind: String,
    /// Where it went.
    pub address: String,
    pub hash: Vec<u8>,
    pub created_at: Timestamp,
}

record! {
    struct Code {
        kind: String,
        address: String,
        hash: Vec<u8>,
        created_at: i64,
    }
}

/// What belongs to a session and goes with it, in an order that foreign keys allow.
const OF_SESSION: [&str; 11] = [
    "DELETE FROM letters WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM alert_outbox WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM blocked_visitors WHERE visitor_id = $1",
    "DELETE FROM classifications WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM session_tags WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM drafts WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM ratings WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM page_visits WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM attachments WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM session_events WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
    "DELETE FROM episodes WHERE session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)",
];

/// What belongs to the visitor. The contact goes when nobody else stands behind it.
const OF_VISITOR: [&str; 5] = [
    "DELETE FROM sessions WHERE visitor_id = $1",
    "DELETE FROM visitor_tokens WHERE visitor_id = $1",
    "DELETE FROM letter_codes WHERE visitor_id = $1",
    "DELETE FROM privacy_codes WHERE visitor_id = $1",
    "DELETE FROM visitors WHERE id = $1",
];

impl Conn {
    /// Everybody who gave this address, in any case of letters.
    pub async fn visitors_with_email(&mut self, email: &str) -> Result<Vec<VisitorId>, StoreError> {
        let sql = "SELECT id FROM visitors WHERE LOWER(email) = $1 AND email <> '' ORDER BY id";
        let rows = run!(all (Uuid,); self.engine()?, sql, email.to_lowercase())?;
        Ok(rows.into_iter().map(|(id,)| VisitorId::from_uuid(id)).collect())
    }

    /// All their sessions, oldest first.
    pub async fn sessions_of_visitor(&mut self, visitor: VisitorId) -> Result<Vec<SessionId>, StoreError> {
        let sql = "SELECT id FROM sessions WHERE visitor_id = $1 ORDER BY created_at, id";
        let rows = run!(all (Uuid,); self.engine()?, sql, visitor.uuid())?;
        Ok(rows.into_iter().map(|(id,)| SessionId::from_uuid(id)).collect())
    }

    /// All files of their sessions.
    pub async fn files_of_visitor(&mut self, visitor: VisitorId) -> Result<Vec<(SessionId, AttachmentId)>, StoreError> {
        let sql = "SELECT a.session_id, a.id FROM attachments a JOIN sessions s ON s.id = a.session_id
             WHERE s.visitor_id = $1";
        let rows = run!(all (Uuid, Uuid); self.engine()?, sql, visitor.uuid())?;
        Ok(rows.into_iter().map(|(s, a)| (SessionId::from_uuid(s), AttachmentId::from_uuid(a))).collect())
    }
}

impl Store {
    /// After an erasure: what was erased is not in SQLite's log either. PostgreSQL recycles its own, and archives of it are
    /// its keeper's.
    pub async fn empty_log(&self) -> Result<(), StoreError> {
        match &self.inner.db {
            Db::Sqlite { line, .. } => checkpoint::empty(line).await,
            Db::Postgres { .. } => Ok(()),
        }
    }
}

impl Tx {
    /// Takes the place of one that was sent before.
    pub async fn set_privacy_code(
        &mut self,
        visitor: VisitorId,
        (kind, address, hash): (&str, &str, &[u8; 32]),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO privacy_codes (visitor_id, kind, address, hash, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (visitor_id) DO UPDATE SET kind = excluded.kind, address = excluded.address,
                 hash = excluded.hash, attempts = 0, created_at = excluded.created_at";
        run!(done, self.engine()?, sql, visitor.uuid(), kind, address, hash.as_slice(), now.micros())?;
        Ok(())
    }

    /// The code that was sent, for one guess of at most `most`: it is counted before it is judged, so that guesses made at the
    /// same time are not more.
    pub async fn guess_privacy_code(
        &mut self,
        visitor: VisitorId,
        most: u32,
    ) -> Result<Option<PrivacyCode>, StoreError> {
        let sql = "UPDATE privacy_codes SET attempts = attempts + 1 WHERE visitor_id = $1 AND attempts < $2
             RETURNING kind, address, hash, created_at";
        let row = run!(one Code; self.engine()?, sql, visitor.uuid(), i64::from(most))?;
        Ok(row.map(Code::public))
    }

    pub async fn delete_privacy_code(&mut self, visitor: VisitorId) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM privacy_codes WHERE visitor_id = $1", visitor.uuid())?;
        Ok(())
    }

    /// Erases the visitor and everything of their sessions, which all have to be over. The bytes of files lie elsewhere
    /// ([`Conn::files_of_visitor`]); what is written on SQLite's pages is overwritten with zeros.
    pub async fn erase_visitor(&mut self, visitor: VisitorId) -> Result<(), StoreError> {
        self.forget_heads();
        // Nobody adds to them any more.
        run!(all (Uuid,); self.engine()?, dialect::LOCK_SESSIONS_OF, visitor.uuid())?;
        let contact = "SELECT contact_id FROM visitors WHERE id = $1";
        let contact = run!(one (Option<Uuid>,); self.engine()?, contact, visitor.uuid())?.and_then(|(id,)| id);
        for sql in OF_SESSION.into_iter().chain(OF_VISITOR) {
            run!(done, self.engine()?, sql, visitor.uuid())?;
        }
        forget_contact(&mut self.engine()?, contact).await
    }
}

impl Code {
    fn public(self) -> PrivacyCode {
        let Self { kind, address, hash, created_at } = self;
        PrivacyCode { kind, address, hash, created_at: Timestamp::from_micros(created_at) }
    }
}
