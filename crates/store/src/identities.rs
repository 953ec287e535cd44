//! Visitors whom their site has identified, and the secrets by which it does.

use domain::{Attributes, FieldKind, Identified, SecretId, SessionId, SiteId, Timestamp, VisitorId};
use uuid::Uuid;

use crate::{Conn, NewVisitor, StoreError, Tx, Visitor, dialect, visitors::Record, writer};

/// A secret of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentitySecret {
    pub id: SecretId,
    pub secret: String,
    pub made_at: Timestamp,
}

record! {
    struct SecretRecord {
        id: Uuid,
        secret: String,
        made_at: i64,
    }
}

impl Conn {
    /// The oldest first.
    pub async fn identity_secrets(&mut self, site: SiteId) -> Result<Vec<IdentitySecret>, StoreError> {
        let sql = "SELECT id, secret, made_at FROM identity_secrets WHERE site_id = $1 ORDER BY made_at, id";
        let rows = run!(all SecretRecord; self.engine()?, sql, site.uuid())?;
        let secret = |row: SecretRecord| IdentitySecret {
            id: SecretId::from_uuid(row.id),
            secret: row.secret,
            made_at: Timestamp::from_micros(row.made_at),
        };
        Ok(rows.into_iter().map(secret).collect())
    }

    /// The visitor whom the site knows by this name.
    pub async fn visitor_by_user(&mut self, site: SiteId, user_id: &str) -> Result<Option<Visitor>, StoreError> {
        let sql = crate::visitors::select_visitors!("WHERE v.site_id = $1 AND v.user_id = $2 AND v.user_id <> ''");
        Ok(run!(one Record; self.engine()?, sql, site.uuid(), user_id)?.map(Record::visitor))
    }

    /// What a visitor's page has said about them.
    pub async fn attributes(&mut self, visitor: VisitorId) -> Result<Attributes, StoreError> {
        let sql = "SELECT attributes FROM visitors WHERE id = $1";
        read_attributes(run!(one (String,); self.engine()?, sql, visitor.uuid())?)
    }
}

fn read_attributes(row: Option<(String,)>) -> Result<Attributes, StoreError> {
    let Some((kept,)) = row else { return Ok(Attributes::default()) };
    serde_json::from_str(&kept).map_err(StoreError::other)
}

impl Tx {
    pub async fn add_identity_secret(&mut self, site: SiteId, secret: &IdentitySecret) -> Result<(), StoreError> {
        let sql = "INSERT INTO identity_secrets (id, site_id, secret, made_at) VALUES ($1, $2, $3, $4)";
        let IdentitySecret { id, secret, made_at } = secret;
        run!(done, self.engine()?, sql, id.uuid(), site.uuid(), secret.as_str(), made_at.micros())?;
        Ok(())
    }

    /// Whether the site had it.
    pub async fn remove_identity_secret(&mut self, site: SiteId, id: SecretId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM identity_secrets WHERE id = $1 AND site_id = $2";
        Ok(run!(done, self.engine()?, sql, id.uuid(), site.uuid())? > 0)
    }

    /// A visitor who has not chatted yet.
    pub async fn add_visitor(&mut self, new: &NewVisitor, now: Timestamp) -> Result<(), StoreError> {
        writer::insert_visitor(&mut self.engine()?, new, now).await
    }

    /// Binds a visitor to the site's name for them, with the details that are signed; the others stay as they were.
    /// [`StoreError::Taken`] when another visitor of the site is that person.
    pub async fn set_identity(
        &mut self,
        visitor: &NewVisitor,
        identity: &Identified,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let signed: Vec<_> = identity.signed().into_iter().map(FieldKind::name).collect();
        let sql = "UPDATE visitors SET user_id = $2, signed = $3 WHERE id = $1";
        let (id, user_id) = (visitor.id.uuid(), identity.user_id.as_str());
        run!(done, self.engine()?, sql, id, user_id, signed.join(" "))?;
        writer::note_visitor(&mut self.engine()?, visitor, now).await?;
        self.forget_heads();
        Ok(())
    }

    /// What a visitor's page has said about them, to be changed: nobody else does so until this transaction is over.
    pub async fn lock_attributes(&mut self, visitor: VisitorId) -> Result<Attributes, StoreError> {
        read_attributes(run!(one (String,); self.engine()?, dialect::LOCK_ATTRIBUTES, visitor.uuid())?)
    }

    pub async fn set_attributes(&mut self, visitor: VisitorId, attributes: &Attributes) -> Result<(), StoreError> {
        let kept = serde_json::to_string(attributes).map_err(StoreError::other)?;
        let sql = "UPDATE visitors SET attributes = $2 WHERE id = $1";
        run!(done, self.engine()?, sql, visitor.uuid(), kept)?;
        Ok(())
    }

    pub async fn remove_visitor_token(&mut self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM visitor_tokens WHERE token_hash = $1", token_hash.as_slice())?;
        Ok(())
    }

    /// Everything of one visitor becomes another's, and the first is no more, nor are their tokens and the links in their
    /// letters. The chats that moved.
    /// [`StoreError::Taken`] when both have an open one: at most one may be (LIMITS I8).
    pub async fn merge_visitor(&mut self, from: VisitorId, into: VisitorId) -> Result<Vec<SessionId>, StoreError> {
        let moved = run!(all (Uuid,); self.engine()?, dialect::LOCK_SESSIONS_OF, from.uuid())?;
        let sql = "SELECT contact_id FROM visitors WHERE id = $1";
        let contact = run!(one (Option<Uuid>,); self.engine()?, sql, from.uuid())?.and_then(|(id,)| id);
        // Client ids are unique under their author: a repeat finds its first answer still.
        let sql = "UPDATE session_events SET author_id = $2
             WHERE author_id = $1 AND session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)";
        run!(done, self.engine()?, sql, from.uuid(), into.uuid())?;
        let sql = "UPDATE attachments SET author_id = $2
             WHERE author_id = $1 AND session_id IN (SELECT id FROM sessions WHERE visitor_id = $1)";
        run!(done, self.engine()?, sql, from.uuid(), into.uuid())?;
        let sql = "UPDATE sessions SET visitor_id = $2 WHERE visitor_id = $1";
        run!(done, self.engine()?, sql, from.uuid(), into.uuid())?;
        run!(done, self.engine()?, "DELETE FROM visitor_tokens WHERE visitor_id = $1", from.uuid())?;
        // Links in letters let their readers in as tokens do.
        run!(done, self.engine()?, "DELETE FROM letter_codes WHERE visitor_id = $1", from.uuid())?;
        run!(done, self.engine()?, "DELETE FROM privacy_codes WHERE visitor_id = $1", from.uuid())?;
        run!(done, self.engine()?, "DELETE FROM visitors WHERE id = $1", from.uuid())?;
        writer::forget_contact(&mut self.engine()?, contact).await?;
        self.forget_heads();
        Ok(moved.into_iter().map(|(id,)| SessionId::from_uuid(id)).collect())
    }
}
