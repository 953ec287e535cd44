//! Where files are kept for good: a folder, or a bucket that speaks S3.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Once},
    time::Duration,
};

use bytes::Bytes;
use domain::{AttachmentId, SessionId};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, aws::AmazonS3Builder,
    buffered::BufWriter, local::LocalFileSystem, prefix::PrefixStore,
};
use tokio::io::AsyncWriteExt;

use super::{Range, Variant};

/// Held of one upload to a bucket: its parts have to be at least 5 MB.
const PART: usize = 6 * 1024 * 1024;

/// A bucket that cannot be reached is told to who waits, who may try again, rather than waited for.
const CONNECT: Duration = Duration::from_secs(5);
const RETRY: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub enum Kept {
    Folder(PathBuf),
    S3(S3),
}

/// A bucket. What is empty is taken from the environment (`AWS_ACCESS_KEY_ID` and so on).
#[derive(Clone, Default)]
pub struct S3 {
    pub bucket: String,
    pub prefix: String,
    pub endpoint: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// Why files cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the folder {} cannot be used: {cause}", path.display())]
    Folder { path: PathBuf, cause: io::Error },
    #[error("the object store cannot be used: {0}")]
    Store(#[from] object_store::Error),
}

pub struct Objects(Arc<dyn ObjectStore>);

impl Objects {
    pub fn open(kept: &Kept) -> Result<Self, FilesError> {
        match kept {
            Kept::Folder(folder) => {
                make_folder(folder)?;
                Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
            }
            Kept::S3(s3) => Ok(Self(Arc::new(PrefixStore::new(s3.build()?, s3.prefix.as_str())))),
        }
    }

    /// The file at this path under this name, whole or not at all; durable when this returns.
    pub async fn put_file(
        &self,
        session: SessionId,
        id: AttachmentId,
        from: &Path,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut file = tokio::fs::File::open(from).await?;
        let mut to = BufWriter::with_capacity(Arc::clone(&self.0), path(session, id, Variant::File), PART);
        if let Err(cause) = tokio::io::copy(&mut file, &mut to).await {
            let _ = to.abort().await;
            return Err(cause.into());
        }
        to.shutdown().await?;
        Ok(())
    }

    pub async fn put_preview(&self, session: SessionId, id: AttachmentId, bytes: Vec<u8>) -> object_store::Result<()> {
        let path = path(session, id, Variant::Preview);
        self.0.put(&path, PutPayload::from(Bytes::from(bytes))).await.map(drop)
    }

    /// The bytes of a range, or all, as they come.
    pub async fn read(
        &self,
        session: SessionId,
        id: AttachmentId,
        variant: Variant,
        range: Option<Range>,
    ) -> object_store::Result<BoxStream<'static, io::Result<Bytes>>> {
        let range = range.map(|range| GetRange::Bounded(range.first..range.last + 1));
        let found = self.0.get_opts(&path(session, id, variant), GetOptions { range, ..GetOptions::default() }).await?;
        Ok(found.into_stream().map_err(io::Error::other).boxed())
    }

    /// How large it is.
    pub async fn size(&self, session: SessionId, id: AttachmentId, variant: Variant) -> object_store::Result<u64> {
        Ok(self.0.head(&path(session, id, variant)).await?.size)
    }

    pub async fn remove(&self, session: SessionId, id: AttachmentId) {
        for variant in [Variant::File, Variant::Preview] {
            match self.0.delete(&path(session, id, variant)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(cause) => tracing::warn!(%cause, "a file was not removed"),
            }
        }
    }
}

impl S3 {
    fn build(&self) -> object_store::Result<impl ObjectStore> {
        static TLS: Once = Once::new();
        // Already chosen by somebody else is as good.
        TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        // No bound for a whole request: a film goes to a slow line for minutes.
        let client = ClientOptions::new()
            .with_allow_http(self.endpoint.starts_with("http://"))
            .with_connect_timeout(CONNECT)
            .with_timeout_disabled();
        let retry = RetryConfig { max_retries: 2, retry_timeout: RETRY, ..RetryConfig::default() };
        let mut builder =
            AmazonS3Builder::from_env().with_bucket_name(&self.bucket).with_client_options(client).with_retry(retry);
        if !self.endpoint.is_empty() {
            builder = builder.with_endpoint(&self.endpoint);
        }
        if !self.region.is_empty() {
            builder = builder.with_region(&self.region);
        }
        if !self.access_key_id.is_empty() {
            builder = builder.with_access_key_id(&self.access_key_id).with_secret_access_key(&self.secret_access_key);
        }
        builder.build()
    }
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

pub fn make_folder(path: &Path) -> Result<(), FilesError> {
    let mut builder = std::fs::DirBuilder::new();
    // People's pictures: nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path).map_err(|cause| FilesError::Folder { path: path.to_owned(), cause })
}

/// By chat, so that all of one can be found without asking the database.
fn path(session: SessionId, id: AttachmentId, variant: Variant) -> object_store::path::Path {
    match variant {
        Variant::File => format!("{session}/{id}").into(),
        Variant::Preview => format!("{session}/{id}-preview").into(),
    }
}
