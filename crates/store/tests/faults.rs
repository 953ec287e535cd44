//! What lies outside our hands: full disks, locks, lost connections, wrong files.

use std::{fs, path::Path, process::Command, time::Duration};

use domain::Move;
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{ActError, Location, OpenError, Options, Store, StoreError};
use testkit::{Engine, TestDb, World, both_dbs};
use tokio::sync::mpsc;

type Checked<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn words() -> Move {
    Move::VisitorWrites { text: "Are you there?".into() }
}

async fn open(location: &Location, busy: Duration) -> Result<Store, OpenError> {
    let (sender, _) = mpsc::unbounded_channel();
    Store::open(location, Options { busy_timeout: busy, ..Options::default() }, sender).await
}

/// A connection past the store.
enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    async fn open(db: &TestDb) -> Checked<Self> {
        Ok(match &db.location {
            Location::Sqlite(path) => {
                Self::Sqlite(SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?)
            }
            Location::Postgres(url) => Self::Postgres(PgConnection::connect(url).await?),
        })
    }

    /// A dropped one would close later, and the last to close still writes.
    async fn close(self) -> Checked {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    async fn run(&mut self, sql: &'static str) -> Checked {
        match self {
            Self::Sqlite(connection) => sqlx::query(sql).execute(connection).await.map(|_| ())?,
            Self::Postgres(connection) => sqlx::query(sql).execute(connection).await.map(|_| ())?,
        }
        Ok(())
    }
}

both_dbs! {
    async fn a_locked_database_is_busy_and_then_works(db: TestDb) -> Checked {
        let store = open(&db.location, Duration::from_millis(300)).await?;
        let world = World::new(&store).await;
        let chat = world.chat().await;
        let mut raw = Raw::open(db).await?;
        match db.engine {
            Engine::Sqlite => raw.run("BEGIN IMMEDIATE").await?,
            Engine::Postgres => {
                raw.run("BEGIN").await?;
                raw.run("SELECT id FROM sessions FOR UPDATE").await?;
            }
        }
        let busy = world.act(&chat, words()).await;
        assert!(matches!(busy, Err(ActError::Store(StoreError::Busy))), "{busy:?}");
        let read = store.read().await?.session(chat.session).await?;
        assert!(read.is_some(), "questions are answered meanwhile");
        if db.engine == Engine::Sqlite {
            assert!(matches!(store.begin().await.err(), Some(StoreError::Busy)));
        }
        raw.run("ROLLBACK").await?;
        assert_eq!(world.act(&chat, words()).await?.seq, 3);
        store.close().await;
        Ok(())
    }

    async fn a_newer_schema_is_refused_and_left_alone(db: TestDb) -> Checked {
        let mut raw = Raw::open(db).await?;
        raw.run("INSERT INTO schema_versions (version, name) VALUES (999, 'from the future')").await?;
        raw.close().await?;
        db.store.close().await;
        let before = if let Location::Sqlite(path) = &db.location { fs::read(path)? } else { Vec::new() };
        let refused = open(&db.location, Duration::from_secs(1)).await.err().ok_or("it was opened")?;
        assert!(matches!(refused, OpenError::NewerSchema { found: 999, known } if known < 999), "{refused}");
        assert!(refused.to_string().contains("999"), "{refused}");
        if let Location::Sqlite(path) = &db.location {
            assert!(fs::read(path)? == before, "the file was touched");
        }
        Ok(())
    }
}

#[test]
fn a_lost_connection_is_made_anew() -> Checked {
    testkit::block_on(Engine::Postgres, async |db| {
        let world = db.world().await;
        let chat = world.chat().await;
        let mut raw = Raw::open(db).await?;
        raw.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await?;
        assert_eq!(world.act(&chat, words()).await?.seq, 3);
        assert!(db.store.read().await?.session(chat.session).await?.is_some());
        Ok(())
    })
}

