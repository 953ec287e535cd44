//! E-mail by SMTP.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp,
};

use crate::SendError;

/// For one command of the conversation with the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest subject; more would be cut by most programs.
const SUBJECT: usize = 120;

/// One e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// The same as a page; the reader's program shows the one or the other.
    pub html: Option<String>,
    /// What it is about: letters of the same thread stand together in the reader's mailbox. Letters, digits and dashes.
    pub thread: Option<String>,
}

/// Says that no person wrote it, so that nobody's holiday notice answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
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
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(domain::one_line(&letter.subject, SUBJECT))
            .header(AutoSubmitted);
        if let Some(thread) = &letter.thread {
            let id = format!("<{thread}@{}>", self.from.email.domain());
            message = message.in_reply_to(id.clone()).references(id);
        }
        let message = match &letter.html {
            Some(html) => message.multipart(MultiPart::alternative_plain_html(letter.text.clone(), html.clone())),
            None => message.header(ContentType::TEXT_PLAIN).body(letter.text.clone()),
        };
        let message = message.map_err(|cause| SendError::Refused(cause.to_string()))?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(cause) if cause.is_permanent() && !ours(&cause) => Err(SendError::Refused(cause.to_string())),
            Err(cause) => Err(SendError::later(cause)),
        }
    }
}

/// The server refuses us, and not the letter: our password is wrong, or it wants encryption (RFC 4954, section 6).
fn ours(cause: &smtp::Error) -> bool {
    cause.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

#[cfg(test)]
mod tests;
