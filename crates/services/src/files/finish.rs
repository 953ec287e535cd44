//! From what was sent to what is kept.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::Path,
};

use domain::{Attachment, AttachmentId, Author, FileFault, Media, fitting_name};
use media::{Facts, Trouble};
use sha2::{Digest, Sha256};
use store::{Checked, Upload};
use wire::{Conflict, Error, Result};

use super::{Files, clamd::Verdict, preview, there, unavailable};
use crate::{Services, faults};

/// What the copy came to.
struct Copied {
    media: Media,
    facts: Facts,
    bytes: u64,
    sha256: [u8; 32],
}

impl Services {
    /// Checks and keeps a file that is whole; done once, and told again when asked again. A file at fault stays where it
    /// is until it is given up, so that a repeated request gets the same answer.
    pub(crate) async fn finish_upload(&self, upload: &Upload) -> Result<Attachment> {
        let files = &self.inner().files;
        let _turn = files.slots.take(upload.id).await;
        // Read again: the one before in this place may have been the same request.
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let upload = there(conn.upload(upload.id).await.map_err(faults::stored)?)?;
        drop(conn);
        if let Some(checked) = &upload.checked {
            return Ok(attachment(upload.id, checked));
        }
        let here = files.received(upload.id).await?;
        if here != upload.expected {
            return Err(Error::Conflict(Conflict::Offset { at: here }));
        }
        let checked = files.keep(&upload).await?;
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        let there = tx.upload_checked(upload.id, &checked).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        files.unstage(upload.id).await;
        if !there {
            // Erased with its visitor: nobody would find these bytes again.
            files.remove(upload.session, upload.id).await;
            return Err(Error::NotFound);
        }
        Ok(attachment(upload.id, &checked))
    }
}

impl Files {
    async fn keep(&self, upload: &Upload) -> Result<Checked> {
        let (id, session) = (upload.id, upload.session);
        // Before the scanner: what is refused anyway need not be looked through.
        let media = self.kind(upload).await?;
        self.look_through(id).await?;
        let (raw, clean) = (self.raw(id), self.clean(id));
        let failed = |cause: &dyn std::fmt::Display| unavailable("a file cannot be kept", cause);
        let copy = tokio::task::spawn_blocking({
            let clean = clean.clone();
            move || copy(media, &raw, &clean)
        });
        let copied = match copy.await.map_err(|cause| failed(&cause))? {
            Ok(copied) => copied,
            Err(Trouble::Fault(fault)) => return Err(Error::File(fault)),
            Err(Trouble::Io(cause)) => return Err(failed(&cause)),
        };
        let preview = self.preview(&clean, &copied).await;
        self.objects.put_file(session, id, &clean).await.map_err(|cause| failed(&cause))?;
        let preview = match preview {
            Some((media, bytes)) => {
                self.objects.put_preview(session, id, bytes).await.map_err(|cause| failed(&cause))?;
                Some(media)
            }
            None => None,
        };
        Ok(Checked {
            name: fitting_name(&upload.name, copied.media),
            media: copied.media,
            bytes: copied.bytes,
            size: copied.facts.shown_size(),
            preview,
            sha256: copied.sha256,
        })
    }

    async fn kind(&self, upload: &Upload) -> Result<Media> {
        let path = self.raw(upload.id);
        let head = tokio::task::spawn_blocking(move || head(&path)).await.map_err(io::Error::other).flatten();
        let head = head.map_err(|cause| unavailable("an upload cannot be read", &cause))?;
        let media = media::sniff(&head).map_err(Error::File)?;
        if upload.author == Author::Visitor && !media.for_visitors() {
            return Err(Error::File(FileFault::NotAllowed(media)));
        }
        Ok(media)
    }

    async fn look_through(&self, id: AttachmentId) -> Result<()> {
        let Some(scanner) = &self.scanner else { return Ok(()) };
        let looked = async { scanner.scan(tokio::fs::File::open(self.raw(id)).await?).await };
        match looked.await {
            Ok(Verdict::Clean) => Ok(()),
            Ok(Verdict::Found(name)) => {
                tracing::warn!(%id, name, "the virus scanner found something in an upload");
                Err(Error::File(FileFault::Infected))
            }
            Err(cause) => Err(unavailable("the virus scanner does not answer, so no file is taken", &cause)),
        }
    }

    async fn preview(&self, clean: &Path, copied: &Copied) -> Option<(Media, Vec<u8>)> {
        if !copied.media.picture() {
            return None;
        }
        let _one = self.previews.acquire().await.ok()?;
        let (path, media, facts) = (clean.to_owned(), copied.media, copied.facts);
        let made = tokio::task::spawn_blocking(move || preview::make(&path, media, facts)).await;
        // A decoder that panics costs the small picture and nothing else.
        made.unwrap_or_else(|cause| {
            tracing::warn!(%cause, "a picture could not be made small");
            None
        })
    }
}

fn attachment(id: AttachmentId, checked: &Checked) -> Attachment {
    Attachment {
        id,
        name: checked.name.clone(),
        media: checked.media,
        bytes: checked.bytes,
        size: checked.size,
        preview: checked.preview.is_some(),
    }
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(media::HEAD);
    File::open(path)?.take(media::HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn copy(media: Media, raw: &Path, clean: &Path) -> std::result::Result<Copied, Trouble> {
    let mut to = Hashing { inner: BufWriter::new(File::create(clean)?), hash: Sha256::new(), bytes: 0 };
    let facts = media::clean(media, File::open(raw)?, &mut to)?;
    to.flush()?;
    Ok(Copied { media, facts, bytes: to.bytes, sha256: to.hash.finalize().into() })
}

/// Counts and hashes what goes through.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
