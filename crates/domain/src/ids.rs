//! One newtype per id, so that a queue can never be passed where a session is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The text was not a lower-case hyphenated UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a UUID")
    }
}

impl std::error::Error for IdError {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a UUID")
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(|_| E::custom("not a UUID"))
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    )*};
}

ids! {
    /// A person who works in the dashboard.
    AgentId;
    /// A file on its way into a chat, or in one.
    AttachmentId;
    /// Made by a client for one thing it wants done, from at least 122 random bits; unique per author. A repeat of
    /// the same id gets the first answer again.
    ClientId;
    /// The person behind one or more visitors.
    ContactId;
    /// One rule of the guard.
    GuardId;
    /// One reply template.
    MacroId;
    /// Where chats wait for an agent.
    QueueId;
    /// One rating. Anonymous ones are tied to nothing else.
    RatingId;
    /// One secret with which a site's server signs who its visitors are.
    SecretId;
    /// One chat, through all its episodes.
    SessionId;
    /// One sign-in of an agent in one browser (never called a session: that is a chat).
    SignInId;
    /// One widget installation.
    SiteId;
    /// One browser on one site.
    VisitorId;
}
