//! Guarded words: what is not to be sent unseen. The same check runs while one types and again on the server.

mod numbers;
#[cfg(feature = "places")]
mod place;
#[cfg(test)]
mod tests;
mod words;

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

pub use self::numbers::mask_cards;
use self::words::Words;
use crate::{Fault, FieldProblem, GuardId, MAX_BYTES};

#[cfg(feature = "places")]
pub use place::check_expression;

/// Most characters of a rule's name.
pub const GUARD_NAME: usize = 60;

/// Most characters of the reason that is shown.
pub const GUARD_REASON: usize = 200;

/// Most rules there may be: each is tried on every key press.
pub const GUARD_RULES: usize = 50;

/// Most words of one rule, and most characters of each.
pub const GUARD_WORDS: usize = 200;
pub const GUARD_WORD: usize = 60;

/// Most characters of an expression.
pub const EXPRESSION: usize = 300;

/// Most bytes of a compiled expression. The time of a search is at most this times the text times [`MOST_HITS`]: `regex-lite`
/// never goes back, but looks for each hit anew.
const COMPILED: usize = 32 * 1024;

/// Most hits of one rule in one text; more say nothing new.
const MOST_HITS: usize = 20;

/// What a rule looks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardPattern {
    /// Whole words or phrases, in any case of letters.
    Words(Vec<String>),
    /// Payment cards: 13 to 19 digits of a known length and beginning, with a valid checksum (ISO/IEC 7812).
    Card,
    /// United States social security numbers, written in groups.
    SocialSecurity,
    /// An own expression, in the syntax of `regex-lite`.
    Expression(String),
}

/// One rule of the admin's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GuardRule {
    pub id: GuardId,
    pub name: String,
    /// Why, for whoever is stopped by it; may be empty.
    pub reason: String,
    pub pattern: GuardPattern,
    /// Rules may rest.
    pub on: bool,
}

/// Where a rule found something: bytes of the text, on borders of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub rule: GuardId,
    pub from: u32,
    pub to: u32,
}

/// Rules made ready.
#[derive(Debug, Default)]
pub struct Guard(Vec<(GuardRule, Ready)>);

#[derive(Debug)]
enum Ready {
    Words(Words),
    Card,
    SocialSecurity,
    Expression(Regex),
}

impl Guard {
    /// Rules that rest are left out, and so are expressions that cannot be compiled: [`check_pattern`] lets none through.
    pub fn of(rules: impl IntoIterator<Item = GuardRule>) -> Self {
        let ready = |rule: GuardRule| {
            let ready = match &rule.pattern {
                GuardPattern::Words(words) => Ready::Words(Words::new(words)),
                GuardPattern::Card => Ready::Card,
                GuardPattern::SocialSecurity => Ready::SocialSecurity,
                GuardPattern::Expression(source) => Ready::Expression(compile(source)?),
            };
            Some((rule, ready))
        };
        Self(rules.into_iter().filter(|rule| rule.on).filter_map(ready).collect())
    }

    pub fn rules(&self) -> impl Iterator<Item = &GuardRule> {
        self.0.iter().map(|(rule, _)| rule)
    }

    pub fn rule(&self, id: GuardId) -> Option<&GuardRule> {
        self.rules().find(|rule| rule.id == id)
    }

    /// Everything that is found, in the order of the text. What is longer than a message may be is not looked at.
    pub fn check(&self, text: &str) -> Vec<Hit> {
        let text = bounded(text);
        let mut hits = Vec::new();
        for (rule, ready) in &self.0 {
            let places = match ready {
                Ready::Words(words) => words.find(text, MOST_HITS),
                Ready::Card => numbers::cards(text, MOST_HITS),
                Ready::SocialSecurity => numbers::social_security(text, MOST_HITS),
                Ready::Expression(regex) => {
                    let found = regex.find_iter(text).filter(|found| !found.is_empty());
                    found.take(MOST_HITS).map(|found| found.range()).collect()
                }
            };
            // Texts are at most MAX_BYTES long.
            let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            hits.extend(places.into_iter().map(|place| Hit {
                rule: rule.id,
                from: short(place.start),
                to: short(place.end),
            }));
        }
        hits.sort_by_key(|hit| (hit.from, hit.to));
        hits
    }
}

/// The pattern as it is kept, or what is wrong with it. Of an expression only that it is wrong: `check_expression`
/// (feature `places`) says where.
pub fn check_pattern(pattern: GuardPattern) -> Result<GuardPattern, FieldProblem> {
    match pattern {
        GuardPattern::Words(words) => {
            let words: Vec<String> = words
                .iter()
                .map(|word| crate::one_line(word, GUARD_WORD + 1))
                .filter(|word| !word.is_empty())
                .collect();
            if words.is_empty() {
                return Err(FieldProblem::Missing);
            }
            if words.len() > GUARD_WORDS || words.iter().any(|word| word.chars().count() > GUARD_WORD) {
                return Err(FieldProblem::TooLong);
            }
            Ok(GuardPattern::Words(words))
        }
        GuardPattern::Expression(source) => {
            if source.trim().is_empty() {
                return Err(FieldProblem::Missing);
            }
            if source.chars().count() > EXPRESSION {
                return Err(FieldProblem::TooLong);
            }
            let whole = |fault| FieldProblem::at(&(0..source.len()), fault);
            match compile(&source) {
                None => Err(whole(Fault::Malformed)),
                Some(regex) if regex.is_match("") => Err(whole(Fault::MatchesNothing)),
                Some(_) => Ok(GuardPattern::Expression(source)),
            }
        }
        pattern @ (GuardPattern::Card | GuardPattern::SocialSecurity) => Ok(pattern),
    }
}

fn compile(source: &str) -> Option<Regex> {
    RegexBuilder::new(source).size_limit(COMPILED).build().ok()
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}
