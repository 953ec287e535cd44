//! Files that are part of a chat, opened again.

use std::io;

use bytes::Bytes;
use domain::{AttachmentId, Media};
use futures::stream::BoxStream;
use store::{Checked, Upload};
use wire::{Error, Result, file::FileLinks};

use super::{Variant, there, unavailable};
use crate::{Services, faults};

/// The first and the last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: u64,
    pub last: u64,
}

/// What is served, before its bytes are asked for.
pub struct Contents {
    services: Services,
    upload: Upload,
    variant: Variant,
    pub media: Media,
    pub name: String,
    pub bytes: u64,
    /// Of the file; the small picture has another one.
    pub sha256: [u8; 32],
}

impl Services {
    /// The file that an address stands for.
    pub async fn open_file(&self, id: AttachmentId, variant: Variant, until: i64, signature: &str) -> Result<Contents> {
        if !self.inner().files.key.opens(id, variant, until, signature, self.now()) {
            return Err(Error::Forbidden);
        }
        let upload = self.sent_upload(id).await?;
        let Checked { name, media, bytes, preview, sha256, .. } = there(upload.checked.clone())?;
        let (media, bytes) = match variant {
            Variant::File => (media, bytes),
            Variant::Preview => {
                let objects = &self.inner().files.objects;
                let size = objects.size(upload.session, id, variant).await;
                (there(preview)?, size.map_err(|cause| gone_or_unavailable(&cause))?)
            }
        };
        Ok(Contents { services: self.clone(), upload, variant, media, name, bytes, sha256 })
    }

    pub(crate) async fn sent_upload(&self, id: AttachmentId) -> Result<Upload> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let upload = there(conn.upload(id).await.map_err(faults::stored)?)?;
        if upload.seq.is_some() { Ok(upload) } else { Err(Error::NotFound) }
    }

    pub(crate) fn links(&self, upload: &Upload) -> FileLinks {
        self.inner().files.key.links(upload, self.now())
    }
}

impl Contents {
    /// All of it, or a part.
    pub async fn read(&self, range: Option<Range>) -> Result<BoxStream<'static, io::Result<Bytes>>> {
        let objects = &self.services.inner().files.objects;
        let read = objects.read(self.upload.session, self.upload.id, self.variant, range).await;
        read.map_err(|cause| gone_or_unavailable(&cause))
    }
}

fn gone_or_unavailable(cause: &object_store::Error) -> Error {
    if matches!(cause, object_store::Error::NotFound { .. }) {
        tracing::error!(%cause, "a file of a chat is missing");
        return Error::NotFound;
    }
    unavailable("a file cannot be read", cause)
}
