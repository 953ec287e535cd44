//! "/" and what is typed after it: which macros are meant.

use domain::{MacroOwner, QueueId};
use wire::composer::Macro;

/// Longer than this it is a sentence.
const LONGEST: usize = 40;

/// Most macros in the list.
const MOST: usize = 50;

/// A slash before the cursor, and what stands between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slash {
    /// Bytes.
    pub at: usize,
    pub query: String,
}

impl Slash {
    /// The slash that begins a word before the cursor (bytes), on the same line.
    pub fn before(text: &str, cursor: usize) -> Option<Self> {
        let before = text.get(..cursor)?;
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let at = before[line..]
            .match_indices('/')
            .map(|(at, _)| line + at)
            .rfind(|at| before[..*at].chars().next_back().is_none_or(char::is_whitespace))?;
        let query = &before[at + 1..];
        let meant = query.chars().count() <= LONGEST && !query.starts_with(char::is_whitespace) && !query.contains('/');
        meant.then(|| Self { at, query: query.to_owned() })
    }

    /// Whether one may still be looking for a macro although none is found: not when there are several words.
    pub fn may_be_one(&self) -> bool {
        !self.query.contains(char::is_whitespace)
    }
}

/// Those that fit what is typed, best first: by how their title begins, then those of the chat's queue, then by title.
pub fn matching(macros: &[Macro], query: &str, queue: Option<QueueId>) -> Vec<Macro> {
    let query = query.trim().to_lowercase();
    let rank = |one: &Macro| {
        let title = one.title.to_lowercase();
        let fit = if title.starts_with(&query) {
            0
        } else if title.split_whitespace().any(|word| word.starts_with(&query)) {
            1
        } else if title.contains(&query) {
            2
        } else if one.text.to_lowercase().contains(&query) {
            3
        } else {
            return None;
        };
        let near = match one.owner {
            MacroOwner::Queue(of) if Some(of) == queue => 0,
            MacroOwner::Agent(_) => 1,
            MacroOwner::Everyone => 2,
            MacroOwner::Queue(_) => 3,
        };
        Some((fit, near, title))
    };
    let mut found: Vec<_> = macros.iter().filter_map(|one| Some((rank(one)?, one))).collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.into_iter().take(MOST).map(|(_, one)| one.clone()).collect()
}

#[cfg(test)]
mod tests {
    use domain::MacroId;
    use uuid::Uuid;

    use super::*;

    fn found(text: &str) -> Option<(usize, String)> {
        let cursor = text.find('|').expect("a cursor");
        Slash::before(&text.replace('|', ""), cursor).map(|slash| (slash.at, slash.query))
    }

    #[test]
    fn a_slash_counts_where_a_word_begins() {
        assert_eq!(found("/|"), Some((0, String::new())));
        assert_eq!(found("Grüße /gre|et"), Some((8, "gre".into())));
        assert_eq!(found("a\n/back in|"), Some((2, "back in".into())));
        for none in ["and/or|", "https://a|", "/a\nb|", "/ a|", "|/a", "/a/b|"] {
            assert_eq!(found(none), None, "{none}");
        }
        assert_eq!(found(&format!("/{}|", "x".repeat(41))), None);
    }

    #[test]
    fn the_best_fit_comes_first_and_the_chats_queue_before_others() {
        let queue = |n| MacroOwner::Queue(QueueId::from_uuid(Uuid::from_u128(n)));
        let one = |n, owner, title: &str, text: &str| Macro {
            id: MacroId::from_uuid(Uuid::from_u128(n)),
            owner,
            title: title.into(),
            text: text.into(),
        };
        let macros = [
            one(1, MacroOwner::Everyone, "Thanks", "We will look into the refund."),
            one(2, MacroOwner::Everyone, "No refund", ""),
            one(3, queue(2), "Refund B", ""),
            one(4, queue(1), "Refund C", ""),
            one(5, MacroOwner::Everyone, "prerefund", ""),
            one(6, MacroOwner::Everyone, "Else", ""),
        ];
        let chat = Some(QueueId::from_uuid(Uuid::from_u128(1)));
        let titles = |query| matching(&macros, query, chat).into_iter().map(|one| one.title).collect::<Vec<_>>();
        assert_eq!(titles("REF"), ["Refund C", "Refund B", "No refund", "prerefund", "Thanks"]);
        assert_eq!(titles("").len(), 6);
        assert!(titles("nothing like it").is_empty());
    }
}
