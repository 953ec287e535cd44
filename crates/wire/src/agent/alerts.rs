//! What a person is alerted to, and how.

use domain::{AlertKind, AlertPrefs, SessionId};
use serde::{Deserialize, Serialize};

/// Something to alert a person to. Texts are one line each, as they are shown in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub kind: AlertKind,
    pub session: SessionId,
    /// The visitor's name, or what stands for it.
    pub title: String,
    pub text: String,
    /// Some tab of this person is on the screen.
    pub visible: bool,
    /// And has the keyboard.
    pub focused: bool,
}

/// What the alerts' page shows beside what the browser knows itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    pub prefs: AlertPrefs,
    /// The server's public key for Web Push, base64url; `None` when it cannot send any.
    pub push_key: Option<String>,
    /// The end of the address at which this sign-in's browser is subscribed, to compare; `None` when it is not.
    pub subscribed: Option<String>,
    /// Whether e-mails can be sent.
    pub email: bool,
}

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertTest {
    Sent,
    /// This browser is not subscribed, or no mail server is set up.
    NotSetUp,
    /// The other side did not take it; the server's log says why.
    Failed,
}

/// Where a browser wants its messages, as `PushSubscription.toJSON()` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushSubscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}
