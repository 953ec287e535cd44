//! The grouping writer of chats: one task that takes everything that waits, does it in one transaction, and answers
//! each command only after the commit. A durable commit costs one flush of the disk, whether it carries one message or
//! five hundred.
//!
//! How a batch goes (`batch.rs`, `ledger.rs`):
//! 1. the heads of all chats that it touches are read together, with their queues' rules (and locked in the order of
//!    their ids on PostgreSQL, where other nodes write too; on SQLite only those not known from an earlier batch), and so are the answers already given to its client ids;
//! 2. each command is judged in memory by [`domain::Session::apply`], in order, seeing what those before it did;
//! 3. what came of it is written by a constant number of statements, however many commands there are.
//!
//! On SQLite most batches need no reading at all and go over in one script (`quick.rs`).
//!
//! There is no savepoint per command: a refused command has touched nothing, because everything is judged in memory
//! before anything is written. Only starts and resumes, which can collide with another chat of the same visitor, write
//! at once, under a savepoint of their own.
//!
//! When the transaction fails as a whole, nothing of it is kept. If the cause lies outside (disk full, locked, connection
//! lost), all of its commands get that answer, and the next batch tries afresh. If it lies in the content, the commands
//! are done again one by one, so that only the one at fault fails. A connection lost during the commit itself leaves open
//! whether it happened: the sender hears "unavailable", and its repeat with the same client id finds out.

mod batch;
mod command;
mod ledger;
mod load;
mod quick;
mod save;
mod start;
mod visitor;

use std::sync::Arc;

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::{Mutex, mpsc, oneshot};

pub use self::command::{Ack, Act, ActError, Before, Change, Committed, NewChat, NewVisitor, StartDone};
pub(crate) use self::command::{Command, Mark};
pub(crate) use self::{
    ledger::Done,
    visitor::{forget_contact, insert_visitor, note_visitor},
};
use crate::{StoreError, sql::Engine, sqlite::Line};

/// A command and who waits for its answer.
pub(crate) struct Job {
    pub(crate) command: Command,
    pub(crate) reply: oneshot::Sender<Result<Done, ActError>>,
}

/// What reaches the writer.
pub(crate) enum Request {
    Do(Job),
    /// Finish what waits, then stop.
    Close(oneshot::Sender<()>),
}

pub(crate) struct Writer {
    pub(crate) requests: mpsc::Receiver<Request>,
    pub(crate) changes: mpsc::UnboundedSender<Change>,
    pub(crate) connection: Own,
    /// Most commands in one transaction.
    pub(crate) most: usize,
}

/// The writer's own connection.
pub(crate) enum Own {
    Sqlite(Arc<Mutex<Line>>),
    Postgres(Box<OwnPostgres>),
}

/// Made anew when it is lost.
pub(crate) struct OwnPostgres {
    pub(crate) options: PgConnectOptions,
    pub(crate) connection: Option<PgConnection>,
}

impl Request {
    fn sort(self, jobs: &mut Vec<Job>, closing: &mut Vec<oneshot::Sender<()>>) {
        match self {
            Self::Do(job) => jobs.push(job),
            Self::Close(reply) => closing.push(reply),
        }
    }
}

/// Runs until it is told to close or nobody can reach it any more. A panic costs the batch it happened in, whose
/// commands are answered "unavailable", and not the writer.
pub(crate) async fn keep_running(writer: Writer) {
    let writer = Arc::new(Mutex::new(writer));
    loop {
        let writer = writer.clone();
        let run = tokio::spawn(async move { writer.lock().await.run().await });
        match run.await {
            Err(error) if error.is_panic() => tracing::error!("the writer panicked and goes on with the next commands"),
            Ok(()) | Err(_) => return,
        }
    }
}

impl Writer {
    async fn run(&mut self) {
        let mut requests = Vec::with_capacity(self.most);
        let mut jobs = Vec::with_capacity(self.most);
        let mut closing = Vec::new();
        while self.requests.recv_many(&mut requests, self.most).await > 0 {
            for request in requests.drain(..) {
                request.sort(&mut jobs, &mut closing);
            }
            if !jobs.is_empty() {
                self.group(&mut jobs, &mut closing).await;
            }
            if !closing.is_empty() {
                // What was sent before the close is still done; later senders find the channel shut.
                self.requests.close();
            }
        }
        self.connection.close().await;
        for reply in closing {
            let _ = reply.send(());
        }
    }

