//! Both engines have the same tables, columns and indexes.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::Location;
use testkit::{Engine, TestDb, block_on};

type Checked<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// By table and column: the type in SQLite's words, and whether it must be there.
type Columns = BTreeMap<(String, String), (String, bool)>;

#[test]
fn the_schemas_are_a_pair() -> Checked {
    let sqlite = block_on(Engine::Sqlite, async |db| sqlite(db).await)?;
    let postgres = block_on(Engine::Postgres, async |db| postgres(db).await)?;
    assert!(sqlite.0.len() > 100, "{}", sqlite.0.len());
    assert_eq!(sqlite.0, postgres.0);
    assert_eq!(sqlite.1, postgres.1);
    Ok(())
}

async fn sqlite(db: &TestDb) -> Checked<(Columns, BTreeSet<String>)> {
    let Location::Sqlite(path) = &db.location else { return Err("not SQLite".into()) };
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?;
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT t.name, c.name, c.type, c.\"notnull\" FROM pragma_table_list t, pragma_table_info(t.name) c
         WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut connection)
    .await?;
    let indexes: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
            .fetch_all(&mut connection)
            .await?;
    connection.close().await?;
    Ok((
        columns.into_iter().map(|(table, column, kind, needed)| ((table, column), (kind, needed))).collect(),
        indexes.into_iter().map(|(name,)| name).collect(),
    ))
}

async fn postgres(db: &TestDb) -> Checked<(Columns, BTreeSet<String>)> {
    let Location::Postgres(url) = &db.location else { return Err("not PostgreSQL".into()) };
    let mut connection = PgConnection::connect(url).await?;
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text,
             CASE data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'uuid' THEN 'BLOB'
                 WHEN 'bytea' THEN 'BLOB' ELSE data_type::text END,
             is_nullable = 'NO'
         FROM information_schema.columns WHERE table_schema = 'public'",
    )
    .fetch_all(&mut connection)
    .await?;
    // Those that stand for a constraint have no name of ours.
    let indexes: Vec<(String,)> = sqlx::query_as(
        "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)",
    )
    .fetch_all(&mut connection)
    .await?;
    connection.close().await?;
    Ok((
        columns.into_iter().map(|(table, column, kind, needed)| ((table, column), (kind, needed))).collect(),
        indexes.into_iter().map(|(name,)| name).collect(),
    ))
}
