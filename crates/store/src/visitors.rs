//! Visitors and their tokens. A visitor and the first token come to be with the first chat, in the writer.

use domain::{ContactId, FieldKind, SiteId, Timestamp, VisitorId};
use uuid::Uuid;

use crate::{Conn, Site, StoreError, Tx, rows::number, sites::SiteRecord};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    pub id: VisitorId,
    pub site: SiteId,
    pub contact: Option<ContactId>,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub user_agent: String,
    /// The name of a time zone, or empty.
    pub time_zone: String,
    /// The site's own name for them, by its signature; empty for a stranger.
    pub user_id: String,
    /// What else of them is signed.
    pub signed: Vec<FieldKind>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
}

record! {
    pub(crate) struct Record {
        id: Uuid,
        site_id: Uuid,
        contact_id: Option<Uuid>,
        name: String,
        email: String,
        phone: String,
        language: String,
        user_agent: String,
        time_zone: String,
        user_id: String,
        signed: String,
        created_at: i64,
        last_seen_at: i64,
    }
}

macro_rules! select_visitors {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.site_id, v.contact_id, v.name, v.email, v.phone, v.language, v.user_agent, v.time_zone,
                 v.user_id, v.signed, v.created_at, v.last_seen_at FROM visitors v ",
            $rest
        )
    };
}
pub(crate) use select_visitors;

impl Record {
    pub(crate) fn visitor(self) -> Visitor {
        Visitor {
            id: VisitorId::from_uuid(self.id),
            site: SiteId::from_uuid(self.site_id),
            contact: self.contact_id.map(ContactId::from_uuid),
            name: self.name,
            email: self.email,
            phone: self.phone,
            language: self.language,
            user_agent: self.user_agent,
            time_zone: self.time_zone,
            user_id: self.user_id,
            signed: self.signed.split(' ').filter_map(FieldKind::from_name).collect(),
            created_at: Timestamp::from_micros(self.created_at),
            last_seen_at: Timestamp::from_micros(self.last_seen_at),
        }
    }
}

impl Conn {
    pub async fn visitor(&mut self, id: VisitorId) -> Result<Option<Visitor>, StoreError> {
        let sql = select_visitors!("WHERE v.id = $1");
        Ok(run!(one Record; self.engine()?, sql, id.uuid())?.map(Record::visitor))
    }

    /// Whose token this is, with the site it is bound to.
    pub async fn visitor_by_token(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Visitor, Site)>, StoreError> {
        let sql = select_visitors!("JOIN visitor_tokens t ON t.visitor_id = v.id WHERE t.token_hash = $1");
        let Some(row) = run!(one Record; self.engine()?, sql, token_hash.as_slice())? else { return Ok(None) };
        let sql = "SELECT id, key, name, origins, queue_id, settings, created_at FROM sites WHERE id = $1";
        let Some(site) = run!(one SiteRecord; self.engine()?, sql, row.site_id)? else { return Ok(None) };
        Ok(Some((row.visitor(), site.site()?)))
    }

    /// How many chats this visitor has had.
    pub async fn chats_of_visitor(&mut self, id: VisitorId) -> Result<u32, StoreError> {
        let sql = "SELECT COUNT(*) FROM sessions WHERE visitor_id = $1";
        let row = run!(one (i64,); self.engine()?, sql, id.uuid())?;
        number(row.map_or(0, |(count,)| count))
    }
}

impl Tx {
    pub async fn add_visitor_token(
        &mut self,
        visitor: VisitorId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        run!(done, self.engine()?, ADD_TOKEN, token_hash.as_slice(), visitor.uuid(), now.micros())?;
        Ok(())
    }

    pub async fn touch_visitor(&mut self, visitor: VisitorId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE visitors SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
        run!(done, self.engine()?, sql, visitor.uuid(), now.micros())?;
        Ok(())
    }
}

pub(crate) const ADD_TOKEN: &str =
    "INSERT INTO visitor_tokens (token_hash, visitor_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
