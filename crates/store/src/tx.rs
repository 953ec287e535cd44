//! A transaction for everything except chats.

use std::ops::{Deref, DerefMut};

use crate::{Conn, StoreError, conn::Held, sql::Engine};

/// Every question of [`Conn`], and every change except those of chats. Dropped without [`Tx::commit`] it leaves
/// nothing behind. On SQLite it holds the one writing connection: keep it short, and never await anything else in it.
pub struct Tx {
    conn: Conn,
}

impl Tx {
    pub(crate) const fn new(conn: Conn) -> Self {
        Self { conn }
    }

    /// Everything that was done in it is durable once this returns.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.conn.held {
            Held::SqliteWrite(holding) => holding.commit().await,
            Held::PostgresWrite(transaction) => Ok(transaction.commit().await?),
            Held::SqliteRead(_) | Held::PostgresRead(_) => Ok(()),
        }
    }

    /// Called by whatever changes what a chat is read with: its queue's rules, its visitor's name.
    pub(crate) fn forget_heads(&mut self) {
        if let Held::SqliteWrite(holding) = &mut self.conn.held {
            holding.forget_heads();
        }
    }

    pub(crate) fn engine(&mut self) -> Result<Engine<'_>, StoreError> {
        self.conn.engine()
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
