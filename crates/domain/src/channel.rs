//! How the two sides of a session reach each other (PRODUCT V12), and what became of letters.

use serde::{Deserialize, Serialize};

/// Chosen when the session begins; it stays through all its episodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The visitor sits in front of the widget: it rings, waits and runs out.
    #[default]
    Chat,
    /// The visitor has left a message and is answered by e-mail: nothing of it rings or runs out, and whoever has it keeps
    /// it until it is answered.
    Email,
}

/// What is sent to a visitor by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// The chat, to keep (PRODUCT V8, V11).
    Transcript,
    /// What agents have written in a session of [`Channel::Email`].
    Answer,
}

/// What became of a letter when it was handed over to the mail server (PRODUCT V11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// The mail server has taken it.
    Sent,
    /// The mail server has said that it will never take it: the address is wrong, or the recipient refuses.
    Bounced,
    /// It could not be handed over for as long as it was tried.
    Failed,
}

impl Channel {
    /// The name on every wire and in both databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Email => "email",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Chat, Self::Email].into_iter().find(|channel| channel.name() == name)
    }
}

impl LetterKind {
    /// The name in both databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transcript => "transcript",
            Self::Answer => "answer",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Transcript, Self::Answer].into_iter().find(|kind| kind.name() == name)
    }
}

impl Handover {
    /// The name in both databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
        }
    }
}
