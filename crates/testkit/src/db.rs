//! A fresh database per test.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use store::{Change, Location, Options, Store};
use tokio::sync::{Mutex, mpsc};

use crate::World;

/// Names the PostgreSQL server on which databases are made and dropped.
const SERVER: &str = "DESKBELL_TEST_POSTGRES";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database of its own, gone after the test.
pub struct TestDb {
    pub engine: Engine,
    pub store: Store,
    pub location: Location,
    /// An empty folder of its own.
    pub folder: PathBuf,
    changes: Mutex<mpsc::UnboundedReceiver<Change>>,
}

impl TestDb {
    /// # Panics
    /// When the database cannot be made: the test fails with the reason.
    pub async fn fresh(engine: Engine) -> Self {
        Self::with(engine, Options::default()).await
    }

    /// # Panics
    /// When the database cannot be made.
    pub async fn with(engine: Engine, options: Options) -> Self {
        let name = unique_name();
        let folder = env::temp_dir().join(&name);
        fs::create_dir_all(&folder).expect("a folder for the test");
        let location = match engine {
            Engine::Sqlite => Location::Sqlite(folder.join("deskbell.db")),
            Engine::Postgres => Location::Postgres(create(&name).await),
        };
        let (sender, changes) = mpsc::unbounded_channel();
        let store = Store::open(&location, options, sender).await.expect("a fresh database opens");
        Self { engine, store, location, folder, changes: Mutex::new(changes) }
    }

    /// A second store on the same database, as another node or process has; its changes are dropped.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn another(&self) -> Store {
        let (sender, _) = mpsc::unbounded_channel();
        Store::open(&self.location, Options::default(), sender).await.expect("a second store on the same database")
    }

    /// An agent, a queue and a site, and builders on them.
    pub async fn world(&self) -> World {
        World::new(&self.store).await
    }

    /// Everything committed since the last call, in commit order.
    pub async fn changes(&self) -> Vec<Change> {
        let mut changes = self.changes.lock().await;
        let mut all = Vec::new();
        while let Ok(change) = changes.try_recv() {
            all.push(change);
        }
        all
    }

    async fn remove(self) {
        self.store.close().await;
        if let Location::Postgres(url) = &self.location
            && let Some((_, name)) = url.rsplit_once('/')
        {
            let mut server = server().await;
            let sql = sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            let _ = sqlx::query(sql).execute(&mut server).await;
            let _ = server.close().await;
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs one test body on a fresh database. After a failed body the database is left for looking at.
///
/// # Panics
/// When the body does.
pub fn block_on<T>(engine: Engine, body: impl AsyncFnOnce(&TestDb) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime for the test").block_on(async {
        let db = TestDb::fresh(engine).await;
        let result = body(&db).await;
        db.remove().await;
        result
    })
}

async fn create(name: &str) -> String {
    let mut server = server().await;
    let sql = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(sql).execute(&mut server).await.expect("the PostgreSQL server makes a database");
    let options = options().database(name);
    let _ = server.close().await;
    options.to_url_lossy().to_string().split('?').next().unwrap_or_default().to_owned()
}

async fn server() -> PgConnection {
    options().connect().await.expect("the PostgreSQL server of the tests answers")
}

fn options() -> PgConnectOptions {
    let url = env::var(SERVER)
        .unwrap_or_else(|_| panic!("{SERVER} names no PostgreSQL server; run `cargo xtask test`, which starts one"));
    url.parse().unwrap_or_else(|error| panic!("{SERVER} is not a PostgreSQL address: {error}"))
}

fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // The process alone would not do: ids of processes come again while a failed test's database still stands.
    let folder = std::thread::current().id();
    let mark = fs::metadata("/proc/self").and_then(|own| own.modified()).ok();
    let mark = mark.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_millis());
    let thread: String = format!("{folder:?}").chars().filter(char::is_ascii_digit).collect();
    format!("deskbell_test_{}_{mark}_{thread}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
