//! Settings of the installation, by key.

use crate::{Conn, StoreError, Tx};

/// The key of the random id of this database's history. A client that knows another one drops its positions.
pub(crate) const EPOCH: &str = "epoch";

impl Conn {
    pub async fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        let row = run!(one (String,); self.engine()?, "SELECT value FROM settings WHERE key = $1", key)?;
        Ok(row.map(|(value,)| value))
    }
}

impl Tx {
    pub async fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO settings (key, value) VALUES ($1, $2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        run!(done, self.engine()?, sql, key, value)?;
        Ok(())
    }

    /// Keeps what stands there already.
    pub async fn keep_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        run!(done, self.engine()?, sql, key, value)?;
        Ok(())
    }

    pub async fn clear_setting(&mut self, key: &str) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM settings WHERE key = $1", key)?;
        Ok(())
    }
}
