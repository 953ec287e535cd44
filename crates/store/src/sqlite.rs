//! SQLite's own ways: how connections are set up, and the one connection that writes.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{Notify, OwnedMutexGuard};

use crate::{
    StoreError,
    checkpoint::WAL_KEPT,
    known::Known,
    many::{Cell, bind},
};

/// What every connection is opened with.
pub(crate) fn options(path: &Path, busy: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(busy)
        // Checkpoints run apart (`checkpoint.rs`), never within somebody's commit.
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", WAL_KEPT.to_string())
        // What is erased is overwritten with zeros on its pages.
        .pragma("secure_delete", "on")
        // The journal of a statement over many rows would otherwise go through a file.
        .pragma("temp_store", "memory")
        // A batch's rows come over in one go.
        .row_buffer_size(1024)
        .disable_statement_logging()
}

/// The one connection that writes. Whoever holds its lock is alone; a transaction that its holder left behind
/// is rolled back before the next one begins.
///
/// Begins and commits are plain statements and not sqlx's own, because SQLite rolls back by itself on a full
/// disk, after which sqlx would go on believing in an open transaction.
pub(crate) struct Line {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    open: bool,
    closed: bool,
    /// Told after every commit.
    wrote: Arc<Notify>,
    pub(crate) known: Known,
}

impl Line {
    pub(crate) fn new(options: SqliteConnectOptions, connection: SqliteConnection, wrote: Arc<Notify>) -> Self {
        Self { options, connection: Some(connection), open: false, closed: false, wrote, known: Known::default() }
    }

    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.connection.as_mut().ok_or_else(|| StoreError::unavailable("the database is closed"))
    }

    /// For a batch: the connection, and what needs no reading.
    pub(crate) fn split(&mut self) -> Result<(&mut SqliteConnection, &Known), StoreError> {
        let connection = self.connection.as_mut().ok_or_else(|| StoreError::unavailable("the database is closed"))?;
        Ok((connection, &self.known))
    }

    /// A whole transaction in one go. Its first place is the `data_version` that what is known was read at, the others are
    /// the cells. An error means that nothing of it is kept, or, when the connection was lost, perhaps all.
    pub(crate) async fn script(
        &mut self,
        script: &'static str,
        cells: impl Iterator<Item = Cell>,
    ) -> Result<(), StoreError> {
        self.roll_back().await;
        self.open = true;
        let version = self.known.version();
        let done = bind!(sqlx::query(script).bind(version), cells).execute(self.connection()?).await;
        match done {
            Ok(_) => {
                self.open = false;
                self.wrote.notify_one();
                Ok(())
            }
            Err(error) => {
                self.roll_back().await;
                Err(error.into())
            }
        }
    }

    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        self.roll_back().await;
        if self.connection.is_none() && !self.closed {
            self.known.forget();
            self.connection = Some(self.options.connect().await?);
        }
        self.open = true;
        // Both in one go, because each way to SQLite's thread and back costs as much as many rows.
        let begun = sqlx::query_as("BEGIN IMMEDIATE; PRAGMA data_version").fetch_one(self.connection()?).await;
        match begun {
            Ok((version,)) => {
                self.known.at(version);
                Ok(())
            }
            Err(error) => {
                // The transaction may have begun all the same.
                self.roll_back().await;
                Err(error.into())
            }
        }
    }

    pub(crate) async fn commit(&mut self) -> Result<(), StoreError> {
        let done = self.execute("COMMIT").await;
        if done.is_err() {
            self.known.forget();
        }
        if done.is_ok() {
            self.open = false;
            self.wrote.notify_one();
        } else {
            self.roll_back().await;
        }
        done
    }

    /// Does nothing when no transaction is open. A connection on which even this fails is given up.
    pub(crate) async fn roll_back(&mut self) {
        if !self.open {
            return;
        }
        self.open = false;
        if let Err(StoreError::Unavailable(_)) = self.execute("ROLLBACK").await {
            self.connection = None;
        }
    }

    pub(crate) async fn execute(&mut self, statement: &'static str) -> Result<(), StoreError> {
        sqlx::query(statement).execute(self.connection()?).await?;
        Ok(())
    }

    pub(crate) async fn close(&mut self) {
        self.roll_back().await;
        self.closed = true;
        if let Some(connection) = self.connection.take() {
            // The last connection to close checkpoints everything and removes the WAL.
            let _ = sqlx::Connection::close(connection).await;
        }
    }
}

/// The line while one [`crate::Tx`] holds it.
pub(crate) struct Holding(Option<OwnedMutexGuard<Line>>);

impl Holding {
    pub(crate) const fn new(line: OwnedMutexGuard<Line>) -> Self {
        Self(Some(line))
    }

    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.0.as_mut().ok_or_else(|| StoreError::unavailable("the transaction is over"))?.connection()
    }

    /// What heads hold of other tables has changed.
    pub(crate) fn forget_heads(&mut self) {
        if let Some(line) = &mut self.0 {
            line.known.forget();
        }
    }

    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            Some(line) => line.commit().await,
            None => Ok(()),
        }
    }
}

/// A transaction that is dropped is rolled back at once, not when the next one begins: until then it would lock out
/// other processes.
impl Drop for Holding {
    fn drop(&mut self) {
        let Some(mut line) = self.0.take() else { return };
        if line.open
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { line.roll_back().await });
        }
    }
}
