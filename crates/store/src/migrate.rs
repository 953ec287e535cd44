//! The schema: paired migrations, embedded, applied once each in order.
//!
//! Not sqlx's migrator: it hashes file contents, knows one engine at a time, and cannot say "newer than this program".

use crate::{OpenError, StoreError, sql::Engine};

pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal,)*) => {
        pub(crate) const MIGRATIONS: &[Migration] = &[$(Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*];
    };
}

migrations! {
    1 "0001_first",
    2 "0002_routing",
    3 "0003_composer",
    4 "0004_attachments",
    5 "0005_queues",
    6 "0006_alerts",
    7 "0007_classification",
    8 "0008_blocks",
    9 "0009_time_zones",
    10 "0010_phones",
    11 "0011_letters",
    12 "0012_privacy",
    13 "0013_identity",
    14 "0014_contacts",
}

/// The newest schema version this program knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// The version of the database, 0 for an empty one; refused when it is newer than [`known`].
pub(crate) async fn found(engine: &mut Engine<'_>) -> Result<i64, OpenError> {
    let sql = crate::dialect::HAS_VERSIONS;
    let there = run!(one (i64,); engine, sql)?.is_some_and(|(tables,)| tables > 0);
    if !there {
        return Ok(0);
    }
    let newest = run!(one (Option<i64>,); engine, "SELECT MAX(version) FROM schema_versions")?;
    let found = newest.and_then(|(version,)| version).unwrap_or(0);
    if found > known() { Err(OpenError::NewerSchema { found, known: known() }) } else { Ok(found) }
}

/// Brings the schema up to [`known`]. The caller has begun a transaction that keeps others out.
pub(crate) async fn migrate(engine: &mut Engine<'_>) -> Result<(), OpenError> {
    let found = found(engine).await?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
        match engine {
            Engine::Sqlite(c) => sqlx::raw_sql(migration.sqlite).execute(&mut **c).await.map(|_| ()),
            Engine::Postgres(c) => sqlx::raw_sql(migration.postgres).execute(&mut **c).await.map(|_| ()),
        }
        .map_err(StoreError::from)?;
        let sql = "INSERT INTO schema_versions (version, name) VALUES ($1, $2)";
        run!(done, engine, sql, migration.version, migration.name)?;
        tracing::info!(version = migration.version, name = migration.name, "schema migrated");
    }
    Ok(())
}
