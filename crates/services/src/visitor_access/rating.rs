//! What a visitor says of a chat that is over (PRODUCT V9).

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use domain::{EventKind, Move, RATING_OPEN, RATING_WORDS, RatingId, SessionId, Stars, message_text, one_line};
use store::{AnonymousRating, SessionRow};
use wire::{
    Conflict, Error, PAGE, Result,
    visitor::{Ack, Rate},
};

use super::VisitorAccess;
use crate::{faults, random};

const DAY: i64 = 24 * 3600 * 1_000_000;

/// Episodes that were rated without a name since this process began, so that one visitor cannot rate the same chat
/// again and again. In memory only: a row would join the rating and the visitor.
#[derive(Default)]
pub(crate) struct AnonymousOnce(Mutex<HashSet<(SessionId, u32)>>);

impl VisitorAccess {
    pub(super) async fn rate(&self, rate: Rate) -> Result<Ack> {
        let words = one_paragraph(&rate.words)?;
        self.must_not_be_blocked().await?;
        if !rate.anonymous {
            self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
            let head = self.head().await?;
            if self.services.inner().anonymous.holds(head.session, head.episode) {
                return Err(Error::Conflict(Conflict::AlreadyRated));
            }
            return self.act(rate.client_id, Move::Rate { stars: rate.stars, words }).await;
        }
        self.rate_anonymously(rate, words).await
    }

    async fn rate_anonymously(&self, rate: Rate, words: String) -> Result<Ack> {
        let now = self.services.now();
        self.services.inner().guard.visitor_writes(self.visitor.id, now)?;
        let secret = rate.edit_secret.filter(|secret| (16..=100).contains(&secret.len()));
        let secret = secret.ok_or_else(|| Error::invalid("edit_secret", domain::FieldProblem::Missing))?;
        let row = self.latest().await?;
        let session = &row.session;
        let ended = session.ended_at.ok_or(Error::Conflict(Conflict::NotEnded))?;
        if now - ended > RATING_OPEN {
            return Err(Error::Conflict(Conflict::RatingClosed));
        }
        if self.named_rating(&row).await?.is_some() {
            return Err(Error::Conflict(Conflict::AlreadyRated));
        }
        let day = now.micros().div_euclid(DAY);
        let edit_hash = random::token_hash(&secret);
        let since = day - RATING_OPEN.micros() / DAY;
        let services = self.services.inner();
        let mut tx = services.store.begin().await.map_err(faults::stored)?;
        let changed =
            tx.change_anonymous_rating(&edit_hash, rate.stars, &words, since).await.map_err(faults::stored)?;
        if !changed && !services.anonymous.first(session.id, session.episode) {
            return Err(Error::Conflict(Conflict::AlreadyRated));
        }
        let rating = AnonymousRating {
            // Random, not time-ordered: the moment would tell who it was.
            id: RatingId::from_uuid(random::shapeless_id()),
            agent: session.owner,
            queue: session.queue,
            day,
            stars: rate.stars,
            words,
            edit_hash,
        };
        let kept = async {
            if !changed {
                tx.add_anonymous_rating(rating).await?;
            }
            tx.commit().await
        };
        if let Err(cause) = kept.await {
            if !changed {
                services.anonymous.forget(session.id, session.episode);
            }
            return Err(faults::stored(cause));
        }
        Ok(Ack { client_id: rate.client_id, vseq: session.vseq, at: now })
    }

    /// The stars given by name since the chat last ended.
    pub(super) async fn named_rating(&self, row: &SessionRow) -> Result<Option<Stars>> {
        let session = &row.session;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let newest = conn.visitor_events_before(session.id, session.vseq + 1, PAGE).await.map_err(faults::stored)?;
        let since_end = newest.iter().rev().take_while(|event| !matches!(event.kind, EventKind::Ended { .. }));
        Ok(since_end.into_iter().find_map(|event| match event.kind {
            EventKind::Rated { stars, .. } => Some(stars),
            _ => None,
        }))
    }
}

impl AnonymousOnce {
    /// Episodes remembered; more are forgotten all at once, which lets some be rated twice rather than none.
    const MOST: usize = 100_000;

    fn first(&self, session: SessionId, episode: u32) -> bool {
        let mut rated = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rated.len() >= Self::MOST {
            rated.clear();
        }
        rated.insert((session, episode))
    }

    /// It came to nothing.
    fn forget(&self, session: SessionId, episode: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(session, episode));
    }

    fn holds(&self, session: SessionId, episode: u32) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&(session, episode))
    }
}

fn one_paragraph(words: &str) -> Result<String> {
    if one_line(words, RATING_WORDS + 1).chars().count() > RATING_WORDS {
        return Err(Error::invalid("words", domain::FieldProblem::TooLong));
    }
    // Empty words are fine: stars alone are a rating.
    Ok(message_text(words).unwrap_or_default())
}
