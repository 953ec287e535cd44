//! The store: opening and closing it, and its three doors.

use std::{path::PathBuf, sync::Arc, time::Duration};

use domain::SessionId;
use sqlx::{PgPool, SqlitePool};
use tokio::sync::{Mutex, mpsc::UnboundedSender};

use crate::{
    Ack, Act, ActError, Change, Conn, Location, NewChat, OpenError, Side, StartDone, StoreError, Tx, sqlite::Line,
};

/// How the store behaves; the defaults are meant for use.
#[derive(Debug, Clone)]
pub struct Options {
    /// So long a write waits for another process that holds the database locked.
    pub busy_timeout: Duration,
    /// Connections for questions.
    pub readers: u32,
    /// Most commands in one transaction of the writer.
    pub batch: usize,
    /// Most commands that wait for the writer; beyond that senders wait.
    pub waiting: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), readers: 4, batch: 512, waiting: 4096 }
    }
}

/// The database. Clones share it.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    epoch: String,
}

/// Two typed pools, never a common one.
pub(crate) enum Db {
    Sqlite { path: PathBuf, readers: SqlitePool, line: Arc<Mutex<Line>> },
    Postgres { pool: PgPool },
}

impl Store {
    /// Opens the database, makes or migrates its schema, and starts the writer. Every committed change of a chat is
    /// handed to `changes` in commit order, before the command that caused it is answered.
    pub async fn open(
        location: &Location,
        options: Options,
        changes: UnboundedSender<Change>,
    ) -> Result<Self, OpenError> {
        let _ = (location, options, changes);
        Err(OpenError::Locked)
    }

    /// A connection for questions.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        Err(StoreError::Busy)
    }

    /// A transaction for everything except chats.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Err(StoreError::Busy)
    }

    /// Begins a chat. The same `client_id` again gives the first answer, with the new token for the first visitor.
    pub async fn start_chat(&self, new: NewChat) -> Result<StartDone, ActError> {
        let _ = new;
        Err(ActError::NotFound)
    }

    /// Makes a move in a chat. The same author and `client_id` again get the first answer, whatever has happened since.
    pub async fn act(&self, act: Act) -> Result<Ack, ActError> {
        let _ = act;
        Err(ActError::NotFound)
    }

    /// Raises one side's marks, given in `vseq`.
    pub async fn mark(&self, session: SessionId, side: Side, delivered: u32, read: u32) -> Result<(), ActError> {
        let _ = (session, side, delivered, read);
        Err(ActError::NotFound)
    }

    /// The random id of this database's history: another one after a restore.
    pub fn epoch(&self) -> &str {
        &self.inner.epoch
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Err(StoreError::Busy)
    }

    /// Commits what waits for the writer, then closes every connection. Later calls get an error.
    pub async fn close(&self) {}
}
