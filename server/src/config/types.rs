//! Values that are more than a text or a number.

use std::{fmt, net::IpAddr, path::Path};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};
use services::{Kept, S3, Scanner};
use store::Location;

use crate::origin::Origin;

/// The file of the SQLite database in the data folder.
const SQLITE_FILE: &str = "deskbell.db";

/// The folder of files in the data folder.
const FILES_FOLDER: &str = "files";

/// Empty, or a PostgreSQL address. Holds a password, so it is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Database(String);

impl Database {
    pub fn is_valid(text: &str) -> bool {
        text.is_empty() || matches!(text.parse(), Ok(Location::Postgres(_)))
    }

    /// Where it is, given the data folder.
    pub fn location(&self, data: &Path) -> Location {
        if self.0.is_empty() { Location::Sqlite(data.join(SQLITE_FILE)) } else { Location::Postgres(self.0.clone()) }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "sqlite" } else { "postgres" })
    }
}

/// Some addresses, as networks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    pub fn all(&self) -> &[IpNet] {
        &self.0
    }

    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromIterator<IpNet> for Networks {
    fn from_iter<T: IntoIterator<Item = IpNet>>(networks: T) -> Self {
        Self(networks.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for Networks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| network(text).ok_or_else(|| de::Error::custom("not a network"))).collect()
    }
}

/// `10.0.0.0/8`, or one address alone.
pub fn network(text: &str) -> Option<IpNet> {
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()
}

/// Empty means none.
pub fn optional_origin<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Origin>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(de::Error::custom) }
}

/// Empty for the data folder, or a bucket and what stands before every name in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct FileStore(String);

impl FileStore {
    /// Bucket and prefix; `Some(None)` for the data folder.
    #[expect(clippy::option_option, reason = "not understood, the default, or a bucket")]
    pub fn parse(text: &str) -> Option<Option<(&str, &str)>> {
        if text.is_empty() {
            return Some(None);
        }
        let (bucket, prefix) = text.strip_prefix("s3://")?.split_once('/').unwrap_or((&text[5..], ""));
        let plain = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c));
        (!bucket.is_empty() && plain(bucket) && plain(prefix)).then_some(Some((bucket, prefix.trim_matches('/'))))
    }

    /// Where it is, given the data folder, and how a bucket is reached.
    pub fn kept(&self, data: &Path, reached: S3) -> Kept {
        match Self::parse(&self.0).flatten() {
            None => Kept::Folder(data.join(FILES_FOLDER)),
            Some((bucket, prefix)) => Kept::S3(S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned(), ..reached }),
        }
    }
}

pub fn scanner(text: &str) -> Option<Scanner> {
    if let Some(path) = text.strip_prefix("unix:") {
        return path.starts_with('/').then(|| Scanner::Unix(path.into()));
    }
    let (host, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    (!host.is_empty() && port > 0 && !host.contains(char::is_whitespace)).then(|| Scanner::Tcp(text.to_owned()))
}

/// Never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "…" })
    }
}
