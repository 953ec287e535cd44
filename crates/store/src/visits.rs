//! Pages a visitor looked at during a chat.

use domain::{PageVisit, SessionId, Timestamp};

use crate::{Conn, StoreError, Tx};

/// So many are kept of a chat.
const KEPT: i64 = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub at: Timestamp,
    pub page: PageVisit,
}

impl Conn {
    /// Newest first.
    pub async fn page_visits(&mut self, session: SessionId) -> Result<Vec<Visit>, StoreError> {
        let sql = "SELECT at, url, title FROM page_visits WHERE session_id = $1 ORDER BY n DESC";
        let rows = run!(all (i64, String, String); self.engine()?, sql, session.uuid())?;
        let visit = |(at, url, title)| Visit { at: Timestamp::from_micros(at), page: PageVisit { url, title } };
        Ok(rows.into_iter().map(visit).collect())
    }

    /// The last of them.
    pub async fn newest_page_visit(&mut self, session: SessionId) -> Result<Option<Visit>, StoreError> {
        let sql = "SELECT at, url, title FROM page_visits WHERE session_id = $1 ORDER BY n DESC LIMIT 1";
        let row = run!(one (i64, String, String); self.engine()?, sql, session.uuid())?;
        Ok(row.map(|(at, url, title)| Visit { at: Timestamp::from_micros(at), page: PageVisit { url, title } }))
    }
}

impl Tx {
    /// The oldest are forgotten beyond the last 50.
    pub async fn add_page_visit(
        &mut self,
        session: SessionId,
        page: &PageVisit,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO page_visits (session_id, n, at, url, title)
             VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM page_visits WHERE session_id = $1), $2, $3, $4)",
            session.uuid(),
            now.micros(),
            page.url.as_str(),
            page.title.as_str(),
        )?;
        run!(
            done,
            self.engine()?,
            "DELETE FROM page_visits
             WHERE session_id = $1 AND n <= (SELECT MAX(n) FROM page_visits WHERE session_id = $1) - $2",
            session.uuid(),
            KEPT,
        )?;
        Ok(())
    }
}
