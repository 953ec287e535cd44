//! What a field holds, and when that is right: checked by these functions in the visitor's browser and again on the server.

use serde::{Deserialize, Serialize};

use crate::{
    FieldProblem, TextError, message_text, one_line,
    text::{characters, shows},
};

/// Most characters of an answer of one line; of a name fewer.
const LINE: usize = 300;
const NAME: usize = 100;

/// Most characters of a long answer other than the question, which is a message.
const LONG: usize = 2_000;

/// What a checked box is kept as.
pub const YES: &str = "yes";

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    LongText,
    Email,
    Phone,
    /// One of the field's options.
    Choice,
    Checkbox,
    /// A box that has to be checked before anything is sent (PRODUCT V18).
    Consent,
    /// The visitor's name.
    Name,
    /// What the chat begins with.
    Question,
}

impl FieldKind {
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::LongText,
        Self::Email,
        Self::Phone,
        Self::Choice,
        Self::Checkbox,
        Self::Consent,
        Self::Name,
        Self::Question,
    ];

    /// As in JSON, and in the markup of the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Choice => "choice",
            Self::Checkbox => "checkbox",
            Self::Consent => "consent",
            Self::Name => "name",
            Self::Question => "question",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is always needed, whatever the form says.
    pub const fn always_required(self) -> bool {
        matches!(self, Self::Question | Self::Consent)
    }

    /// The answer as it is kept, empty when nothing was said. Whether it is one of a choice's options is for
    /// [`crate::Form::check`] to say, which has them.
    pub fn check(self, required: bool, raw: &str) -> Result<String, FieldProblem> {
        let kept = match self {
            Self::Text | Self::Choice => line(raw, LINE)?,
            Self::Name => line(raw, NAME)?,
            Self::LongText => text(raw, LONG)?,
            Self::Question => text(raw, usize::MAX)?,
            Self::Email => {
                let address = raw.trim();
                if !address.is_empty() && !plausible_email(address) {
                    return Err(FieldProblem::NotAnEmail);
                }
                address.to_owned()
            }
            Self::Phone => {
                let number = line(raw, LINE)?;
                if !number.is_empty() && !plausible_phone(&number) {
                    return Err(FieldProblem::NotAPhone);
                }
                number
            }
            Self::Checkbox | Self::Consent => if raw == YES { YES } else { "" }.to_owned(),
        };
        if kept.is_empty() && (required || self.always_required()) { Err(FieldProblem::Missing) } else { Ok(kept) }
    }
}

fn line(raw: &str, most: usize) -> Result<String, FieldProblem> {
    let line = one_line(raw, most + 1);
    match characters(&line) {
        long if long > most => Err(FieldProblem::TooLong),
        _ if line.chars().any(shows) => Ok(line),
        _ => Ok(String::new()),
    }
}

fn text(raw: &str, most: usize) -> Result<String, FieldProblem> {
    match message_text(raw) {
        Ok(text) if characters(&text) <= most => Ok(text),
        Ok(_) | Err(TextError::TooLong) => Err(FieldProblem::TooLong),
        Err(TextError::Empty) => Ok(String::new()),
    }
}

/// Whether mail could reach this: one `@`, something before it, a dotted domain after it, nothing that is not seen or that turns
/// the writing direction, at most 254 bytes (RFC 5321). More than that only sending can tell.
pub fn plausible_email(address: &str) -> bool {
    // On bytes, because searching texts for characters weighs two kilobytes in the browser.
    let mut sides = address.as_bytes().split(|&byte| byte == b'@');
    let (Some(local), Some(host), None) = (sides.next(), sides.next(), sides.next()) else { return false };
    let never = |c: char| matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '\\' | '"' | '[' | ']');
    let labels = || host.split(|&byte| byte == b'.');
    address.len() <= 254
        && matches!(local.len(), 1..=64)
        && !address.chars().any(|c| !shows(c) || c.is_control() || never(c))
        && host.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(byte) || !byte.is_ascii())
        && labels().nth(1).is_some()
        && labels().all(|label| matches!(label.len(), 1..=63) && !label.starts_with(b"-") && !label.ends_with(b"-"))
}

/// Whether a telephone could reach this: 5 to 15 digits (E.164 has at most 15), a plus at the beginning or none, and
/// otherwise only what people put between digits.
pub fn plausible_phone(number: &str) -> bool {
    let rest = number.as_bytes().strip_prefix(b"+").unwrap_or(number.as_bytes());
    let digits = rest.iter().filter(|byte| byte.is_ascii_digit()).count();
    (5..=15).contains(&digits) && rest.iter().all(|byte| byte.is_ascii_digit() || b" -./()".contains(byte))
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
                .into_iter()
                .chain(["a@shop.example?bcc=x%40evil.example", "a@b\u{202E}.de", "a\u{200B}@b.de"])
        {
            assert!(!plausible_email(bad), "{bad}");
        }
    }

    #[test]
    fn numbers() {
        for good in ["+49 30 1234567", "(030) 123-456", "110 11", "+1.415.555.0100"] {
            assert!(plausible_phone(good), "{good}");
        }
        for bad in ["", "1234", "call me", "+49 30 12+34", "1234567890123456", "30 123\n456"] {
            assert!(!plausible_phone(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_kept_of_each_kind() {
        use FieldKind::{Checkbox, Choice, Consent, Email, LongText, Name, Phone, Question, Text};
        let kept = |kind: FieldKind, raw: &str| kind.check(false, raw);
        assert_eq!(kept(Text, " a\nb "), Ok("a b".to_owned()));
        assert_eq!(kept(LongText, " a\nb "), Ok("a\nb".to_owned()));
        assert_eq!(kept(Name, &"n".repeat(101)), Err(FieldProblem::TooLong));
        assert_eq!(kept(LongText, &"n".repeat(2_001)), Err(FieldProblem::TooLong));
        assert_eq!(kept(Email, "lena@"), Err(FieldProblem::NotAnEmail));
        assert_eq!(kept(Phone, "soon"), Err(FieldProblem::NotAPhone));
        assert_eq!(kept(Checkbox, "on"), Ok(String::new()));
        for kind in FieldKind::ALL {
            assert_eq!(FieldKind::from_name(kind.name()), Some(kind));
            let nothing = if kind.always_required() { Err(FieldProblem::Missing) } else { Ok(String::new()) };
            let blank = if kind == Email { " " } else { " \u{200B} " };
            assert_eq!(kept(kind, blank), nothing, "{kind:?}");
            assert_eq!(kind.check(true, ""), Err(FieldProblem::Missing));
        }
        assert_eq!(
            (kept(Consent, YES), kept(Question, "Hi"), kept(Choice, "Red")),
            (Ok(YES.into()), Ok("Hi".into()), Ok("Red".into()))
        );
    }
}
