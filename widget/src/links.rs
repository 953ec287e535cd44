//! Which parts of a message are links. Only `http` and `https`: nothing else is ever made clickable.

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch<'a> {
    Text(&'a str),
    /// A whole address, fit for `href`.
    Link(&'a str),
}

/// Cuts a text into plain stretches and links; together they are the whole text.
///
/// Written without slicing by index: what the browser would have to carry for those panics weighs more than all this.
pub fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut found = Vec::new();
    // The plain text so far ends where `rest` begins.
    let mut plain = text;
    let mut rest = text;
    let mut in_word = false;
    while let Some(first) = rest.chars().next() {
        let scheme = scheme_length(rest);
        let (length, is_link) = match scheme {
            Some(scheme) if !in_word => {
                let length = address_length(rest);
                (length.max(scheme), length > scheme && has_host(rest, scheme))
            }
            Some(scheme) => (scheme, false),
            None => (first.len_utf8(), false),
        };
        let Some((taken, after)) = rest.split_at_checked(length) else { break };
        if is_link {
            let before = plain.len() - rest.len();
            if let Some((before, _)) = plain.split_at_checked(before).filter(|(before, _)| !before.is_empty()) {
                found.push(Stretch::Text(before));
            }
            found.push(Stretch::Link(taken));
            plain = after;
        }
        in_word = taken.chars().next_back().is_some_and(of_a_word);
        rest = after;
    }
    if !plain.is_empty() {
        found.push(Stretch::Text(plain));
    }
    found
}

/// How long `http://` or `https://` is here, in any case of letters.
fn scheme_length(text: &str) -> Option<usize> {
    ["http://", "https://"]
        .into_iter()
        .map(str::as_bytes)
        .find(|scheme| text.as_bytes().get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)))
        .map(<[u8]>::len)
}

fn has_host(address: &str, scheme: usize) -> bool {
    address.split_at_checked(scheme).is_some_and(|(_, host)| host.starts_with(|c| of_a_word(c) || c == '['))
}

/// A letter or digit, near enough: the tables of all scripts would weigh more than the rest of this file.
fn of_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && !ends_address(c))
}

/// Up to white space or a character that no address has; without the punctuation of the sentence around it, and
/// without a closing bracket that was opened before the address.
fn address_length(text: &str) -> usize {
    let length = text.find(ends_address).unwrap_or(text.len());
    let Some((mut address, _)) = text.split_at_checked(length) else { return 0 };
    while let Some(last) = address.chars().next_back() {
        let count = |wanted: char| address.chars().filter(|&c| c == wanted).count();
        let sheds = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '。' | '，' => true,
            ')' => count(')') > count('('),
            ']' => count(']') > count('['),
            '}' => count('}') > count('{'),
            _ => false,
        };
        let Some(shorter) = address.strip_suffix(last).filter(|_| sheds) else { break };
        address = shorter;
    }
    address.len()
}

fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
