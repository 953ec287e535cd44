//! From causes to answers. Causes are logged here, once, and never sent.

use domain::Refusal;
use store::{ActError, StoreError};
use wire::{Conflict, Error};

use crate::directory::Directory;

/// The answer to a failed operation of the store.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub fn stored(cause: StoreError) -> Error {
    match cause {
        StoreError::Full | StoreError::Busy | StoreError::Unavailable(_) => {
            tracing::warn!(%cause, "storage unavailable");
            Error::Unavailable
        }
        StoreError::Taken => Error::Conflict(Conflict::Exists),
        StoreError::Missing => Error::NotFound,
        StoreError::Other(_) => {
            tracing::error!(%cause, "storage failed");
            Error::Internal
        }
    }
}

/// The answer to a command on a chat that was not done.
pub fn acted(cause: ActError, directory: &Directory) -> Error {
    match cause {
        ActError::NotFound => Error::NotFound,
        ActError::AlreadyOpen(session) => Error::Conflict(Conflict::AlreadyOpen { session }),
        ActError::Refused(refusal) => Error::Conflict(refused(refusal, directory)),
        ActError::Store(cause) => stored(cause),
    }
}

fn refused(refusal: Refusal, directory: &Directory) -> Conflict {
    match refusal {
        Refusal::Ended => Conflict::Ended,
        Refusal::NotEnded | Refusal::NotDue => Conflict::NotEnded,
        Refusal::TakenBy(agent) => Conflict::TakenBy { name: directory.name(agent) },
        Refusal::NotTaken => Conflict::NotTaken,
        Refusal::NotInWrapUp => Conflict::NotInWrapUp,
        Refusal::RatingClosed => Conflict::RatingClosed,
        Refusal::NotRinging => Conflict::NotRinging,
        Refusal::Ringing => Conflict::Ringing,
        Refusal::AtLimit(limit) => Conflict::AtLimit { limit },
        Refusal::OwnAlready => Conflict::OwnAlready,
        Refusal::AttachmentsOff => Conflict::AttachmentsOff,
    }
}
