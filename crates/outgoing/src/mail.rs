//! E-mail by SMTP.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use crate::SendError;

/// For one command of the conversation with the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest subject; more would be cut by most programs.
const SUBJECT: usize = 120;

/// One e-mail, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// A mail server and whose name stands on the letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Whether this names a mail server: `smtps://user:password@host`, `smtp://…?tls=required`, or `smtp://host:port`.
pub fn mail_server(url: &str) -> bool {
    transport(url).is_some()
}

/// Whether letters can come from there.
pub fn mailbox(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

fn transport(url: &str) -> Option<lettre::transport::smtp::AsyncSmtpTransportBuilder> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok()
}

impl Mailer {
    /// `None` when one of the two is not what it should be. `from` may hold a name: `Deskbell <desk@example.com>`.
    pub fn new(server: &str, from: &str) -> Option<Self> {
        let server = transport(server)?.timeout(Some(PATIENCE)).build();
        Some(Self { server, from: from.parse().ok()? })
    }

    /// The bare address that letters come from.
    pub fn address(&self) -> String {
        self.from.email.to_string()
    }

    /// Headers are made from checked parts: control characters and line ends cannot stand in them.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let to: Mailbox = letter.to.parse().map_err(|_| SendError::Refused("no e-mail address".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(domain::one_line(&letter.subject, SUBJECT))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|cause| SendError::Refused(cause.to_string()))?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(cause) if cause.is_permanent() => Err(SendError::Refused(cause.to_string())),
            Err(cause) => Err(SendError::later(cause)),
        }
    }
}

#[cfg(test)]
mod tests;
