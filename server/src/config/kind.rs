//! The kinds of values: what each accepts, from a file as TOML and from the environment and flags as text.

use std::net::SocketAddr;

use toml::Value;
use tracing_subscriber::EnvFilter;

use super::types::{self, Database, FileStore};
use crate::origin::Origin;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// IP address and port.
    Address,
    /// The same; or empty.
    AddressOrNone,
    Folder,
    Database,
    /// A mail server's address; or empty.
    MailServer,
    /// An e-mail address, with or without a name; or empty.
    Mailbox,
    /// Scheme, host and port; or empty.
    Origin,
    /// A list of networks.
    Networks,
    Level,
    /// Anything on one line.
    Text,
    /// A bucket; or empty.
    FileStore,
    /// `host:port` or `unix:/path`; or empty.
    Scanner,
    Switch,
    Whole {
        least: i64,
        most: i64,
    },
    Number {
        least: f64,
        most: f64,
    },
}

impl Kind {
    /// What to write, for a message: "… must be …".
    pub fn expected(self) -> String {
        match self {
            Self::Address => "an IP address with a port, such as \"127.0.0.1:3000\"".into(),
            Self::AddressOrNone => "empty, or an IP address with a port, such as \"127.0.0.1:9464\"".into(),
            Self::Folder => "the path of a folder".into(),
            Self::Database => "empty, or \"postgres://user:password@host/database\"".into(),
            Self::Origin => "empty, or an address without a path, such as \"https://desk.example.com\"".into(),
            Self::MailServer => "empty, or \"smtps://user:password@host\", or \"smtp://host:25\"".into(),
            Self::Mailbox => "empty, or an e-mail address, such as \"Deskbell <desk@example.com>\"".into(),
            Self::Networks => "a list of networks, such as [\"10.0.0.0/8\", \"::1\"]".into(),
            Self::Level => "error, warn, info, debug or trace, or directives such as \"info,store=debug\"".into(),
            Self::Text => "a text on one line".into(),
            Self::FileStore => "empty, or \"s3://bucket/prefix\"".into(),
            Self::Scanner => "empty, \"host:port\" or \"unix:/path/of/socket\"".into(),
            Self::Switch => "true or false".into(),
            Self::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Self::Number { least, most } => format!("a number from {least} to {most}"),
        }
    }

    /// The value in its one form, or `None` when it is not of this kind.
    pub fn accept(self, value: Value) -> Option<Value> {
        match (self, value) {
            (Self::Networks, Value::Array(list)) => {
                let texts =
                    list.iter().map(|item| item.as_str().and_then(types::network)).collect::<Option<Vec<_>>>()?;
                Some(texts.into_iter().map(|net| Value::String(net.to_string())).collect::<Vec<_>>().into())
            }
            (Self::Switch, value @ Value::Boolean(_)) => Some(value),
            (Self::Whole { least, most }, Value::Integer(number)) => {
                (least..=most).contains(&number).then_some(Value::Integer(number))
            }
            #[expect(clippy::cast_precision_loss, reason = "bounds lie far below 2^53")]
            (Self::Number { .. }, Value::Integer(number)) => self.accept(Value::Float(number as f64)),
            (Self::Number { least, most }, Value::Float(number)) => {
                (least..=most).contains(&number).then_some(Value::Float(number))
            }
            (_, Value::String(text)) if self.accepts_text(&text) => Some(Value::String(text)),
            _ => None,
        }
    }

    /// The same from the environment or a flag.
    pub fn accept_text(self, text: &str) -> Option<Value> {
        let value = match self {
            Self::Networks => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
            }
            Self::Switch => match text {
                "true" | "1" => Value::Boolean(true),
                "false" | "0" => Value::Boolean(false),
                _ => return None,
            },
            Self::Whole { .. } => Value::Integer(text.parse().ok()?),
            Self::Number { .. } => Value::Float(text.parse().ok()?),
            _ => Value::String(text.to_owned()),
        };
        self.accept(value)
    }

    fn accepts_text(self, text: &str) -> bool {
        match self {
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::AddressOrNone => text.is_empty() || text.parse::<SocketAddr>().is_ok(),
            Self::Folder => !text.is_empty(),
            Self::Database => Database::is_valid(text),
            Self::Origin => text.is_empty() || text.parse::<Origin>().is_ok(),
            Self::MailServer => text.is_empty() || outgoing::mail_server(text),
            Self::Mailbox => text.is_empty() || outgoing::mailbox(text),
            Self::Level => !text.is_empty() && EnvFilter::builder().parse(text).is_ok(),
            Self::Text => !text.contains(char::is_control),
            Self::FileStore => FileStore::parse(text).is_some(),
            Self::Scanner => text.is_empty() || types::scanner(text).is_some(),
            Self::Networks | Self::Switch | Self::Whole { .. } | Self::Number { .. } => false,
        }
    }
}
