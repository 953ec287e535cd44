//! The one macro that runs a statement on whichever connection is held, and the one that reads its rows.

use sqlx::{PgConnection, SqliteConnection};

/// The connection at hand.
pub(crate) enum Engine<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Engine<'_> {
    /// The same connection for one more statement.
    pub(crate) fn again(&mut self) -> Engine<'_> {
        match self {
            Engine::Sqlite(connection) => Engine::Sqlite(connection),
            Engine::Postgres(connection) => Engine::Postgres(connection),
        }
    }
}

/// A statement whose text differs between the engines.
#[derive(Clone, Copy)]
pub(crate) struct Both {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// A static statement, the same for both engines or not.
pub(crate) trait Text: Copy {
    fn sqlite(self) -> &'static str;
    fn postgres(self) -> &'static str;
}

impl Text for &'static str {
    fn sqlite(self) -> &'static str {
        self
    }

    fn postgres(self) -> &'static str {
        self
    }
}

impl Text for Both {
    fn sqlite(self) -> &'static str {
        self.sqlite
    }

    fn postgres(self) -> &'static str {
        self.postgres
    }
}

/// `run!(all Row; engine, sql, arguments…)` gives a `Vec<Row>`, `run!(one Row; …)` an `Option<Row>`, `run!(done, …)`
/// the number of rows touched.
macro_rules! run {
    (all $row:ty; $engine:expr, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let sql = $sql;
        match $engine.again() {
            $crate::sql::Engine::Sqlite(c) =>
                sqlx::query_as::<_, $row>($crate::sql::Text::sqlite(sql))$(.bind($argument))*.fetch_all(&mut *c).await,
            $crate::sql::Engine::Postgres(c) =>
                sqlx::query_as::<_, $row>($crate::sql::Text::postgres(sql))$(.bind($argument))*.fetch_all(&mut *c).await,
        }
        .map_err($crate::StoreError::from)
    }};
    (one $row:ty; $engine:expr, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let sql = $sql;
        match $engine.again() {
            $crate::sql::Engine::Sqlite(c) =>
                sqlx::query_as::<_, $row>($crate::sql::Text::sqlite(sql))$(.bind($argument))*.fetch_optional(&mut *c).await,
            $crate::sql::Engine::Postgres(c) =>
                sqlx::query_as::<_, $row>($crate::sql::Text::postgres(sql))$(.bind($argument))*.fetch_optional(&mut *c).await,
        }
        .map_err($crate::StoreError::from)
    }};
    (done, $engine:expr, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let sql = $sql;
        match $engine.again() {
            $crate::sql::Engine::Sqlite(c) =>
                sqlx::query($crate::sql::Text::sqlite(sql))$(.bind($argument))*.execute(&mut *c).await.map(|done| done.rows_affected()),
            $crate::sql::Engine::Postgres(c) =>
                sqlx::query($crate::sql::Text::postgres(sql))$(.bind($argument))*.execute(&mut *c).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::StoreError::from)
    }};
}

/// A struct read from a row of either engine, column by name.
macro_rules! record {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident { $($field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        $visibility struct $name {
            $(pub(crate) $field: $kind,)*
        }

        impl sqlx::FromRow<'_, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<Self> {
                Ok(Self { $($field: sqlx::Row::try_get(row, stringify!($field))?,)* })
            }
        }

        impl sqlx::FromRow<'_, sqlx::postgres::PgRow> for $name {
            fn from_row(row: &sqlx::postgres::PgRow) -> sqlx::Result<Self> {
                Ok(Self { $($field: sqlx::Row::try_get(row, stringify!($field))?,)* })
            }
        }
    };
}