#[test]
fn a_file_that_is_no_database_is_left_alone() -> Checked {
    testkit::block_on(Engine::Sqlite, async |db| {
        let path = db.folder.join("letter.txt");
        fs::write(&path, "Dear Lena, this is not a database. ".repeat(100))?;
        let before = fs::read(&path)?;
        let refused = open(&Location::Sqlite(path.clone()), Duration::from_secs(1)).await.err().ok_or("opened")?;
        assert!(matches!(refused, OpenError::NotADatabase { .. }), "{refused}");
        assert!(refused.to_string().contains("letter.txt"), "{refused}");
        assert_eq!(fs::read(&path)?, before);
        Ok(())
    })
}

#[test]
fn a_folder_that_cannot_be_written_is_named() -> Checked {
    testkit::block_on(Engine::Sqlite, async |db| {
        // Under a file there can be no folder, not even for root.
        let file = db.folder.join("file");
        fs::write(&file, "")?;
        let inside = Location::Sqlite(file.join("data/deskbell.db"));
        let refused = open(&inside, Duration::from_secs(1)).await.err().ok_or("opened")?;
        assert!(matches!(refused, OpenError::NotWritable { .. }), "{refused}");
        assert!(refused.to_string().contains("choose another data folder"), "{refused}");
        Ok(())
    })
}

#[test]
fn nobody_listens_at_the_postgres_address() -> Checked {
    testkit::block_on(Engine::Sqlite, async |_| {
        let nobody = Location::Postgres("postgres://desk:s3cret@127.0.0.1:9/bell".into());
        let refused = open(&nobody, Duration::from_secs(1)).await.err().ok_or("opened")?;
        assert!(matches!(refused, OpenError::Unreachable { .. }), "{refused}");
        assert!(!refused.to_string().contains("s3cret"), "{refused}");
        Ok(())
    })
}

#[test]
fn a_full_disk_is_said_and_survived() -> Checked {
    testkit::block_on(Engine::Sqlite, async |db| {
        let Some(disk) = SmallDisk::mount(&db.folder.join("disk")) else {
            println!("skipped: mounting a small tmpfs needs root");
            return Ok(());
        };
        let store = open(&Location::Sqlite(disk.0.join("deskbell.db")), Duration::from_secs(1)).await?;
        let world = World::new(&store).await;
        let chat = world.chat().await;
        fs::write(disk.0.join("ballast"), vec![1; 1 << 20])?;
        let mut acked = 2;
        let full = loop {
            let text = "long ".repeat(1000);
            match world.act(&chat, Move::VisitorWrites { text }).await {
                Ok(ack) => {
                    acked += 1;
                    assert_eq!(ack.seq, acked);
                }
                Err(error) => break error,
            }
            assert!(acked < 2000, "the disk never filled");
        };
        assert!(matches!(full, ActError::Store(StoreError::Full)), "{full:?}");
        let again = world.act(&chat, Move::VisitorWrites { text: "long ".repeat(1000) }).await;
        assert!(matches!(again, Err(ActError::Store(StoreError::Full))), "{again:?}");
        let write_setting = async || -> Result<(), StoreError> {
            let mut tx = store.begin().await?;
            tx.set_setting("big", &"x".repeat(400_000)).await?;
            tx.commit().await
        };
        assert!(matches!(write_setting().await, Err(StoreError::Full)));

        fs::remove_file(disk.0.join("ballast"))?;
        assert_eq!(world.act(&chat, words()).await?.seq, acked + 1, "space again, without a restart");
        write_setting().await?;
        let events = store.read().await?.events_after(chat.session, 0, 10_000).await?;
        assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=acked + 1).collect::<Vec<_>>());
        store.close().await;
        Ok(())
    })
}

/// A tmpfs of three megabytes, unmounted when dropped.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(folder: &Path) -> Option<Self> {
        fs::create_dir_all(folder).ok()?;
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(folder).output().ok()?;
        mounted.status.success().then(|| Self(folder.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}
