//! Files that never became part of a chat go after a day.

use std::time::Duration;

use domain::{AttachmentId, Span};
use store::StoreError;

use crate::Services;

const KEPT: Span = Span::seconds(24 * 3600);
const ROUND: Duration = Duration::from_mins(15);
const BATCH: u32 = 200;

pub async fn run(services: Services) {
    loop {
        if let Err(cause) = services.sweep_uploads().await {
            tracing::warn!(%cause, "old uploads were not looked for");
        }
        tokio::time::sleep(ROUND).await;
    }
}

impl Services {
    /// Removes them; how many there were.
    pub async fn sweep_uploads(&self) -> Result<usize, StoreError> {
        let store = &self.inner().store;
        let before = self.now() + Span::seconds(-KEPT.whole_seconds());
        let stale = store.read().await?.stale_uploads(before, BATCH).await?;
        for id in &stale {
            let Some(upload) = store.read().await?.upload(*id).await? else { continue };
            // Refused: the next round tries again.
            let _ = self.drop_upload(&upload).await;
        }
        self.sweep_staging().await?;
        Ok(stale.len())
    }

    /// What lies in the staging folder without a row: its row was removed, and then the process ended.
    async fn sweep_staging(&self) -> Result<(), StoreError> {
        let files = &self.inner().files;
        let Ok(mut folder) = tokio::fs::read_dir(&files.staging).await else { return Ok(()) };
        while let Ok(Some(entry)) = folder.next_entry().await {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.split('.').next()?.parse::<AttachmentId>().ok());
            if let Some(id) = id
                && self.inner().store.read().await?.upload(id).await?.is_none()
            {
                files.unstage(id).await;
            }
        }
        Ok(())
    }
}
