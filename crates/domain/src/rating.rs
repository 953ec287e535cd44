//! A visitor's judgement of a chat (PRODUCT V9).

use serde::{Deserialize, Serialize};

use crate::Span;

/// A rating can be changed for 14 days after the chat's end (issue on the widget; PRODUCT V9 "for a while").
pub const RATING_OPEN: Span = Span::seconds(14 * 24 * 3600);

/// Most characters of a rating's words.
pub const RATING_WORDS: usize = 2_000;

/// One to five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Stars(u8);

/// Not a number from 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StarsError;

impl std::fmt::Display for StarsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stars go from 1 to 5")
    }
}

impl TryFrom<u8> for Stars {
    type Error = StarsError;

    fn try_from(stars: u8) -> Result<Self, StarsError> {
        if (1..=5).contains(&stars) { Ok(Self(stars)) } else { Err(StarsError) }
    }
}

impl From<Stars> for u8 {
    fn from(stars: Stars) -> Self {
        stars.0
    }
}
