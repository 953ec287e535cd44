//! From columns to domain types.

use domain::{AgentId, Author, Timestamp};
use uuid::Uuid;

use crate::StoreError;

/// A value whose name stands in the database; an unknown name is an error, never a default.
pub(crate) fn named<T>(from_name: impl Fn(&str) -> Option<T>, name: &str) -> Result<T, StoreError> {
    from_name(name).ok_or_else(|| StoreError::other(format!("unknown value {name:?}")))
}

pub(crate) fn number(column: i64) -> Result<u32, StoreError> {
    u32::try_from(column).map_err(|_| StoreError::other(format!("{column} is out of range")))
}

pub(crate) fn moment(column: Option<i64>) -> Option<Timestamp> {
    column.map(Timestamp::from_micros)
}

pub(crate) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::micros)
}

pub(crate) const fn author_name(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Agent(_) => "agent",
        Author::System => "system",
    }
}

pub(crate) fn author(kind: &str, id: Option<Uuid>) -> Result<Author, StoreError> {
    match (kind, id) {
        ("visitor", _) => Ok(Author::Visitor),
        ("agent", Some(id)) => Ok(Author::Agent(AgentId::from_uuid(id))),
        ("system", _) => Ok(Author::System),
        _ => Err(StoreError::other(format!("unknown author {kind:?}"))),
    }
}

/// A new time-ordered id (UUID version 7) for rows that only the store makes.
pub(crate) fn fresh_id(now: Timestamp) -> Result<Uuid, StoreError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(StoreError::other)?;
    Ok(uuid::Builder::from_unix_timestamp_millis(now.millis().unsigned_abs(), &random).into_uuid())
}

/// 128 random bits.
pub(crate) fn random_hex() -> Result<String, StoreError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(StoreError::other)?;
    Ok(Uuid::from_bytes(random).simple().to_string())
}