    /// One transaction for all of them, and for those that arrive while it waits to begin.
    async fn group(&mut self, jobs: &mut Vec<Job>, closing: &mut Vec<oneshot::Sender<()>>) {
        let done = match self.connection.turn().await {
            Ok(turn) => {
                while jobs.len() < self.most
                    && let Ok(request) = self.requests.try_recv()
                {
                    request.sort(jobs, closing);
                }
                turn.finish(jobs).await
            }
            Err(error) => Err(error),
        };
        match done {
            Err(error) if !error.passing() && jobs.len() > 1 => {
                tracing::warn!(%error, commands = jobs.len(), "a batch failed and is done one by one");
                for job in jobs.drain(..) {
                    let mut single = vec![job];
                    let done = match self.connection.turn().await {
                        Ok(turn) => turn.finish(&single).await,
                        Err(error) => Err(error),
                    };
                    self.answer(done, &mut single);
                }
            }
            done => self.answer(done, jobs),
        }
    }

    /// Changes first, so that who is answered finds the change already on its way to the others.
    fn answer(&self, done: Result<ledger::Judged, StoreError>, jobs: &mut Vec<Job>) {
        match done {
            Ok(judged) => {
                for change in judged.changes {
                    // Nobody listens during shutdown.
                    let _ = self.changes.send(change);
                }
                for (job, answer) in jobs.drain(..).zip(judged.answers) {
                    // Who asked may be gone.
                    let _ = job.reply.send(answer);
                }
            }
            Err(error) => {
                tracing::warn!(%error, commands = jobs.len(), "nothing was written");
                for job in jobs.drain(..) {
                    let _ = job.reply.send(Err(ActError::Store(error.clone())));
                }
            }
        }
    }
}

/// The writer's connection, which nobody else writes on meanwhile.
enum Turn<'a> {
    Sqlite(tokio::sync::MutexGuard<'a, Line>),
    /// With a transaction open. Taken out of its place, and put back when it is known to be clean: after a panic it never is.
    Postgres {
        place: &'a mut Option<PgConnection>,
        connection: PgConnection,
    },
}

impl Own {
    async fn turn(&mut self) -> Result<Turn<'_>, StoreError> {
        match self {
            Self::Sqlite(line) => Ok(Turn::Sqlite(line.lock().await)),
            Self::Postgres(own) => {
                let OwnPostgres { options, connection: place } = own.as_mut();
                if let Some(mut connection) = place.take()
                    && execute(&mut connection, "BEGIN").await.is_ok()
                {
                    return Ok(Turn::Postgres { place, connection });
                }
                // None yet, or lost since the last batch: one attempt with a new one.
                let mut connection = options.connect().await?;
                execute(&mut connection, "BEGIN").await?;
                Ok(Turn::Postgres { place, connection })
            }
        }
    }

    async fn close(&mut self) {
        if let Self::Postgres(own) = self
            && let Some(connection) = own.connection.take()
        {
            let _ = connection.close().await;
        }
    }
}

impl Turn<'_> {
    /// Everything and the commit, or nothing.
    async fn finish(self, jobs: &[Job]) -> Result<ledger::Judged, StoreError> {
        match self {
            Self::Sqlite(mut line) => {
                let mut judged = match quick::write(&mut line, jobs).await {
                    Some(judged) => judged,
                    None => whole(&mut line, jobs).await?,
                };
                line.known.learn(std::mem::take(&mut judged.heads));
                for visitor in &judged.named {
                    line.known.forget_visitor(*visitor);
                }
                Ok(judged)
            }
            Self::Postgres { place, mut connection } => {
                let judged = batch::judge(Engine::Postgres(&mut connection), None, jobs).await;
                let done = match judged {
                    Ok(judged) => execute(&mut connection, "COMMIT").await.map(|()| judged),
                    Err(error) => Err(error),
                };
                if done.is_ok() || execute(&mut connection, "ROLLBACK").await.is_ok() {
                    *place = Some(connection);
                }
                done
            }
        }
    }
}

/// A batch that reads before it judges.
async fn whole(line: &mut Line, jobs: &[Job]) -> Result<ledger::Judged, StoreError> {
    line.begin().await?;
    let judged = match line.split() {
        Ok((connection, known)) => batch::judge(Engine::Sqlite(connection), Some(known), jobs).await,
        Err(error) => Err(error),
    };
    match &judged {
        Ok(_) => line.commit().await?,
        Err(_) => line.roll_back().await,
    }
    judged
}

async fn execute(connection: &mut PgConnection, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}
