//! Ratings. Named ones come from the writer, with their event; anonymous ones from here, tied to nothing.

use domain::{AgentId, QueueId, RatingId, Stars, Timestamp};

use crate::{Conn, StoreError, Tx, rows::number};

/// A rating as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRating {
    pub stars: Stars,
    pub words: String,
    /// `None` for anonymous ones: the moment would tell who it was.
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    pub stars: f64,
    pub count: u32,
}

/// Without session, visitor or moment.
#[derive(Debug, Clone)]
pub struct AnonymousRating {
    /// Must not be time-ordered, or it would tell when it was given.
    pub id: RatingId,
    pub agent: Option<AgentId>,
    pub queue: QueueId,
    /// Days since 1970-01-01 (UTC).
    pub day: i64,
    pub stars: Stars,
    pub words: String,
    /// Of the secret that the browser keeps for changing it.
    pub edit_hash: [u8; 32],
}

pub(crate) fn stars(column: i64) -> Result<Stars, StoreError> {
    u8::try_from(column).ok().and_then(|stars| Stars::try_from(stars).ok()).ok_or_else(|| StoreError::other("stars"))
}

impl Conn {
    /// Over named and anonymous ratings; `None` when there is none.
    pub async fn average_rating(&mut self, agent: AgentId) -> Result<Option<Average>, StoreError> {
        let sql = "SELECT CAST(AVG(stars) AS DOUBLE PRECISION), COUNT(*) FROM ratings WHERE agent_id = $1";
        let row = run!(one (Option<f64>, i64); self.engine()?, sql, agent.uuid())?;
        let Some((Some(stars), count)) = row else { return Ok(None) };
        Ok(Some(Average { stars, count: number(count)? }))
    }

    /// A list of their own, by day, newest first.
    pub async fn anonymous_ratings(
        &mut self,
        agent: AgentId,
        limit: u32,
    ) -> Result<Vec<(i64, GivenRating)>, StoreError> {
        let sql = "SELECT day, stars, words FROM ratings WHERE agent_id = $1 AND session_id IS NULL
             ORDER BY day DESC, id LIMIT $2";
        let rows = run!(all (i64, i64, String); self.engine()?, sql, agent.uuid(), i64::from(limit))?;
        let rating = |(day, given, words)| Ok((day, GivenRating { stars: stars(given)?, words, at: None }));
        rows.into_iter().map(rating).collect()
    }
}

impl Tx {
    pub async fn add_anonymous_rating(&mut self, rating: AnonymousRating) -> Result<(), StoreError> {
        run!(
            done,
            self.engine()?,
            "INSERT INTO ratings (id, agent_id, queue_id, day, stars, words, edit_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            rating.id.uuid(),
            rating.agent.map(AgentId::uuid),
            rating.queue.uuid(),
            rating.day,
            i64::from(u8::from(rating.stars)),
            rating.words,
            rating.edit_hash.as_slice(),
        )?;
        Ok(())
    }

    /// Whether there was one with this secret, not older than `since_day`.
    pub async fn change_anonymous_rating(
        &mut self,
        edit_hash: &[u8; 32],
        stars: Stars,
        words: &str,
        since_day: i64,
    ) -> Result<bool, StoreError> {
        let changed = run!(
            done,
            self.engine()?,
            "UPDATE ratings SET stars = $2, words = $3 WHERE edit_hash = $1 AND day >= $4",
            edit_hash.as_slice(),
            i64::from(u8::from(stars)),
            words,
            since_day,
        )?;
        Ok(changed > 0)
    }
}
