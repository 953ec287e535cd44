//! Sites as an admin sees and sets them.

use domain::{QueueId, SecretId, SiteId, SiteSettings, Timestamp};
use serde::{Deserialize, Serialize};

/// Everything that the page of sites shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sites {
    /// By name.
    pub sites: Vec<Site>,
    /// Queues that chats can come to, by name.
    pub queues: Vec<(QueueId, String)>,
    /// Whether a mail server is set up, so that letters can be sent.
    pub letters: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Site {
    pub id: SiteId,
    /// Stands in the snippet.
    pub key: String,
    pub draft: SiteDraft,
}

/// A site as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SiteDraft {
    pub name: String,
    /// Pages that may embed the widget, by their origins.
    pub origins: Vec<String>,
    /// Where chats wait, unless an answer chooses another queue.
    pub queue: QueueId,
    pub settings: SiteSettings,
}

/// A secret with which the site's server signs who its visitors are, as far as it is ever told again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Secret {
    pub id: SecretId,
    pub made_at: Timestamp,
    /// Its last four characters.
    pub ending: String,
}

/// One that was made just now: the only answer that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSecret {
    pub secret: String,
    /// All of the site, the oldest first.
    pub all: Vec<Secret>,
}
