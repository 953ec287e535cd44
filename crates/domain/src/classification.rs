//! What agents note about a chat, during it and after (PRODUCT A5, A10).

use serde::{Deserialize, Serialize};

use crate::{FieldError, FieldProblem, one_line};

/// Longest tag, in characters.
pub const TAG_CHARS: usize = 40;

/// Most tags of one chat.
pub const MOST_TAGS: usize = 20;

/// Longest notes, in characters.
pub const NOTES_CHARS: usize = 5_000;

/// Most that a chat can be worth, in the currency's smallest unit: exact as a JavaScript number.
pub const MOST_VALUE: i64 = 9_007_199_254_740_991;

/// Of one chat.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Classification {
    /// `None`: nobody has said.
    pub qualified: Option<bool>,
    /// In order, each once; lower and upper case are the same.
    pub tags: Vec<String>,
    /// In the currency's smallest unit (cents).
    pub value: Option<i64>,
    /// Three capital letters (ISO 4217); empty while there is no value.
    pub currency: String,
    pub notes: String,
}

impl Classification {
    /// As it is kept, or everything that is wrong with it.
    pub fn checked(mut self) -> Result<Self, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut fault = |field, problem| wrong.push(FieldError { field, problem });
        let mut tags: Vec<String> = Vec::new();
        for tag in &self.tags {
            let tag = one_line(tag, TAG_CHARS + 1);
            if tag.chars().count() > TAG_CHARS {
                fault("tags", FieldProblem::TooLong);
            } else if !tag.is_empty() && !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
                tags.push(tag);
            }
        }
        if tags.len() > MOST_TAGS {
            fault("tags", FieldProblem::TooLong);
        }
        tags.sort_by_key(|tag| tag.to_lowercase());
        self.tags = tags;
        self.currency = self.currency.trim().to_ascii_uppercase();
        match self.value {
            None => self.currency.clear(),
            Some(value) if !(0..=MOST_VALUE).contains(&value) => fault("value", FieldProblem::Unknown),
            Some(_) if self.currency.len() != 3 || !self.currency.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                fault("currency", FieldProblem::Unknown);
            }
            Some(_) => {}
        }
        if self.notes.chars().count() > NOTES_CHARS {
            fault("notes", FieldProblem::TooLong);
        }
        if self.notes.trim().is_empty() {
            self.notes.clear();
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

/// An amount as people write it (`1.234,50`, `1,234.50`, `12`) in the smallest unit of a currency with two decimals;
/// `None` when it is none. A last separator with one or two digits after it begins the cents.
pub fn amount(text: &str) -> Option<i64> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{a0}' | '\u{202f}')).collect();
    let split = text.rfind(['.', ',']).filter(|at| (1..=2).contains(&(text.len() - at - 1)));
    let (whole, cents) = match split {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text.as_str(), ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(&whole) || !digits(cents) {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    let value = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
    (value <= MOST_VALUE).then_some(value)
}

/// The amount with two decimals and a point.
pub fn amount_text(value: i64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, value) in [
            ("12", Some(1_200)),
            ("12.5", Some(1_250)),
            ("1.234,50", Some(123_450)),
            ("1,234.50", Some(123_450)),
            ("1.234", Some(123_400)),
            ("1 234,05", Some(123_405)),
            ("0", Some(0)),
            ("", None),
            ("-5", None),
            ("five", None),
            (",50", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(amount(text), value, "{text:?}");
        }
        assert_eq!(amount_text(123_405), "1234.05");
        assert_eq!(amount(&amount_text(123_405)), Some(123_405));
    }

    #[test]
    fn tags_are_kept_once_and_in_order() {
        let tags = ["  Refund ", "billing", "refund", "", "A\u{202e}b"].map(str::to_owned).to_vec();
        let kept = Classification { tags, ..Classification::default() }.checked().expect("fine");
        assert_eq!(kept.tags[1..], ["billing".to_owned(), "Refund".to_owned()]);
        let many = (0..21).map(|n| n.to_string()).collect();
        let wrong = Classification { tags: many, ..Classification::default() }.checked();
        assert_eq!(wrong, Err(vec![FieldError { field: "tags", problem: FieldProblem::TooLong }]));
    }

    #[test]
    fn a_value_needs_a_currency() {
        let worth = |value, currency: &str| {
            Classification { value, currency: currency.into(), ..Classification::default() }.checked()
        };
        assert_eq!(worth(Some(5), "eur").map(|kept| kept.currency), Ok("EUR".to_owned()));
        assert_eq!(worth(None, "EUR").map(|kept| kept.currency), Ok(String::new()));
        assert!(worth(Some(5), "Euro").is_err());
        assert!(worth(Some(-1), "EUR").is_err());
    }
}
