//! The store: opening and closing it, and its three doors.

use std::{sync::Arc, time::Duration};

use domain::SessionId;
use sqlx::{PgPool, SqlitePool};
use tokio::sync::{
    Mutex,
    mpsc::{self, UnboundedSender},
    oneshot,
};

use crate::{
    Ack, Act, ActError, Change, Conn, Location, NewChat, OpenError, Side, StartDone, StoreError, Tx,
    checkpoint::Checkpointer,
    conn::Held,
    open,
    sqlite::{Holding, Line},
    writer::{self, Command, Done, Job, Mark, Request, Writer},
};

/// How the store behaves; the defaults are meant for use.
#[derive(Debug, Clone)]
pub struct Options {
    /// So long a write waits for another process that holds the database locked.
    pub busy_timeout: Duration,
    /// Connections for questions; on PostgreSQL for [`Tx`] too.
    pub readers: u32,
    /// Most commands in one transaction of the writer.
    pub batch: usize,
    /// Most commands that wait for the writer; beyond that senders wait.
    pub waiting: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), readers: 8, batch: 512, waiting: 4096 }
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
    requests: mpsc::Sender<Request>,
    checkpointer: Mutex<Option<Checkpointer>>,
}

/// Two typed pools, never a common one.
pub(crate) enum Db {
    Sqlite { readers: SqlitePool, line: Arc<Mutex<Line>> },
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
        let opened = match location {
            Location::Sqlite(path) => open::sqlite(path, &options).await?,
            Location::Postgres(url) => open::postgres(url, &options).await?,
        };
        let (requests, receiver) = mpsc::channel(options.waiting.max(1));
        let writer = Writer { requests: receiver, changes, connection: opened.own, most: options.batch.max(1) };
        tokio::spawn(writer::keep_running(writer));
        let checkpointer = Mutex::new(opened.checkpointer);
        Ok(Self { inner: Arc::new(Inner { db: opened.db, epoch: opened.epoch, requests, checkpointer }) })
    }

    /// A connection for questions.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        let held = match &self.inner.db {
            Db::Sqlite { readers, .. } => Held::SqliteRead(readers.acquire().await?),
            Db::Postgres { pool } => Held::PostgresRead(pool.acquire().await?),
        };
        Ok(Conn { held })
    }

    /// A transaction for everything except chats.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let held = match &self.inner.db {
            Db::Sqlite { line, .. } => {
                let mut line = line.clone().lock_owned().await;
                line.begin().await?;
                Held::SqliteWrite(Holding::new(line))
            }
            Db::Postgres { pool } => Held::PostgresWrite(pool.begin().await?),
        };
        Ok(Tx::new(Conn { held }))
    }

    /// Begins a chat. The same `client_id` again gives the first answer, with the new token for the first visitor.
    pub async fn start_chat(&self, new: NewChat) -> Result<StartDone, ActError> {
        let Done { ack, visitor } = self.tell(Command::Start(Box::new(new))).await?;
        Ok(StartDone { session: ack.session, visitor, repeated: ack.repeated, ack })
    }

    /// Makes a move in a chat. The same author and `client_id` again get the first answer, whatever has happened since.
    pub async fn act(&self, act: Act) -> Result<Ack, ActError> {
        Ok(self.tell(Command::Act(act)).await?.ack)
    }

    /// Raises one side's marks, given in `vseq`. What lies below the present marks changes nothing.
    pub async fn mark(&self, session: SessionId, side: Side, delivered: u32, read: u32) -> Result<(), ActError> {
        self.tell(Command::Mark(Mark { session, side, delivered, read })).await?;
        Ok(())
    }

    /// The random id of this database's history: another one after a restore.
    pub fn epoch(&self) -> &str {
        &self.inner.epoch
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut conn = self.read().await?;
        run!(one (i64,); conn.engine()?, "SELECT CAST(1 AS BIGINT)")?;
        Ok(())
    }

    /// Commits what waits for the writer, then closes every connection. Later calls get an error.
    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.inner.requests.send(Request::Close(reply)).await.is_ok() {
            let _ = closed.await;
        }
        if let Some(checkpointer) = self.inner.checkpointer.lock().await.take() {
            checkpointer.stop().await;
        }
        match &self.inner.db {
            Db::Sqlite { readers, line } => {
                readers.close().await;
                line.lock().await.close().await;
            }
            Db::Postgres { pool } => pool.close().await,
        }
    }

    async fn tell(&self, command: Command) -> Result<Done, ActError> {
        let gone = || ActError::Store(StoreError::unavailable("the writer has stopped"));
        let (reply, answer) = oneshot::channel();
        self.inner.requests.send(Request::Do(Job { command, reply })).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}
