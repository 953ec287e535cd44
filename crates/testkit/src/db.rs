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
    name: String,
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
        Self { engine, store, location, folder, name, changes: Mutex::new(changes) }
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
        if self.engine == Engine::Postgres {
            let mut server = server().await;
            let sql = sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
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
    let _ = server.close().await;
    database_address(&server_address(), name)
}

/// The server's address with this database in place of its own.
fn database_address(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').map_or((server, None), |(a, p)| (a, Some(p)));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    let parameters = parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{parameters}")
}

async fn server() -> PgConnection {
    let options: PgConnectOptions =
        server_address().parse().unwrap_or_else(|error| panic!("{SERVER} is not a PostgreSQL address: {error}"));
    options.connect().await.expect("the PostgreSQL server of the tests answers")
}

fn server_address() -> String {
    env::var(SERVER)
        .unwrap_or_else(|_| panic!("{SERVER} names no PostgreSQL server; run `cargo xtask test`, which starts one"))
}

fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // Process ids come again while the database of a failed test still stands.
    let mut random = [0; 4];
    getrandom::fill(&mut random).expect("random bytes for a name");
    let mark = u32::from_le_bytes(random);
    format!("deskbell_test_{}_{mark:08x}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_is_another() {
        for (server, database) in [
            ("postgres://u:p@h:1/postgres", "postgres://u:p@h:1/x"),
            ("postgres://u@h", "postgres://u@h/x"),
            ("postgres://u@%2Frun/db?host=/a/b", "postgres://u@%2Frun/x?host=/a/b"),
        ] {
            assert_eq!(database_address(server, "x"), database);
        }
    }
}
