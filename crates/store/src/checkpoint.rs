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

/// Beyond so many pages of WAL the writer is held up for a moment so that it can start over. Readers look through all of
/// it, and it takes up the disk.
const LONG: i64 = 32_768;

/// After a commit this long passes before a checkpoint, so that a burst is moved once.
const PAUSE: Duration = Duration::from_millis(500);

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
            () = tokio::time::sleep(PAUSE) => {}
        }
        match checkpoint(&mut connection).await {
            Ok(pages) if pages > LONG => {
                // It only starts over when nobody writes between its last page and its end.
                if let Some(line) = line.upgrade() {
                    let mut line = line.lock().await;
                    if let Ok(writing) = line.connection() {
                        let _ = checkpoint(writing).await;
                    }
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a checkpoint failed and will be tried again"),
        }
    }
    let _ = connection.close().await;
}

/// As much as goes without waiting for anybody; tells how many pages the WAL has.
async fn checkpoint(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let (_, pages, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    Ok(pages)
}
