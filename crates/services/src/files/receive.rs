//! How a file comes: announced, then its bytes in any number of pieces.

use std::path::PathBuf;

use bytes::Bytes;
use domain::{AttachmentId, Author, FileFault, SessionId, file_name};
use futures::{Stream, StreamExt};
use store::{NewUpload, Upload};
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};
use uuid::Uuid;
use wire::{Conflict, Error, Result, file};

use super::{Files, there, unavailable};
use crate::{Services, faults, random};

/// Files of one person that are on their way or were never sent. Those of a day ago are gone.
const MOST_UNSENT: u32 = 20;

/// Seconds until some may be sent or given up.
const LATER: u32 = 60;

/// Who sends: an agent or a visitor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sender {
    pub author: Author,
    pub id: Uuid,
}

impl Files {
    /// As it was sent.
    pub(super) fn raw(&self, id: AttachmentId) -> PathBuf {
        self.staging.join(format!("{id}.raw"))
    }

    /// Without its metadata.
    pub(super) fn clean(&self, id: AttachmentId) -> PathBuf {
        self.staging.join(format!("{id}.clean"))
    }

    pub(super) async fn received(&self, id: AttachmentId) -> Result<u64> {
        match fs::metadata(self.raw(id)).await {
            Ok(metadata) => Ok(metadata.len()),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(cause) => Err(unavailable("an upload cannot be looked at", &cause)),
        }
    }

    /// Whatever there is of a file.
    pub(crate) async fn remove(&self, session: SessionId, id: AttachmentId) {
        self.unstage(id).await;
        self.objects.remove(session, id).await;
    }

    pub(super) async fn unstage(&self, id: AttachmentId) {
        for path in [self.raw(id), self.clean(id)] {
            if let Err(cause) = fs::remove_file(&path).await
                && cause.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%cause, "an upload was not removed");
            }
        }
    }
}

impl Services {
    /// The size limit of a site, in bytes, under that of the installation.
    pub(crate) fn most_bytes(&self, megabytes: u16) -> u64 {
        self.inner().files.most.min(u64::from(megabytes) * 1024 * 1024)
    }

    /// Announces a file. Nothing is refused here for its type: that is decided by content.
    pub(crate) async fn begin_upload(
        &self,
        sender: Sender,
        session: SessionId,
        megabytes: u16,
        new: &file::NewUpload,
    ) -> Result<file::Upload> {
        if new.bytes == 0 {
            return Err(Error::File(FileFault::Empty));
        }
        let most = self.most_bytes(megabytes);
        if new.bytes > most {
            return Err(Error::File(FileFault::TooLarge { most }));
        }
        let now = self.now();
        let id = AttachmentId::from_uuid(random::id(now));
        let upload = NewUpload {
            id,
            session,
            author: sender.author,
            author_id: sender.id,
            name: file_name(&new.name),
            expected: new.bytes,
            now,
        };
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        let (unsent, _) = tx.unsent_uploads(sender.id).await.map_err(faults::stored)?;
        if unsent >= MOST_UNSENT {
            return Err(Error::RateLimited { retry_after: LATER });
        }
        tx.create_upload(&upload).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(file::Upload { id, offset: 0, bytes: new.bytes })
    }

    /// One's own upload; anybody else's does not exist.
    pub(crate) async fn own_upload(&self, sender: Sender, id: AttachmentId) -> Result<Upload> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let upload = there(conn.upload(id).await.map_err(faults::stored)?)?;
        if upload.author_id == sender.id { Ok(upload) } else { Err(Error::NotFound) }
    }

    /// How much of it is here.
    pub(crate) async fn progress(&self, upload: &Upload) -> Result<file::Upload> {
        let whole = upload.checked.is_some();
        let offset = if whole { upload.expected } else { self.inner().files.received(upload.id).await? };
        Ok(file::Upload { id: upload.id, offset, bytes: upload.expected })
    }

    /// Takes bytes from `offset` on, which has to be where the file ends by now. What came before a line broke stays.
    /// The answer is how much is here afterwards.
    pub(crate) async fn receive<E: std::fmt::Display>(
        &self,
        upload: &Upload,
        offset: u64,
        body: impl Stream<Item = std::result::Result<Bytes, E>>,
    ) -> Result<file::Upload> {
        let files = &self.inner().files;
        let turn = files.slots.take(upload.id).await;
        let mut at = self.progress(upload).await?.offset;
        if offset != at || upload.checked.is_some() {
            return Err(Error::Conflict(Conflict::Offset { at }));
        }
        // Sent or given up while this one waited for its turn.
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        there(conn.upload(upload.id).await.map_err(faults::stored)?)?;
        drop(conn);
        let failed = |cause: &dyn std::fmt::Display| unavailable("an upload cannot be written", cause);
        let file = File::options().create(true).append(true).open(files.raw(upload.id)).await;
        let mut file = file.map_err(|cause| failed(&cause))?;
        let mut body = std::pin::pin!(body);
        let mut outcome = Ok(());
        loop {
            let piece = tokio::select! {
                piece = body.next() => piece,
                () = turn.wanted() => break,
            };
            match piece {
                Some(Ok(piece)) if at + piece.len() as u64 > upload.expected => {
                    outcome = Err(Error::File(FileFault::TooLarge { most: upload.expected }));
                    break;
                }
                Some(Ok(piece)) => {
                    if let Err(cause) = file.write_all(&piece).await {
                        outcome = Err(failed(&cause));
                        break;
                    }
                    at += piece.len() as u64;
                }
                Some(Err(cause)) => {
                    tracing::debug!(%cause, "an upload broke off");
                    outcome = Err(Error::Transport);
                    break;
                }
                None => break,
            }
        }
        let flushed = file.flush().await.map_err(|cause| failed(&cause));
        outcome.and(flushed)?;
        Ok(file::Upload { id: upload.id, offset: at, bytes: upload.expected })
    }

    /// Gives a file up. One that is part of a chat stays.
    pub(crate) async fn drop_upload(&self, upload: &Upload) -> Result<()> {
        let files = &self.inner().files;
        let _turn = files.slots.take(upload.id).await;
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        let forgotten = tx.forget_upload(upload.id).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        if forgotten {
            files.unstage(upload.id).await;
            files.objects.remove(upload.session, upload.id).await;
        }
        Ok(())
    }
}
