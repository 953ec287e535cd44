//! Clean up input, as far as the browser does it alone, and what it has to ask the server for.

/// Elements that are taken for markup when they stand in what was typed or pasted as text.
const TAGS: [&str; 36] = [
    "a",
    "b",
    "blockquote",
    "body",
    "br",
    "code",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "script",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "u",
    "ul",
];

/// Those of them that break lines by themselves.
const BREAKING: [&str; 14] =
    ["blockquote", "body", "br", "div", "h1", "h2", "h3", "hr", "li", "ol", "p", "table", "tr", "ul"];

/// Trailing blanks, invisible characters, odd spaces and more than one empty line in a row taken out.
pub fn tidy(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\r'))
        .map(|c| if matches!(c, '\u{A0}' | '\u{2007}' | '\u{202F}' | '\u{2028}' | '\u{2029}') { odd(c) } else { c })
        .collect();
    let mut kept: Vec<&str> = Vec::new();
    for line in plain.lines().map(str::trim_end) {
        if !(line.is_empty() && kept.last().is_some_and(|last| last.is_empty())) {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

const fn odd(c: char) -> char {
    if matches!(c, '\u{2028}' | '\u{2029}') { '\n' } else { ' ' }
}

/// The text as markup for the server, if there is markup in it: signs that only look like it are kept as signs.
pub fn markup(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut found, mut breaking) = (false, false);
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            out.push_str(if entity(rest) { "&" } else { "&amp;" });
            rest = &rest[1..];
            continue;
        }
        match tag(rest) {
            Some(name) => {
                found = true;
                breaking |= BREAKING.contains(&name.as_str());
                out.push('<');
            }
            None => out.push_str("&lt;"),
        }
        rest = &rest[1..];
    }
    out.push_str(rest);
    // Where the markup breaks no lines, those of the text are meant.
    found.then(|| if breaking { out } else { out.replace('\n', "<br>") })
}

/// The name of the element that begins or ends here.
fn tag(rest: &str) -> Option<String> {
    let inside = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = inside[..end].to_ascii_lowercase();
    let goes_on = inside[end..].starts_with(['>', '/']) || inside[end..].starts_with(char::is_whitespace);
    (TAGS.contains(&name.as_str()) && goes_on && inside.contains('>')).then_some(name)
}

fn entity(rest: &str) -> bool {
    let name = rest[1..].split(';').next().unwrap_or_default();
    rest[1..].contains(';')
        && (1..10).contains(&name.len())
        && name.trim_start_matches('#').chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_tidied_without_losing_a_word() {
        assert_eq!(tidy("  a\u{A0}b  \n\n\n\n c\u{200B}d\u{AD}e \r\n"), "a b\n\n cde");
        assert_eq!(tidy("one\u{2028}two"), "one\ntwo");
        assert_eq!(tidy(" \n "), "");
        let fine = "Hello\n\n- one\n- two";
        assert_eq!(tidy(fine), fine);
    }

    #[test]
    fn only_markup_is_taken_for_markup() {
        assert_eq!(markup("if a < b and c > d & e"), None);
        assert_eq!(markup("Vec<T> and <you>"), None);
        assert_eq!(markup("<p"), None, "it is not closed");
        assert_eq!(markup("<p>a < b</p> &amp; c & d").as_deref(), Some("<p>a &lt; b</p> &amp; c &amp; d"));
        assert_eq!(markup("<b>one</b>\ntwo").as_deref(), Some("<b>one</b><br>two"));
        assert_eq!(markup("<P CLASS=\"x\">one\ntwo").as_deref(), Some("<P CLASS=\"x\">one\ntwo"));
    }
}
