//! What leaves this server for somebody else's: Web Push messages and e-mails.
//!
//! Never here: who is told what, and when (that is `services`); anything kept. Addresses that others chose, such as a
//! browser's push service, go through [`Http`], which refuses private addresses; the mail server is the admin's choice.
//!
//! To add another kind: a file with one `send`, which answers with [`SendError`] so that the outbox knows what to do.

mod address;
mod http;
mod mail;
mod push;

pub use address::public;
pub use http::Http;
pub use mail::{Letter, Mailer, mail_server, mailbox};
pub use push::{Keys, Push, Recipient, RecipientError, Urgency};

/// Why something was not sent, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The recipient is no more: forget it.
    #[error("gone: {0}")]
    Gone(String),
    /// It will never be taken: drop it, keep the recipient.
    #[error("refused: {0}")]
    Refused(String),
    /// It may be taken later.
    #[error("not now: {what}")]
    Later {
        what: String,
        /// Seconds that the other side asks for.
        after: Option<u32>,
    },
}

impl SendError {
    #[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
    pub(crate) fn later(what: impl ToString) -> Self {
        Self::Later { what: what.to_string(), after: None }
    }
}
