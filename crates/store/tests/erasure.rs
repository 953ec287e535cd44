//! Erasing a visitor leaves no row behind, whatever tables there will be.

use domain::Timestamp;
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::Location;
use testkit::{NOW, TestDb, both_dbs};
use uuid::Uuid;

both_dbs! {
    async fn no_table_knows_an_erased_visitor(db: TestDb) {
        let world = db.world().await;
        let chat = world.start();
        let (session, visitor) = (chat.start.id, chat.start.visitor);
        db.store.start_chat(chat).await.expect("starts");
        let before = known(db, session.uuid(), visitor.uuid()).await;
        for table in ["sessions", "session_events", "episodes"] {
            assert!(before.iter().any(|held| held.starts_with(table)), "{table}: {before:?}");
        }
        let mut tx = db.store.begin().await.expect("a transaction");
        tx.set_privacy_code(visitor, ("erase", "a@b.example", &[7; 32]), NOW).await.expect("kept");
        tx.add_letter_code(visitor, &[8; 32], NOW, Timestamp::from_micros(0)).await.expect("kept");
        tx.erase_visitor(visitor).await.expect("erased");
        tx.commit().await.expect("committed");
        assert_eq!(known(db, session.uuid(), visitor.uuid()).await, Vec::<String>::new());
    }
}

/// Columns in which one of these ids stands.
async fn known(db: &TestDb, session: Uuid, visitor: Uuid) -> Vec<String> {
    let mut held = Vec::new();
    match &db.location {
        Location::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path).read_only(true);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
            let sql = "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c
                 WHERE t.schema = 'main' AND c.type = 'BLOB' AND t.name NOT LIKE 'sqlite_%'";
            let columns: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut connection).await.expect("columns");
            for (table, column) in columns {
                let sql = format!("SELECT COUNT(*) FROM \"{table}\" WHERE \"{column}\" IN (?, ?)");
                let count = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(session).bind(visitor);
                if count.fetch_one(&mut connection).await.expect("a count") > 0 {
                    held.push(format!("{table}.{column}"));
                }
            }
        }
        Location::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await.expect("a connection");
            let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE table_schema = 'public' AND data_type = 'uuid'";
            let columns: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut connection).await.expect("columns");
            for (table, column) in columns {
                let sql = format!("SELECT COUNT(*) FROM \"{table}\" WHERE \"{column}\" IN ($1, $2)");
                let count = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(session).bind(visitor);
                if count.fetch_one(&mut connection).await.expect("a count") > 0 {
                    held.push(format!("{table}.{column}"));
                }
            }
        }
    }
    held
}
