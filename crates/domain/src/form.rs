//! The pre-chat form: name, e-mail, question. Checked by these functions in the browser and again on the server.

use serde::{Deserialize, Serialize};

use crate::{MAX_CHARS, TextError, message_text, one_line, text::characters};

/// What a visitor filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answers {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub question: String,
}

/// A page the visitor looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageVisit {
    /// Without its fragment; at most 500 characters are kept.
    pub url: String,
    #[serde(default)]
    pub title: String,
}

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

/// The answers as they are kept, or everything that is wrong with them. Name and e-mail may be left out; the question
/// may not.
pub fn check_answers(raw: &Answers) -> Result<Answers, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let name = one_line(&raw.name, 101);
    if characters(&name) > 100 {
        wrong.push(FieldError { field: "name", problem: FieldProblem::TooLong });
    }
    let email = raw.email.trim().to_owned();
    if !email.is_empty() && !plausible_email(&email) {
        wrong.push(FieldError { field: "email", problem: FieldProblem::NotAnEmail });
    }
    let question = message_text(&raw.question).unwrap_or_else(|error| {
        let problem = match error {
            TextError::Empty => FieldProblem::Missing,
            TextError::TooLong => FieldProblem::TooLong,
        };
        wrong.push(FieldError { field: "question", problem });
        String::new()
    });
    debug_assert!(question.len() <= 4 * MAX_CHARS, "checked by message_text");
    if wrong.is_empty() { Ok(Answers { name, email, question }) } else { Err(wrong) }
}

/// Whether mail could reach this: one `@`, something before it, a dotted domain after it, no blanks or control
/// characters, at most 254 bytes (RFC 5321). More than that only sending can tell.
pub fn plausible_email(address: &str) -> bool {
    // On bytes, because searching texts for characters weighs two kilobytes in the browser.
    let mut sides = address.as_bytes().split(|&byte| byte == b'@');
    let (Some(local), Some(host), None) = (sides.next(), sides.next(), sides.next()) else { return false };
    let never = |c: char| matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '\\' | '"' | '[' | ']');
    let labels = || host.split(|&byte| byte == b'.');
    address.len() <= 254
        && matches!(local.len(), 1..=64)
        && !address.chars().any(|c| c.is_whitespace() || c.is_control() || never(c))
        && labels().nth(1).is_some()
        && labels().all(|label| matches!(label.len(), 1..=63) && !label.starts_with(b"-") && !label.ends_with(b"-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["lena.s@example.org", "a+b@x.co", "ü@exämple.de"] {
            assert!(plausible_email(good), "{good}");
        }
        for bad in
            ["lena.s@", "@x.de", "a b@x.de", "a@x", "a@.de", "a@x..de", "a@b@c.de", "x@y.z\nBcc: q@r.s", "<a@b.c>"]
        {
            assert!(!plausible_email(bad), "{bad}");
        }
    }

    #[test]
    fn only_the_question_is_needed_and_every_fault_is_named() {
        let answers = Answers { question: " Hi ".into(), ..Answers::default() };
        assert_eq!(check_answers(&answers).map(|kept| kept.question), Ok("Hi".into()));
        let wrong = Answers { name: "n".repeat(200), email: "no".into(), question: String::new() };
        let fields: Vec<_> = check_answers(&wrong).err().into_iter().flatten().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "email", "question"]);
    }
}
