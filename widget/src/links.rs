//! Which parts of a message are links. Only `http` and `https`: nothing else is ever made clickable.

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch<'a> {
    Text(&'a str),
    /// A whole address, fit for `href`.
    Link(&'a str),
}

/// Cuts a text into plain stretches and links; together they are the whole text.
pub fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut found = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while let Some(start) = next_scheme(text, at) {
        let end = address_end(text, start);
        let scheme = if text.as_bytes()[start + 4] == b':' { 7 } else { 8 };
        let begins_word = !text[..start].ends_with(|c: char| c.is_alphanumeric());
        let has_host = text[start + scheme..end].starts_with(|c: char| c.is_alphanumeric() || c == '[');
        if begins_word && has_host {
            if plain < start {
                found.push(Stretch::Text(&text[plain..start]));
            }
            found.push(Stretch::Link(&text[start..end]));
            plain = end;
        }
        at = end.max(start + scheme);
    }
    if plain < text.len() {
        found.push(Stretch::Text(&text[plain..]));
    }
    found
}

/// Where `http://` or `https://` begins, in any case of letters.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find(|&at| {
        let rest = &bytes[at..];
        let starts = |scheme: &[u8]| rest.len() > scheme.len() && rest[..scheme.len()].eq_ignore_ascii_case(scheme);
        starts(b"http://") || starts(b"https://")
    })
}

/// Up to white space or a character that no address has; without the punctuation of the sentence around it, and
/// without a closing bracket that was opened before the address.
fn address_end(text: &str, start: usize) -> usize {
    let stop = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let mut end = text[start..].find(stop).map_or(text.len(), |length| start + length);
    while let Some(last) = text[start..end].chars().next_back() {
        let address = &text[start..end];
        let count = |wanted: char| address.chars().filter(|&c| c == wanted).count();
        let sheds = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '。' | '，' => true,
            ')' => count(')') > count('('),
            ']' => count(']') > count('['),
            '}' => count('}') > count('{'),
            _ => false,
        };
        if !sheds {
            break;
        }
        end -= last.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(text: &str) -> Vec<&str> {
        stretches(text)
            .into_iter()
            .filter_map(|part| if let Stretch::Link(link) = part { Some(link) } else { None })
            .collect()
    }

    #[test]
    fn addresses_without_the_sentence_around_them() {
        assert_eq!(links("See https://oak.example/a?b=c#d."), ["https://oak.example/a?b=c#d"]);
        assert_eq!(links("(HTTP://x.de/a_(b)), or http://y.de!"), ["HTTP://x.de/a_(b)", "http://y.de"]);
        assert_eq!(links("https://例え.jp/パス と"), ["https://例え.jp/パス"]);
        assert_eq!(links("http://[::1]:3000/"), ["http://[::1]:3000/"]);
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "xhttp://a.b",
            "http://",
            "https:// x",
            "data:text/html,x",
            "javascript://http//x",
            "http://.",
            "ftp://x.y",
        ] {
            assert_eq!(links(text), Vec::<&str>::new(), "{text}");
        }
        assert_eq!(links("javascript:https://x.y"), ["https://x.y"], "the link is only the harmless part");
    }

    #[test]
    fn a_link_cannot_turn_the_writing_direction() {
        assert_eq!(links("https://good.example/\u{202E}gpj.exe"), ["https://good.example/"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_links_are_http(text in "(\\PC|http://|https://|[ \\n().]){0,40}") {
            let whole: String = stretches(&text).into_iter().map(|part| match part {
                Stretch::Text(text) | Stretch::Link(text) => text,
            }).collect();
            prop_assert_eq!(&whole, &text);
            for link in links(&text) {
                let lower = link.to_ascii_lowercase();
                prop_assert!(lower.starts_with("http://") || lower.starts_with("https://"));
                prop_assert!(!link.contains(char::is_whitespace));
            }
        }
    }
}
