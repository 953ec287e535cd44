//! Copies of a SQLite database, and the way back.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection};

use crate::{
    OpenError, Store, StoreError, migrate, open::look_at, rows::random_hex, settings::EPOCH, sql::Engine, sqlite,
    store::Db,
};

/// How long a copy waits for others.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{} exists already; choose another name, or remove it first", .0.display())]
    Exists(PathBuf),
    #[error("PostgreSQL has its own tools: use pg_dump and pg_restore")]
    UsePgDump,
    #[error("{} cannot be restored: {cause}", path.display())]
    Unusable { path: PathBuf, cause: String },
    #[error("{}: {cause}", path.display())]
    File { path: PathBuf, cause: io::Error },
    #[error(transparent)]
    Schema(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// A consistent copy of the whole database while it is in use. Refuses an existing file.
    pub async fn backup(&self, path: &Path) -> Result<(), BackupError> {
        let Db::Sqlite { readers, .. } = &self.inner.db else { return Err(BackupError::UsePgDump) };
        if path.exists() {
            return Err(BackupError::Exists(path.to_owned()));
        }
        let name = path
            .to_str()
            .ok_or_else(|| BackupError::Unusable { path: path.to_owned(), cause: "the name is not UTF-8".into() })?;
        // A connection of its own: those of the pool may not write anywhere, not even into the copy.
        let options = readers.connect_options().as_ref().clone().pragma("query_only", "off");
        let mut connection = options.connect().await.map_err(StoreError::from)?;
        let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await;
        let _ = connection.close().await;
        if let Err(error) = copied {
            // Half a copy helps nobody.
            let _ = fs::remove_file(path);
            return Err(StoreError::from(error).into());
        }
        let synced = fs::File::open(path).and_then(|file| file.sync_all());
        synced.map_err(|cause| BackupError::File { path: path.to_owned(), cause })
    }
}

/// Puts a backup in the place of the database `data`, which must not be in use, and renews its epoch so that clients
/// drop the positions they had. Refuses when `data` exists, unless `overwrite`.
///
/// The backup is copied beside `data`, checked and given its epoch there, and takes the place by a rename: whatever
/// fails before leaves `data` as it was.
pub async fn restore_sqlite(backup: &Path, data: &Path, overwrite: bool) -> Result<(), BackupError> {
    let file = |path: &Path, cause| BackupError::File { path: path.to_owned(), cause };
    if data.exists() && !overwrite {
        return Err(BackupError::Exists(data.to_owned()));
    }
    fs::metadata(backup).map_err(|cause| file(backup, cause))?;
    check(backup).await?;
    if let Some(folder) = data.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|cause| file(folder, cause))?;
    }
    let beside = beside(data, ".restoring");
    fs::copy(backup, &beside).map_err(|cause| file(&beside, cause))?;
    let renewed = renew_epoch(&beside).await;
    if let Err(error) = renewed {
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    for leftover in ["-wal", "-shm"] {
        let _ = fs::remove_file(self::beside(data, leftover));
    }
    fs::rename(&beside, data).map_err(|cause| file(data, cause))
}

/// A whole database of a version that this program knows, or the reason why not.
async fn check(backup: &Path) -> Result<(), BackupError> {
    let unusable = |cause: String| BackupError::Unusable { path: backup.to_owned(), cause };
    let mut look = look_at(backup, PATIENCE).await?;
    let verdict: Result<(String,), _> = sqlx::query_as("PRAGMA integrity_check(1)").fetch_one(&mut look).await;
    let (verdict,) = verdict.map_err(|error| unusable(error.to_string()))?;
    if verdict != "ok" {
        return Err(unusable(verdict));
    }
    if migrate::found(&mut Engine::Sqlite(&mut look)).await? == 0 {
        return Err(unusable("it is not a Deskbell database".into()));
    }
    let _ = look.close().await;
    Ok(())
}

async fn renew_epoch(database: &Path) -> Result<(), BackupError> {
    let fresh = random_hex()?;
    let options = sqlite::options(database, PATIENCE).create_if_missing(false);
    let mut connection = options.connect().await.map_err(StoreError::from)?;
    let sql = "INSERT INTO settings (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    run!(done, Engine::Sqlite(&mut connection), sql, EPOCH, fresh)?;
    // Closing moves everything out of the WAL, so that the file alone is the database.
    connection.close().await.map_err(StoreError::from)?;
    let synced = fs::File::open(database).and_then(|file| file.sync_all());
    synced.map_err(|cause| BackupError::File { path: database.to_owned(), cause })
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
