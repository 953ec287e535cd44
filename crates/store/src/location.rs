//! Where the database is.

use std::{fmt, path::PathBuf, str::FromStr};

/// A SQLite file or a PostgreSQL address.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// The file; its folder is made when it is missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`.
    Postgres(String),
}

/// Neither `sqlite:PATH` nor `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a database is written sqlite:PATH or postgres://user:password@host/database")]
pub struct LocationError;

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").ok_or(LocationError)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() { Err(LocationError) } else { Ok(Self::Sqlite(path.into())) }
    }
}

/// Without the password: this ends up in logs.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Everything between the scheme and the last `@` is left out, and so are parameters, which can hold a password too.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let rest = rest.split('?').next().unwrap_or_default();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_and_no_third() {
        assert_eq!("sqlite:data/x.db".parse(), Ok(Location::Sqlite("data/x.db".into())));
        assert_eq!("sqlite:///x.db".parse(), Ok(Location::Sqlite("/x.db".into())));
        assert!(matches!("postgres://a@b/c".parse(), Ok(Location::Postgres(_))));
        assert_eq!("mysql://a".parse::<Location>(), Err(LocationError));
        assert_eq!("sqlite:".parse::<Location>(), Err(LocationError));
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in ["postgres://u:s3cret@h:1/d", "postgres://u:p@s3cret@h:1/d", "postgres://h:1/d?password=s3cret"] {
            let location = Location::Postgres(url.into());
            assert!(!format!("{location} {location:?}").contains("s3cret"), "{location}");
            assert!(location.to_string().contains("h:1/d"), "{location}");
        }
    }
}
