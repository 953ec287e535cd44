//! What agents note about a chat, during it and after (PRODUCT A5, A10).

use serde::{Deserialize, Serialize};

use crate::{FieldError, FieldProblem, currency, one_line};

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
    /// In the currency's smallest unit: cents of a euro, whole yen ([`currency::decimals`]).
    pub value: Option<i64>,
    /// Code of ISO 4217, three capital letters; empty while there is no value.
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
            } else if !tag.is_empty() && !holds(&tags, &tag) {
                tags.push(tag);
            }
        }
        if tags.len() > MOST_TAGS {
            fault("tags", FieldProblem::TooLong);
        }
        sort(&mut tags);
        self.tags = tags;
        self.currency = self.currency.trim().to_ascii_uppercase();
        match self.value {
            None => self.currency.clear(),
            Some(value) if !(0..=MOST_VALUE).contains(&value) => fault("value", FieldProblem::Unknown),
            Some(_) if !currency::known(&self.currency) => fault("currency", FieldProblem::Unknown),
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

    /// What two people made of the same `base`, together; `None` when both changed the same thing to something else, and
    /// somebody has to choose. Tags never stand against each other: what either added is there, what either took away is not.
    pub fn merged(base: &Self, mine: &Self, theirs: &Self) -> Option<Self> {
        fn either<'a, T: PartialEq + ?Sized>(base: &T, mine: &'a T, theirs: &'a T) -> Option<&'a T> {
            if mine == base || mine == theirs { Some(theirs) } else { (theirs == base).then_some(mine) }
        }
        let worth = |of: &Self| (of.value, of.currency.clone());
        let (value, currency) = either(&worth(base), &worth(mine), &worth(theirs))?.clone();
        let mut tags: Vec<String> =
            theirs.tags.iter().filter(|tag| holds(&mine.tags, tag) || !holds(&base.tags, tag)).cloned().collect();
        for added in mine.tags.iter().filter(|tag| !holds(&base.tags, tag)) {
            if !holds(&tags, added) {
                tags.push(added.clone());
            }
        }
        sort(&mut tags);
        Some(Self {
            qualified: *either(&base.qualified, &mine.qualified, &theirs.qualified)?,
            tags,
            value,
            currency,
            notes: either(&base.notes, &mine.notes, &theirs.notes)?.clone(),
        })
    }
}

/// Whether the tag is among these, however its letters are written.
pub fn holds(tags: &[String], tag: &str) -> bool {
    tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase())
}

fn sort(tags: &mut [String]) {
    tags.sort_by_key(|tag| tag.to_lowercase());
}

/// An amount as people write it (`1.234,50`, `1,234.50`, `12`) in the smallest unit of a currency with so many
/// decimals; `None` when it is none. A last separator with at most that many digits after it begins the fraction.
pub fn amount(text: &str, decimals: u32) -> Option<i64> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}')).collect();
    let decimals = decimals as usize;
    let split = text.rfind(['.', ',']).filter(|at| (1..=decimals).contains(&(text.len() - at - 1)));
    let (whole, part) = match split {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text.as_str(), ""),
    };
    // What separates thousands stands before three digits each time: `1.2.3` is no amount.
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3);
    if groups[0].is_empty() || !grouped || !groups.iter().copied().all(digits) || !digits(part) {
        return None;
    }
    let value: i64 = format!("{}{part:0<decimals$}", groups.concat()).parse().ok()?;
    (value <= MOST_VALUE).then_some(value)
}

/// The amount with a point before its decimals.
pub fn amount_text(value: i64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals);
    match decimals as usize {
        0 => value.to_string(),
        width => format!("{}.{:0width$}", value / unit, value % unit),
    }
}

#[cfg(test)]
mod tests;
