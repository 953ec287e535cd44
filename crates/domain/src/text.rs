//! What may stand in a message, and how stray characters are treated.

use serde::{Deserialize, Serialize};

/// Most characters (Unicode scalar values) of a message (DECISIONS: Message body).
pub const MAX_CHARS: usize = 10_000;

/// Most bytes of a message in UTF-8 (DECISIONS: Message body).
pub const MAX_BYTES: usize = 40_000;

/// Why a text cannot be a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextError {
    /// Nothing but white space and invisible characters.
    Empty,
    /// More than [`MAX_CHARS`] characters or [`MAX_BYTES`] bytes.
    TooLong,
}

/// The text as it is kept: line ends as `\n`, control characters (other than line feed and tab) removed, no white
/// space at the ends. Control characters are dropped rather than refused, because people paste them unknowingly.
pub fn message_text(raw: &str) -> Result<String, TextError> {
    // Checked before copying, so that a huge text costs nothing.
    if raw.len() > 2 * MAX_BYTES {
        return Err(TextError::TooLong);
    }
    let mut text = String::with_capacity(raw.len());
    let mut previous = '\0';
    for c in raw.chars() {
        match c {
            '\r' => text.push('\n'),
            '\n' if previous == '\r' => {}
            '\n' | '\t' => text.push(c),
            c if control(c) => {}
            c => text.push(c),
        }
        previous = c;
    }
    let trimmed = text.trim();
    if !trimmed.chars().any(shows) {
        return Err(TextError::Empty);
    }
    if trimmed.len() > MAX_BYTES || characters(trimmed) > MAX_CHARS {
        return Err(TextError::TooLong);
    }
    Ok(trimmed.to_owned())
}

/// One line of at most `chars` characters: for names, titles, list rows. White space of every kind becomes one blank;
/// control characters and those that turn the writing direction are dropped, so that a name cannot rearrange the
/// text around it.
pub fn one_line(raw: &str, chars: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in raw.chars() {
        if c.is_whitespace() {
            gap = count > 0;
            continue;
        }
        if control(c) || turns_direction(c) {
            continue;
        }
        let wanted = 1 + usize::from(gap);
        if count + wanted > chars {
            break;
        }
        if gap {
            line.push(' ');
            gap = false;
        }
        line.push(c);
        count += wanted;
    }
    line
}

/// The first `chars` characters, with `…` in place of the last one when something was cut.
pub fn clip(text: &str, chars: usize) -> String {
    let line = one_line(text, chars.saturating_add(1));
    if line.chars().count() <= chars {
        return line;
    }
    let mut cut: String = line.chars().take(chars.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// How many there are. `chars().count()` is quicker on long texts and brings half a kilobyte into the browser.
pub(crate) fn characters(text: &str) -> usize {
    text.chars().fold(0, |count, _| count + 1)
}

fn control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn shows(c: char) -> bool {
    !c.is_whitespace() && !turns_direction(c) && !matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_line_breaks_and_drops_control_characters() {
        assert_eq!(message_text(" a\r\nb\rc\u{7}\u{0}\td \n").as_deref(), Ok("a\nb\nc\td"));
    }

    #[test]
    fn refuses_what_shows_nothing() {
        for nothing in ["", "  \n\t", "\u{200B}\u{200D}", "\u{202E}", "\u{0}\u{1}"] {
            assert_eq!(message_text(nothing), Err(TextError::Empty), "{nothing:?}");
        }
    }

    #[test]
    fn refuses_more_than_the_limits() {
        assert_eq!(message_text(&"a".repeat(MAX_CHARS)).map(|text| text.len()), Ok(MAX_CHARS));
        assert_eq!(message_text(&"a".repeat(MAX_CHARS + 1)), Err(TextError::TooLong));
        assert_eq!(message_text(&"a".repeat(1_000_000)), Err(TextError::TooLong));
    }

    #[test]
    fn a_name_cannot_turn_the_text_around_it() {
        assert_eq!(one_line("Eve\u{202E}nimda\n\n x", 40), "Evenimda x");
        assert_eq!(clip("abcdef", 4), "abc…");
        assert_eq!(clip("abcd", 4), "abcd");
    }

    proptest! {
        #[test]
        fn a_kept_text_is_kept_as_it_is(raw in "\\PC{0,80}|[\\x00-\\x20a-c]{0,40}") {
            if let Ok(text) = message_text(&raw) {
                prop_assert_eq!(message_text(&text), Ok(text.clone()));
                prop_assert!(text.chars().count() <= MAX_CHARS);
            }
        }

        #[test]
        fn one_line_is_one_short_line(raw in ".{0,80}", chars in 0usize..40) {
            let line = one_line(&raw, chars);
            prop_assert!(line.chars().count() <= chars);
            prop_assert!(!line.contains('\n'));
        }
    }
}
