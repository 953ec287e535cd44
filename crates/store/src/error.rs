//! What can go wrong, in words that a person can act on.

use std::{path::PathBuf, sync::Arc};

use sqlx::error::ErrorKind;

/// An operation that did not happen. Nothing of it was kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("the disk of the database is full; free some space, no restart is needed")]
    Full,
    #[error("another process holds the database locked; try again in a moment")]
    Busy,
    #[error("the database cannot be reached: {0}")]
    Unavailable(Arc<str>),
    /// A name, e-mail address or key that must be unique is in use.
    #[error("it is taken already")]
    Taken,
    /// Something it refers to is not there.
    #[error("what it belongs to does not exist")]
    Missing,
    #[error("the database answered: {0}")]
    Other(Arc<str>),
}

/// Why a database could not be opened. It was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the database has schema version {found}, but this program knows only versions up to {known}; \
         start the newer program that wrote it, or restore a backup made by this version"
    )]
    NewerSchema { found: i64, known: i64 },
    #[error("cannot write {}: {cause}; choose another data folder, or give this user the right to write there", path.display())]
    NotWritable { path: PathBuf, cause: String },
    #[error("another process holds the database locked; stop it, or wait until it has finished")]
    Locked,
    #[error("the disk is full; free some space and start again")]
    Full,
    #[error("{} is not a Deskbell database; move it away, or choose another data folder", path.display())]
    NotADatabase { path: PathBuf },
    #[error("the PostgreSQL server cannot be used: {cause}; check that it runs, and address, user and password")]
    Unreachable { cause: String },
    #[error("the database could not be opened: {0}")]
    Other(String),
}

impl StoreError {
    pub(crate) fn other(cause: impl std::fmt::Display) -> Self {
        Self::Other(cause.to_string().into())
    }

    pub(crate) fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable(cause.to_string().into())
    }

    /// Whether the same transaction may succeed later, as it stands: nothing was wrong with its content.
    pub(crate) fn passing(&self) -> bool {
        matches!(self, Self::Full | Self::Busy | Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) => match (cause.kind(), cause.code().as_deref().unwrap_or_default()) {
                (ErrorKind::UniqueViolation, _) => Self::Taken,
                (ErrorKind::ForeignKeyViolation, _) => Self::Missing,
                (_, code) => from_code(code).unwrap_or_else(|| Self::other(&error)),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::unavailable(&error),
            _ => Self::other(&error),
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Busy => Self::Locked,
            error => Self::Other(error.to_string()),
        }
    }
}

/// SQLite's extended result codes are numbers; PostgreSQL's SQLSTATEs have five characters.
fn from_code(code: &str) -> Option<StoreError> {
    if code.len() == 5 {
        return match code {
            "53100" => Some(StoreError::Full),
            // Lock time-out, deadlock, serialisation.
            "55P03" | "40P01" | "40001" => Some(StoreError::Busy),
            _ if code.starts_with("08") || code.starts_with("57P") || code.starts_with("53") => {
                Some(StoreError::unavailable(format!("SQLSTATE {code}")))
            }
            _ => None,
        };
    }
    let code: i32 = code.parse().ok()?;
    match code & 0xff {
        // SQLITE_FULL
        13 => Some(StoreError::Full),
        // SQLITE_IOERR_SHMSIZE: the shared-memory file could not grow, which a full disk causes too.
        10 if code == 4874 => Some(StoreError::Full),
        // SQLITE_BUSY, SQLITE_LOCKED
        5 | 6 => Some(StoreError::Busy),
        // SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY
        10 | 14 | 8 => Some(StoreError::unavailable(format!("SQLite error {code}"))),
        _ => None,
    }
}
