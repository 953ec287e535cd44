//! Opening: refusing what must not be touched, then connections and schema.

use std::{
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions, PgPool, SqliteConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::sync::{Mutex, Notify};

use crate::{
    OpenError, Options, StoreError,
    checkpoint::Checkpointer,
    migrate,
    rows::random_hex,
    settings::EPOCH,
    sql::Engine,
    sqlite::{self, Line},
    store::Db,
    writer::{Own, OwnPostgres},
};

/// An open database.
pub(crate) struct Opened {
    pub(crate) db: Db,
    /// The writer's.
    pub(crate) own: Own,
    pub(crate) epoch: String,
    pub(crate) checkpointer: Option<Checkpointer>,
}

pub(crate) async fn sqlite(path: &Path, options: &Options) -> Result<Opened, OpenError> {
    let path = writable(path)?;
    refuse_newer(&path, options.busy_timeout).await?;
    let connect = sqlite::options(&path, options.busy_timeout);
    let failed = |error| sqlite_error(&path, error);

    let wrote = Arc::new(Notify::new());
    let mut line = Line::new(connect.clone(), connect.connect().await.map_err(failed)?, wrote.clone());
    line.begin().await?;
    let epoch = prepare(&mut Engine::Sqlite(line.connection()?)).await?;
    line.commit().await?;

    let readers = SqlitePoolOptions::new()
        .max_connections(options.readers)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(connect.clone().pragma("query_only", "on"));
    let line = Arc::new(Mutex::new(line));
    let own = connect.connect().await.map_err(failed)?;
    let checkpointer = Checkpointer::start(own, Arc::downgrade(&line), wrote);
    let own = Own::Sqlite(line.clone());
    Ok(Opened { db: Db::Sqlite { readers, line }, own, epoch, checkpointer: Some(checkpointer) })
}

pub(crate) async fn postgres(url: &str, options: &Options) -> Result<Opened, OpenError> {
    let unreachable = |error: sqlx::Error| OpenError::Unreachable { cause: error.to_string() };
    let connect = PgConnectOptions::from_str(url).map_err(unreachable)?.disable_statement_logging();
    let connect = connect.options([("lock_timeout", options.busy_timeout.as_millis().to_string())]);

    let mut connection = connect.connect().await.map_err(unreachable)?;
    let mut transaction = sqlx::Connection::begin(&mut connection).await.map_err(StoreError::from)?;
    // Nodes that start together must not migrate together.
    let mut engine = Engine::Postgres(&mut transaction);
    run!(done, engine, "SELECT pg_advisory_xact_lock(7236837741)")?;
    let epoch = prepare(&mut engine).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    let _ = sqlx::Connection::close(connection).await;

    let pool: PgPool = PgPoolOptions::new()
        .max_connections(options.readers.max(2))
        .acquire_timeout(Duration::from_secs(10))
        .connect_lazy_with(connect.clone());
    // The writer's statements go by primary or unique keys, always. A plan made while the tables were small would scan
    // them for ever after.
    let own = connect.options([("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")]);
    let own = Own::Postgres(Box::new(OwnPostgres { options: own, connection: None }));
    Ok(Opened { db: Db::Postgres { pool }, own, epoch, checkpointer: None })
}

/// Schema and epoch, within a transaction of the caller.
async fn prepare(engine: &mut Engine<'_>) -> Result<String, OpenError> {
    migrate::migrate(engine).await?;
    let fresh = random_hex()?;
    run!(done, engine, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", EPOCH, fresh)?;
    let row = run!(one (String,); engine, "SELECT value FROM settings WHERE key = $1", EPOCH)?;
    row.map(|(epoch,)| epoch).ok_or_else(|| OpenError::Other("the database has no epoch".into()))
}

/// Makes the folder, and the file empty, so that a person reads the system's own words when that is not allowed.
fn writable(path: &Path) -> Result<PathBuf, OpenError> {
    let not = |cause: io::Error| OpenError::NotWritable { path: path.to_owned(), cause: cause.to_string() };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(not)?;
    }
    fs::OpenOptions::new().append(true).create(true).open(path).map_err(not)?;
    Ok(path.to_owned())
}

/// Looks at the version without changing anything, before a connection that would.
async fn refuse_newer(path: &Path, busy: Duration) -> Result<(), OpenError> {
    let mut look = look_at(path, busy).await?;
    migrate::found(&mut Engine::Sqlite(&mut look)).await?;
    let _ = sqlx::Connection::close(look).await;
    Ok(())
}

/// A connection that changes nothing.
pub(crate) async fn look_at(path: &Path, busy: Duration) -> Result<SqliteConnection, OpenError> {
    let failed = |error| sqlite_error(path, error);
    let look = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(busy);
    let mut look = look.disable_statement_logging().connect().await.map_err(failed)?;
    // The first thing that really reads the file.
    sqlx::query("SELECT COUNT(*) FROM sqlite_schema").execute(&mut look).await.map_err(failed)?;
    Ok(look)
}

fn sqlite_error(path: &Path, error: sqlx::Error) -> OpenError {
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).and_then(|code| code.parse::<i32>().ok());
    let path = path.to_owned();
    match code.map(|code| code & 0xff) {
        // SQLITE_NOTADB, SQLITE_CORRUPT
        Some(26 | 11) => OpenError::NotADatabase { path },
        // SQLITE_READONLY, SQLITE_CANTOPEN
        Some(8 | 14) => OpenError::NotWritable { path, cause: error.to_string() },
        _ => StoreError::from(error).into(),
    }
}
