//! A connection for questions.

use sqlx::{PgConnection, Postgres, Sqlite, Transaction, pool::PoolConnection};

use crate::{sql::Engine, sqlite::Holding};

/// Holds a connection until it is dropped; every question is a method of it, in the file of its table. From
/// [`crate::Store::read`] it cannot write; within a [`crate::Tx`] it sees what the transaction did.
pub struct Conn {
    pub(crate) held: Held,
}

pub(crate) enum Held {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Holding),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

impl Conn {
    pub(crate) fn engine(&mut self) -> Result<Engine<'_>, crate::StoreError> {
        Ok(match &mut self.held {
            Held::SqliteRead(connection) => Engine::Sqlite(connection),
            Held::SqliteWrite(holding) => Engine::Sqlite(holding.connection()?),
            Held::PostgresRead(connection) => Engine::Postgres(connection),
            Held::PostgresWrite(transaction) => {
                let connection: &mut PgConnection = transaction;
                Engine::Postgres(connection)
            }
        })
    }
}
