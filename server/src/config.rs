//! Configuration: defaults, then the file, then `DESKBELL_*` from the environment, then flags.
//!
//! All keys stand in one table ([`keys`]): from it come the defaults, the checks of every source, the text of
//! `deskbell config print-default` and docs/configuration.md.
//!
//! To add a key: its row in [`keys::KEYS`], its field here, and a look at docs/configuration.md (a test compares).

mod keys;
mod kind;
mod layers;
mod print;
mod types;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use services::{FilesConfig, S3};

use crate::{
    failure::{Exit, Failure, Result},
    origin::Origin,
};

pub use print::default_file;
pub use types::{Database, Networks};
use types::{FileStore, Secret};

/// Everything that can be set, checked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub demo_listen: SocketAddr,
    pub data: PathBuf,
    pub database: Database,
    #[serde(deserialize_with = "types::optional_origin")]
    pub public_url: Option<Origin>,
    #[serde(deserialize_with = "types::optional_origin")]
    pub widget_url: Option<Origin>,
    pub trusted_proxies: Networks,
    drain_seconds: u64,
    pub log: Log,
    pub limits: Limits,
    pub storage: Storage,
    pub attachments: Attachments,
    pub mail: Mail,
    pub metrics: Metrics,
    pub outgoing: OutgoingRules,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub json: bool,
}

/// Rates; the bursts are what may come at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub visitor_messages_per_second: f64,
    pub visitor_messages_burst: f64,
    pub starts_per_minute_per_address: f64,
    pub starts_burst_per_address: f64,
    pub sign_in_attempts_per_minute: f64,
    pub sign_in_attempts_burst: f64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    busy_timeout_ms: u64,
    pub readers: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachments {
    max_megabytes: u64,
    store: FileStore,
    s3_endpoint: String,
    s3_region: String,
    s3_access_key_id: String,
    s3_secret_access_key: Secret,
    clamd: String,
}

/// E-mail; both empty or both set.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// May hold a password, so it is never shown.
    pub server: String,
    pub from: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    listen: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutgoingRules {
    pub allow_private: Networks,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.server.is_empty() { "no mail" } else { "mail" })
    }
}

/// What the command line says about configuration. The texts are checked like those of every other source.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub file: Option<PathBuf>,
    /// Key, flag, text.
    pub flags: Vec<(&'static str, &'static str, String)>,
}

impl Config {
    /// Reads all sources of this process.
    pub fn load(given: &Given) -> Result<Self> {
        Self::load_from(given, std::env::vars_os().collect())
    }

    pub(crate) fn load_from(given: &Given, environment: layers::Environment) -> Result<Self> {
        let mut layers = layers::Layers::default();
        layers.add_environment(environment);
        layers.add_flags(&given.flags);
        if let Some((path, text)) = layers.find_file(given.file.as_deref())? {
            layers.add_file(&path, &text);
        }
        // What the table calls valid and the types do not would be our mistake, not the user's.
        layers.finish()?.try_into().map_err(|cause: toml::de::Error| {
            Failure::new(Exit::Config, format!("the configuration cannot be used: {}", cause.message()), "")
        })
    }

    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

impl Metrics {
    /// `None` where nobody reads them.
    pub fn listen(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }
}

impl Storage {
    pub const fn busy_timeout(&self) -> Duration {
        Duration::from_millis(self.busy_timeout_ms)
    }
}

impl Attachments {
    /// Given the data folder.
    pub fn files(&self, data: &Path) -> FilesConfig {
        let reached = S3 {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            access_key_id: self.s3_access_key_id.clone(),
            secret_access_key: self.s3_secret_access_key.0.clone(),
            ..S3::default()
        };
        FilesConfig {
            most: self.max_megabytes * 1024 * 1024,
            kept: self.store.kept(data, reached),
            scanner: types::scanner(&self.clamd),
            ..FilesConfig::in_folder(data)
        }
    }
}

/// The name that is looked for in the data folder and in the working folder.
const FILE_NAME: &str = "deskbell.toml";

fn candidates(data: &Path) -> [PathBuf; 2] {
    [data.join(FILE_NAME), PathBuf::from(FILE_NAME)]
}

#[cfg(test)]
mod tests;
