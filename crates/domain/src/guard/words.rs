//! Whole words and phrases, in any case of letters.

use std::ops::Range;

/// In lower case, white space as one blank.
#[derive(Debug)]
pub struct Words(Vec<Vec<char>>);

impl Words {
    pub fn new(words: &[String]) -> Self {
        let lower = |word: &String| -> Vec<char> {
            let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
            word.chars().flat_map(char::to_lowercase).collect()
        };
        let mut words: Vec<_> = words.iter().map(lower).filter(|word| !word.is_empty()).collect();
        // Of two that begin alike the longer one is meant.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self(words)
    }

    pub fn find(&self, text: &str, most: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut before = None;
        let mut free = 0;
        for (at, c) in text.char_indices() {
            if at >= free
                && found.len() < most
                && let Some(length) = self.0.iter().find_map(|word| {
                    let length = starts(&text[at..], word)?;
                    let alone = !inside_word(before, Some(c)) && {
                        let mut ends = text[..at + length].chars().rev();
                        !inside_word(ends.next(), text[at + length..].chars().next())
                    };
                    alone.then_some(length)
                })
            {
                found.push(at..at + length);
                free = at + length;
            }
            before = Some(c);
        }
        found
    }
}

/// The bytes that the word takes at the beginning of the text.
fn starts(text: &str, word: &[char]) -> Option<usize> {
    let (mut used, mut matched) = (0, 0);
    while matched < word.len() {
        let c = text[used..].chars().next()?;
        if word[matched] == ' ' {
            let gap: usize = text[used..].chars().take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
            if gap == 0 {
                return None;
            }
            used += gap;
            matched += 1;
            continue;
        }
        for lower in c.to_lowercase() {
            if word.get(matched) != Some(&lower) {
                return None;
            }
            matched += 1;
        }
        used += c.len_utf8();
    }
    Some(used)
}

/// Whether two neighbours belong to one word.
fn inside_word(left: Option<char>, right: Option<char>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    letter(left) && letter(right)
}
