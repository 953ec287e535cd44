//! From a configuration to services, and from what can go wrong with them to words and exit codes.

use std::sync::Arc;

use outgoing::{Http, Mailer};
use services::{Begin, Clock, Limits, Outgoing, Rates, Services, StartError};
use store::{BackupError, OpenError, Options, StoreError};

use crate::{
    config::Config,
    failure::{Exit, Failure, Result},
    origin::Origin,
};

/// Opens the database and starts what runs beside the requests.
pub async fn services(config: &Config) -> Result<Services> {
    let begin = Begin {
        location: config.database.location(&config.data),
        store: store_options(config),
        limits: limits(config),
        files: config.attachments.files(&config.data),
        // Builds for development can be put forward, for the stories.
        clock: if cfg!(debug_assertions) { Clock::Ahead(Arc::default()) } else { Clock::System },
    };
    Services::start(begin).await.map_err(|cause| match cause {
        StartError::Open(cause) => open_failure(&cause),
        StartError::Store(cause) => store_failure(&cause),
        StartError::Files(cause) => {
            Failure::new(Exit::Folder, cause.to_string(), "Look at `attachments.store` and the data folder.")
        }
    })
}

/// Begins to send alerts.
pub async fn alerts(services: &Services, config: &Config, public_url: &Origin) -> Result<()> {
    let mail = &config.mail;
    let wrong = |what: &str| Failure::new(Exit::Config, what, "`mail.server` and `mail.from` belong together.");
    let mailer = match (mail.server.is_empty(), mail.from.is_empty()) {
        (true, true) => None,
        (false, false) => {
            Some(Mailer::new(&mail.server, &mail.from).ok_or_else(|| wrong("the mail server cannot be used"))?)
        }
        (true, false) => return Err(wrong("`mail.from` is set, but no `mail.server`")),
        (false, true) => return Err(wrong("`mail.server` is set, but not who the e-mails come from")),
    };
    let http = Http::new(config.outgoing.allow_private.all().iter().copied());
    let outgoing = Outgoing { http, mailer, public_url: public_url.to_string() };
    services.start_alerts(outgoing).await.map_err(|cause| store_failure(&cause))
}

pub fn store_options(config: &Config) -> Options {
    Options { busy_timeout: config.storage.busy_timeout(), readers: config.storage.readers, ..Options::default() }
}

fn limits(config: &Config) -> Limits {
    let limits = &config.limits;
    Limits {
        visitor: Rates { per_second: limits.visitor_messages_per_second, burst: limits.visitor_messages_burst },
        start: Rates {
            per_second: limits.starts_per_minute_per_address / 60.0,
            burst: limits.starts_burst_per_address,
        },
        sign_in: Rates { per_second: limits.sign_in_attempts_per_minute / 60.0, burst: limits.sign_in_attempts_burst },
    }
}

/// The store's own words say what to do already.
pub fn open_failure(cause: &OpenError) -> Failure {
    let exit = match cause {
        OpenError::NewerSchema { .. } => Exit::NewerDatabase,
        OpenError::Locked => Exit::Locked,
        OpenError::NotWritable { .. } | OpenError::Full => Exit::Folder,
        OpenError::NotADatabase { .. } | OpenError::Unreachable { .. } | OpenError::Other(_) => Exit::Database,
    };
    Failure::new(exit, cause.to_string(), "")
}

pub fn store_failure(cause: &StoreError) -> Failure {
    let exit = match cause {
        StoreError::Busy => Exit::Locked,
        StoreError::Full => Exit::Folder,
        _ => Exit::Database,
    };
    Failure::new(exit, cause.to_string(), "")
}

pub fn backup_failure(cause: &BackupError) -> Failure {
    match cause {
        BackupError::Schema(cause) => open_failure(cause),
        BackupError::Store(cause) => store_failure(cause),
        BackupError::Exists(_) | BackupError::File { .. } => Failure::new(Exit::Folder, cause.to_string(), ""),
        BackupError::UsePgDump | BackupError::Unusable { .. } => Failure::new(Exit::Database, cause.to_string(), ""),
    }
}

/// Services answer in the words of the wire; here they become a sentence.
pub fn service_failure(what: &str, cause: &wire::Error) -> Failure {
    let advice = match cause {
        wire::Error::Unavailable => "The database is busy or its disk is full; the log above says which.",
        _ => "The log above says why.",
    };
    Failure::new(Exit::Other, format!("{what}: {cause}"), advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_configuration_and_services_are_the_same() {
        let config = Config::load_from(&crate::config::Given::default(), Vec::new()).expect("defaults");
        assert_eq!(limits(&config), Limits::default());
        let (ours, theirs) = (store_options(&config), Options::default());
        assert_eq!((ours.busy_timeout, ours.readers), (theirs.busy_timeout, theirs.readers));
    }
}
