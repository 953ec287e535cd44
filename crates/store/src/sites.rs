//! Sites: one widget installation each.

use domain::{QueueId, SiteId, Timestamp};
use uuid::Uuid;

use crate::{Conn, StoreError, Tx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    /// Stands in the snippet; public.
    pub key: String,
    pub name: String,
    /// Who may embed the widget.
    pub origins: Vec<String>,
    /// Where its chats wait unless the form chooses another.
    pub queue: QueueId,
    /// A JSON object; its shape is not the store's business.
    pub settings: String,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct NewSite {
    pub id: SiteId,
    pub key: String,
    pub name: String,
    pub origins: Vec<String>,
    pub queue: QueueId,
    pub settings: String,
    pub now: Timestamp,
}

record! {
    pub(crate) struct SiteRecord {
        id: Uuid,
        key: String,
        name: String,
        origins: String,
        queue_id: Uuid,
        settings: String,
        created_at: i64,
    }
}

impl SiteRecord {
    pub(crate) fn site(self) -> Result<Site, StoreError> {
        Ok(Site {
            id: SiteId::from_uuid(self.id),
            key: self.key,
            name: self.name,
            origins: serde_json::from_str(&self.origins).map_err(StoreError::other)?,
            queue: QueueId::from_uuid(self.queue_id),
            settings: self.settings,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

impl Conn {
    pub async fn site(&mut self, id: SiteId) -> Result<Option<Site>, StoreError> {
        let sql = "SELECT id, key, name, origins, queue_id, settings, created_at FROM sites WHERE id = $1";
        run!(one SiteRecord; self.engine()?, sql, id.uuid())?.map(SiteRecord::site).transpose()
    }

    pub async fn site_by_key(&mut self, key: &str) -> Result<Option<Site>, StoreError> {
        let sql = "SELECT id, key, name, origins, queue_id, settings, created_at FROM sites WHERE key = $1";
        run!(one SiteRecord; self.engine()?, sql, key)?.map(SiteRecord::site).transpose()
    }

    /// By name.
    pub async fn sites(&mut self) -> Result<Vec<Site>, StoreError> {
        let sql = "SELECT id, key, name, origins, queue_id, settings, created_at FROM sites ORDER BY LOWER(name), id";
        run!(all SiteRecord; self.engine()?, sql)?.into_iter().map(SiteRecord::site).collect()
    }
}

impl Tx {
    /// [`StoreError::Taken`] when the key is in use.
    pub async fn create_site(&mut self, new: NewSite) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO sites (id, key, name, origins, queue_id, settings, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            new.id.uuid(),
            new.key,
            new.name,
            json(&new.origins)?,
            new.queue.uuid(),
            new.settings,
            new.now.micros(),
        )?;
        Ok(())
    }

    pub async fn set_site_origins(&mut self, id: SiteId, origins: &[String]) -> Result<(), StoreError> {
        let sql = "UPDATE sites SET origins = $2 WHERE id = $1";
        run!(done, self.engine()?, sql, id.uuid(), json(origins)?)?;
        Ok(())
    }

    /// Everything but its key.
    pub async fn update_site(
        &mut self,
        id: SiteId,
        name: &str,
        origins: &[String],
        queue: QueueId,
        settings: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE sites SET name = $2, origins = $3, queue_id = $4, settings = $5 WHERE id = $1";
        run!(done, self.engine()?, sql, id.uuid(), name, json(origins)?, queue.uuid(), settings)?;
        Ok(())
    }

    pub async fn set_site_settings(&mut self, id: SiteId, settings: &str) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE sites SET settings = $2 WHERE id = $1", id.uuid(), settings)?;
        Ok(())
    }
}

fn json(origins: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(origins).map_err(StoreError::other)
}
