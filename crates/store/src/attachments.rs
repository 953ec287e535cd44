//! Files on their way into chats, and in them. That one has become part of a chat is written by the writer, together with
//! its event; the bytes lie elsewhere.

use domain::{AttachmentId, Author, Media, SessionId, Timestamp};
use uuid::Uuid;

use crate::{
    Conn, StoreError, Tx,
    rows::{author, author_name, named, number},
};

/// A file that is about to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    pub id: AttachmentId,
    pub session: SessionId,
    pub author: Author,
    /// The visitor's or agent's id.
    pub author_id: Uuid,
    /// Cleaned by [`domain::file_name`].
    pub name: String,
    /// Bytes, as announced.
    pub expected: u64,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: AttachmentId,
    pub session: SessionId,
    pub author: Author,
    pub author_id: Uuid,
    pub name: String,
    pub expected: u64,
    /// The number of its event, once it is part of the chat.
    pub seq: Option<u32>,
    /// Once it is whole, checked and kept.
    pub checked: Option<Checked>,
    pub created_at: Timestamp,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub media: Media,
    pub bytes: u64,
    /// As it is shown.
    pub size: Option<(u32, u32)>,
    /// The type of the small picture.
    pub preview: Option<Media>,
    /// Of the bytes that are kept.
    pub sha256: [u8; 32],
}

record! {
    struct Record {
        id: Uuid,
        session_id: Uuid,
        seq: Option<i64>,
        author_kind: String,
        author_id: Uuid,
        name: String,
        expected: i64,
        content_type: Option<String>,
        bytes: Option<i64>,
        width: Option<i64>,
        height: Option<i64>,
        preview: Option<String>,
        sha256: Option<Vec<u8>>,
        created_at: i64,
    }
}

impl Record {
    fn upload(self) -> Result<Upload, StoreError> {
        let checked = match (self.content_type, self.sha256) {
            (Some(media), Some(sha256)) => Some(Checked {
                name: self.name.clone(),
                media: named(Media::from_mime, &media)?,
                bytes: self.bytes.unwrap_or_default().unsigned_abs(),
                size: self.width.map(number).transpose()?.zip(self.height.map(number).transpose()?),
                preview: self.preview.map(|media| named(Media::from_mime, &media)).transpose()?,
                sha256: sha256.try_into().map_err(|_| StoreError::other("a hash of another length"))?,
            }),
            _ => None,
        };
        Ok(Upload {
            id: AttachmentId::from_uuid(self.id),
            session: SessionId::from_uuid(self.session_id),
            author: author(&self.author_kind, Some(self.author_id))?,
            author_id: self.author_id,
            name: self.name,
            expected: self.expected.unsigned_abs(),
            seq: self.seq.map(number).transpose()?,
            checked,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

impl Conn {
    pub async fn upload(&mut self, id: AttachmentId) -> Result<Option<Upload>, StoreError> {
        let sql =
            "SELECT id, session_id, seq, author_kind, author_id, name, expected, content_type, bytes, width, height,
                 preview, sha256, created_at
             FROM attachments WHERE id = $1";
        run!(one Record; self.engine()?, sql, id.uuid())?.map(Record::upload).transpose()
    }

    /// How many files of this person are on their way, and their bytes.
    pub async fn unsent_uploads(&mut self, author: Uuid) -> Result<(u32, u64), StoreError> {
        let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(expected), 0) AS BIGINT) FROM attachments
             WHERE author_id = $1 AND seq IS NULL";
        let row = run!(one (i64, i64); self.engine()?, sql, author)?.unwrap_or_default();
        Ok((number(row.0)?, row.1.unsigned_abs()))
    }

    /// Files that were begun before this moment and never became part of a chat.
    pub async fn stale_uploads(&mut self, before: Timestamp, limit: u32) -> Result<Vec<AttachmentId>, StoreError> {
        let sql = "SELECT id FROM attachments WHERE seq IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2";
        let rows = run!(all (Uuid,); self.engine()?, sql, before.micros(), i64::from(limit))?;
        Ok(rows.into_iter().map(|(id,)| AttachmentId::from_uuid(id)).collect())
    }
}

impl Tx {
    pub async fn create_upload(&mut self, new: &NewUpload) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO attachments (id, session_id, author_kind, author_id, name, expected, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            new.id.uuid(),
            new.session.uuid(),
            author_name(new.author),
            new.author_id,
            new.name.as_str(),
            i64::try_from(new.expected).map_err(StoreError::other)?,
            new.now.micros(),
        )?;
        Ok(())
    }

    /// It is whole and kept.
    /// Whether the upload is still there: its visitor may have been erased meanwhile.
    pub async fn upload_checked(&mut self, id: AttachmentId, checked: &Checked) -> Result<bool, StoreError> {
        let there = run!(
            done,
            self.engine()?,
            "UPDATE attachments SET name = $2, content_type = $3, bytes = $4, width = $5, height = $6, preview = $7,
                 sha256 = $8
             WHERE id = $1",
            id.uuid(),
            checked.name.as_str(),
            checked.media.mime(),
            i64::try_from(checked.bytes).map_err(StoreError::other)?,
            checked.size.map(|(width, _)| i64::from(width)),
            checked.size.map(|(_, height)| i64::from(height)),
            checked.preview.map(Media::mime),
            checked.sha256.as_slice(),
        )?;
        Ok(there > 0)
    }

    /// Forgets a file, unless it has become part of a chat. Whether it did.
    pub async fn forget_upload(&mut self, id: AttachmentId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM attachments WHERE id = $1 AND seq IS NULL";
        Ok(run!(done, self.engine()?, sql, id.uuid())? > 0)
    }
}
