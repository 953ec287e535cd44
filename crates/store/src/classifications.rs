//! What agents note about a chat.

use domain::{AgentId, Classification, SessionId, Timestamp};

use crate::{Conn, StoreError, Tx, rows::number};

/// Most tags that are suggested.
const SUGGESTED: i64 = 200;

record! {
    struct Record {
        qualified: Option<i64>,
        value: Option<i64>,
        currency: String,
        notes: String,
        rev: i64,
    }
}

impl Conn {
    /// With the number of its last change; 0 when nothing was noted yet.
    pub async fn classification(&mut self, session: SessionId) -> Result<(Classification, u32), StoreError> {
        let sql = "SELECT qualified, value, currency, notes, rev FROM classifications WHERE session_id = $1";
        let Some(row) = run!(one Record; self.engine()?, sql, session.uuid())? else {
            return Ok((Classification::default(), 0));
        };
        let sql = "SELECT tag FROM session_tags WHERE session_id = $1";
        let mut tags = run!(all (String,); self.engine()?, sql, session.uuid())?;
        // Not by the database: SQLite knows only the letters of English.
        tags.sort_by_key(|(tag,)| tag.to_lowercase());
        let classification = Classification {
            qualified: row.qualified.map(|qualified| qualified != 0),
            tags: tags.into_iter().map(|(tag,)| tag).collect(),
            value: row.value,
            currency: row.currency,
            notes: row.notes,
        };
        Ok((classification, number(row.rev)?))
    }

    /// The currency of most values so far.
    pub async fn usual_currency(&mut self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT currency FROM classifications WHERE value IS NOT NULL
             GROUP BY currency ORDER BY COUNT(*) DESC, currency LIMIT 1";
        Ok(run!(one (String,); self.engine()?, sql)?.map(|(currency,)| currency))
    }

    /// Tags in use, for suggestions.
    pub async fn tags(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT tag FROM session_tags GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT $1";
        Ok(run!(all (String,); self.engine()?, sql, SUGGESTED)?.into_iter().map(|(tag,)| tag).collect())
    }
}

impl Tx {
    /// Replaces it when it still is `rev`; the new number, or `None` when somebody else was quicker.
    pub async fn set_classification(
        &mut self,
        session: SessionId,
        given: &Classification,
        rev: u32,
        by: AgentId,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        let sql = "INSERT INTO classifications
                 (session_id, qualified, value, currency, notes, rev, updated_at, updated_by)
             VALUES ($1, $2, $3, $4, $5, 1, $7, $8)
             ON CONFLICT (session_id) DO UPDATE SET qualified = excluded.qualified, value = excluded.value,
                 currency = excluded.currency, notes = excluded.notes, rev = classifications.rev + 1,
                 updated_at = excluded.updated_at, updated_by = excluded.updated_by
             WHERE classifications.rev = $6
             RETURNING rev";
        let row = run!(
            one (i64,);
            self.engine()?,
            sql,
            session.uuid(),
            given.qualified.map(i64::from),
            given.value,
            given.currency.as_str(),
            given.notes.as_str(),
            i64::from(rev),
            now.micros(),
            by.uuid(),
        )?;
        let Some((rev,)) = row else { return Ok(None) };
        run!(done, self.engine()?, "DELETE FROM session_tags WHERE session_id = $1", session.uuid())?;
        for tag in &given.tags {
            let sql = "INSERT INTO session_tags (session_id, tag) VALUES ($1, $2)";
            run!(done, self.engine()?, sql, session.uuid(), tag.as_str())?;
        }
        number(rev).map(Some)
    }
}
