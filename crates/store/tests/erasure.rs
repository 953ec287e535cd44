//! Erasing a visitor leaves no row behind, whatever tables there will be.

use domain::{Identified, Timestamp};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Location, NewVisitor};
use testkit::{NOW, TestDb, both_dbs};
use uuid::Uuid;

both_dbs! {
    async fn no_address_outlives_whoever_gave_it(db: TestDb) {
        let world = db.world().await;
        let gives = |visitor: &NewVisitor, email: &str| NewVisitor { email: email.to_owned(), ..visitor.clone() };
        let said = |email: &str| Identified {
            user_id: String::new(),
            name: String::new(),
            email: email.to_owned(),
            phone: String::new(),
        };
        let mut first = world.start();
        first.visitor = gives(&first.visitor, "Lena@first.example");
        let visitor = first.visitor.clone();
        db.store.start_chat(first).await.expect("starts");
        let mut tx = db.store.begin().await.expect("a transaction");
        tx.set_identity(&gives(&visitor, "lena@second.example"), &said("lena@second.example"), NOW).await.expect("noted");
        // A stranger who turns out to be the same person.
        let stranger = NewVisitor { id: world.start().start.visitor, ..gives(&visitor, "lena@third.example") };
        tx.add_visitor(&stranger, NOW).await.expect("added");
        tx.merge_visitor(stranger.id, visitor.id).await.expect("merged");
        tx.commit().await.expect("committed");
        assert_eq!(contacts(db).await, ["lena@second.example"]);
        let mut tx = db.store.begin().await.expect("a transaction");
        tx.erase_visitor(visitor.id).await.expect("erased");
        tx.commit().await.expect("committed");
        assert_eq!(contacts(db).await, Vec::<String>::new());
    }

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

/// The addresses of all contacts.
async fn contacts(db: &TestDb) -> Vec<String> {
    let sql = "SELECT email FROM contacts ORDER BY email";
    match &db.location {
        Location::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path).read_only(true);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
            sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("addresses")
        }
        Location::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await.expect("a connection");
            sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("addresses")
        }
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
