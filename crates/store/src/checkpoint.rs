//! Moving what SQLite's WAL holds into the database file, apart from the commits.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{Mutex, Notify, oneshot},
    task::JoinHandle,
};

use crate::{StoreError, sqlite::Line};

/// The WAL file is cut back to this size when it starts over. Not to nothing: writing over existing blocks makes
/// commits cheaper.
pub(crate) const WAL_KEPT: u64 = 64 << 20;

/// Beyond so many pages (256 MB) the WAL is moved even while messages pour in, and the writer held up for a moment so
/// that it can start over: readers look through all of it, and it takes up the disk.
const LONG: i64 = 65_536;

/// So long nothing must have been committed for a checkpoint that disturbs nobody: its flush of the database file makes
/// the commits beside it wait.
const IDLE: Duration = Duration::from_millis(500);

/// The task that does it.
pub(crate) struct Checkpointer {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Checkpointer {
    pub(crate) fn start(connection: SqliteConnection, line: Weak<Mutex<Line>>, wrote: Arc<Notify>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(run(connection, line, wrote, stopped)) }
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

/// Ends when it is told to, and when the [`Checkpointer`] is dropped.
async fn run(
    mut connection: SqliteConnection,
    line: Weak<Mutex<Line>>,
    wrote: Arc<Notify>,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            () = wrote.notified() => {}
        }
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep(IDLE) => {}
        }
        // A commit leaves its notice, so one that came during the pause shows here.
        let idle = tokio::select! {
            biased;
            () = wrote.notified() => false,
            () = std::future::ready(()) => true,
        };
        if let Err(error) = run_one(&mut connection, &line, &wrote, idle).await {
            tracing::warn!(%error, "a checkpoint failed; the next commit leads to another");
        }
    }
    let _ = connection.close().await;
}

/// One look after a pause. `idle` says that nothing was committed during it.
async fn run_one(
    connection: &mut SqliteConnection,
    line: &Weak<Mutex<Line>>,
    wrote: &Notify,
    idle: bool,
) -> Result<(), StoreError> {
    if idle {
        run_pragma(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
        return Ok(());
    }
    // Looked at again after the next pause.
    wrote.notify_one();
    if run_pragma(connection, "PRAGMA wal_checkpoint(NOOP)").await? <= LONG {
        return Ok(());
    }
    run_pragma(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    // It only starts over when nobody writes between its last page and its end; little is left to move by now.
    if let Some(line) = line.upgrade() {
        run_pragma(line.lock().await.connection()?, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    }
    Ok(())
}

/// Moves everything into the database file and cuts the log back to nothing, so that no older state of a page is left in
/// it. Waits for readers as long as the connection waits for locks.
pub(crate) async fn empty(line: &Mutex<Line>) -> Result<(), StoreError> {
    run_pragma(line.lock().await.connection()?, "PRAGMA wal_checkpoint(TRUNCATE)").await.map(drop)
}

/// Tells how many pages the WAL has. `PASSIVE` moves what it can without waiting for anybody, `NOOP` nothing.
async fn run_pragma(connection: &mut SqliteConnection, pragma: &'static str) -> Result<i64, StoreError> {
    let (_, pages, _): (i64, i64, i64) = sqlx::query_as(pragma).fetch_one(connection).await?;
    Ok(pages)
}
