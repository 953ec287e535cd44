//! What can be wrong with what somebody filled in: the same words for every form, of visitors and of staff.

use serde::{Deserialize, Serialize};

/// One thing to mend, tied to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// As the form names it.
    pub field: &'static str,
    pub problem: FieldProblem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    Missing,
    TooLong,
    /// Not an address that mail could reach.
    NotAnEmail,
    /// Not a number that a telephone could reach.
    NotAPhone,
    /// A password of too few characters.
    TooShort,
    /// Not something that this server knows, or not of the right type.
    Unknown,
    /// A number outside its range.
    OutOfRange {
        min: u32,
        max: u32,
    },
    /// Openings that end before they begin, or overlap.
    BadHours,
    /// Not a date of the form `YYYY-MM-DD`.
    BadDate,
    /// Chats would be closed before their visitor was asked.
    NotAfterSilence,
    /// The same one stands there already.
    Twice,
    /// It held until a moment that is over.
    Expired,
    /// It would hold for longer than may be.
    TooFar,
    /// More of them than may be.
    TooMany,
    /// Wrong at this place: bytes of the field's text, on borders of characters.
    At {
        from: u32,
        to: u32,
        fault: Fault,
    },
}

/// What is wrong at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A template speaks of something that there is not.
    UnknownVariable,
    /// Something is opened and not closed, or closed and not opened.
    Unclosed,
    NothingToRepeat,
    UnknownEscape,
    /// A range or count whose end comes before its beginning.
    BadRange,
    /// Right elsewhere, but not part of the syntax here.
    Unsupported,
    /// An expression that would take too much memory or time.
    TooLarge,
    /// An expression that is met by nothing at all, so everywhere.
    MatchesNothing,
    /// Wrong in some other way.
    Malformed,
}

impl FieldProblem {
    /// Wrong at this place, in bytes.
    pub fn at(place: &std::ops::Range<usize>, fault: Fault) -> Self {
        // Fields are far shorter than 4 GB.
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self::At { from: short(place.start), to: short(place.end), fault }
    }
}
