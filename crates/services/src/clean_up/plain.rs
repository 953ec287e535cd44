//! From cleaned markup to plain text. What comes in was written by ammonia: well-formed, with quoted attributes and only
//! a handful of entities, so no parser of the wide world's HTML is needed here.

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
    "fieldset",
];

/// Elements within a line. They may hide what is in them.
const INLINE: [&str; 29] = [
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td", "th", "u", "var",
];

/// Elements that are looked at; of all others only their content stays.
pub fn known() -> impl Iterator<Item = &'static str> {
    BLOCKS.into_iter().chain(INLINE)
}

fn is_block(tag: &str) -> bool {
    BLOCKS.contains(&tag)
}

/// Elements with an empty line before and after them.
fn is_apart(tag: &str) -> bool {
    matches!(tag, "p" | "blockquote" | "pre" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "figure" | "dl")
}

#[derive(Debug)]
enum Token<'a> {
    Text(&'a str),
    Open { tag: &'a str, attributes: &'a str },
    Close(&'a str),
}

/// An element that is open.
struct Level<'a> {
    tag: &'a str,
    /// Where its text begins, for links.
    from: usize,
    href: Option<String>,
    hidden: bool,
    /// White space is kept.
    kept: bool,
    /// In an `ol` the number of the next item.
    number: Option<i64>,
    /// Has had a cell.
    celled: bool,
}

pub fn text(markup: &str) -> String {
    let mut out = Out::default();
    let mut levels: Vec<Level> = Vec::new();
    for token in tokens(markup) {
        let hidden = levels.last().is_some_and(|level| level.hidden);
        match token {
            Token::Text(raw) if !hidden => {
                let kept = levels.last().is_some_and(|level| level.kept);
                out.write(&unescaped(raw), kept);
            }
            Token::Text(_) => {}
            Token::Open { tag, attributes } => open(&mut out, &mut levels, tag, attributes),
            Token::Close(tag) => {
                if levels.last().is_some_and(|level| level.tag == tag)
                    && let Some(level) = levels.pop()
                {
                    close(&mut out, &level, &levels);
                }
            }
        }
    }
    out.finish()
}

fn open<'a>(out: &mut Out, levels: &mut Vec<Level<'a>>, tag: &'a str, attributes: &'a str) {
    let style = attribute(attributes, "style").unwrap_or_default();
    let styled = |property: &str, values: &[&str]| {
        style.split(';').filter_map(|one| one.split_once(':')).any(|(name, value)| {
            name.trim() == property && values.iter().any(|wanted| value.trim().starts_with(wanted))
        })
    };
    let hidden = levels.last().is_some_and(|level| level.hidden)
        || styled("display", &["none"])
        || styled("visibility", &["hidden", "collapse"]);
    let kept = (levels.last().is_some_and(|level| level.kept) || tag == "pre" || styled("white-space", &["pre"]))
        && !styled("white-space", &["normal", "nowrap"]);
    if !hidden {
        begin(out, levels, tag, attributes);
    }
    if matches!(tag, "br" | "hr" | "img") {
        return;
    }
    let href = attribute(attributes, "href").filter(|_| tag == "a");
    let number = (tag == "ol").then(|| attribute(attributes, "start").and_then(|n| n.parse().ok()).unwrap_or(1));
    levels.push(Level { tag, from: out.text.len(), href, hidden, kept, number, celled: false });
}

/// What stands before an element's content, or in its place.
fn begin(out: &mut Out, levels: &mut [Level<'_>], tag: &str, attributes: &str) {
    match tag {
        "br" => out.line_break(),
        "hr" => {
            out.block(true);
            out.write("---", true);
            out.block(true);
        }
        "img" => {
            if let Some(alt) = attribute(attributes, "alt").filter(|alt| !alt.trim().is_empty()) {
                out.write(&format!("[{}]", alt.trim()), false);
            }
        }
        "li" => {
            out.block(false);
            let depth = levels.iter().filter(|level| matches!(level.tag, "ul" | "ol")).count();
            let list = levels.iter_mut().rev().find(|level| matches!(level.tag, "ul" | "ol"));
            let given = attribute(attributes, "value").and_then(|value| value.parse().ok());
            let mark = match list.and_then(|list| list.number.as_mut()) {
                Some(next) => {
                    let number: i64 = given.unwrap_or(*next);
                    *next = number.saturating_add(1);
                    format!("{number}. ")
                }
                None => "- ".to_owned(),
            };
            out.mark(&format!("{}{mark}", "  ".repeat(depth.saturating_sub(1).min(8))));
        }
        "td" | "th" => {
            let row = levels.iter_mut().rev().find(|level| level.tag == "tr");
            if row.is_some_and(|row| std::mem::replace(&mut row.celled, true)) {
                out.write(" | ", true);
            }
        }
        "blockquote" => {
            out.block(true);
            out.quotes += 1;
        }
        // Within an item the lines of a paragraph stay with its mark.
        tag if is_block(tag) => out.block(is_apart(tag) || outermost_list(levels, tag)),
        _ => {}
    }
}

fn outermost_list(levels: &[Level<'_>], tag: &str) -> bool {
    matches!(tag, "ul" | "ol") && !levels.iter().any(|level| matches!(level.tag, "ul" | "ol"))
}

fn close(out: &mut Out, level: &Level<'_>, around: &[Level<'_>]) {
    if level.hidden {
        return;
    }
    match level.tag {
        "a" => {
            if let Some(href) = &level.href {
                let words = out.text.get(level.from..).unwrap_or_default().trim();
                let bare = href.strip_prefix("mailto:").or_else(|| href.strip_prefix("tel:")).unwrap_or(href);
                let told = |address: &str| {
                    let plain = |text: &str| {
                        text.trim_start_matches("https://")
                            .trim_start_matches("http://")
                            .trim_end_matches('/')
                            .to_lowercase()
                    };
                    plain(words) == plain(address)
                };
                if words.is_empty() {
                    out.write(bare, false);
                } else if !told(bare) {
                    out.write(&format!(" ({bare})"), true);
                }
            }
        }
        "blockquote" => {
            out.block(true);
            out.quotes = out.quotes.saturating_sub(1);
        }
        "li" => {
            out.marked = false;
            out.items = out.items.saturating_sub(1);
            out.block(false);
        }
        tag if is_block(tag) => out.block(is_apart(tag) || outermost_list(around, tag)),
        _ => {}
    }
}

/// Text while it is being written: white space runs together, lines and empty lines are owed until something follows.
#[derive(Default)]
struct Out {
    text: String,
    /// Line breaks owed.
    breaks: usize,
    /// A blank owed.
    gap: bool,
    quotes: usize,
    /// A mark has just been written: what follows stands beside it.
    marked: bool,
    /// Items that are open: within them no empty lines are made.
    items: usize,
}

impl Out {
    fn write(&mut self, words: &str, kept: bool) {
        if kept {
            for (n, line) in words.split('\n').enumerate() {
                if n > 0 {
                    self.line_break();
                }
                if !line.is_empty() {
                    self.put(line);
                }
            }
            return;
        }
        for (n, word) in words.split([' ', '\t', '\n', '\r', '\u{c}']).enumerate() {
            self.gap |= n > 0;
            if !word.is_empty() {
                self.put(word);
            }
        }
    }

    fn put(&mut self, words: &str) {
        let fresh = self.text.is_empty();
        if self.breaks > 0 && !fresh {
            for _ in 0..self.breaks {
                let trimmed = self.text.trim_end_matches(' ').len();
                self.text.truncate(trimmed);
                self.text.push('\n');
            }
        }
        if fresh || self.breaks > 0 {
            self.text.push_str(&"> ".repeat(self.quotes.min(8)));
        } else if self.gap && !self.marked && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.breaks = 0;
        self.gap = false;
        self.marked = false;
        self.text.push_str(words);
    }

    /// The mark of an item, which waits for its words.
    fn mark(&mut self, mark: &str) {
        self.put(mark);
        self.marked = true;
        self.items += 1;
    }

    fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
        self.gap = false;
        self.marked = false;
    }

    fn block(&mut self, apart: bool) {
        if self.marked {
            return;
        }
        let wanted = if apart && self.items == 0 { 2 } else { 1 };
        self.breaks = self.breaks.max(wanted);
        self.gap = false;
    }

    fn finish(self) -> String {
        // A blank that does not break is one of the habits of word processors.
        self.text.replace('\u{a0}', " ").lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
    }
}

fn tokens(markup: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = markup;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let Some(inside) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                let (text, after) = rest.split_at(end);
                rest = after;
                return Some(Token::Text(text));
            };
            // A `>` within a quoted value does not close.
            let mut quoted = false;
            let end = inside.find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            });
            let (tag, after) = inside.split_at(end.unwrap_or(inside.len()));
            rest = after.strip_prefix('>').unwrap_or(after);
            if let Some(tag) = tag.strip_prefix('/') {
                return Some(Token::Close(tag.trim()));
            }
            if !tag.starts_with('!') {
                let (tag, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                return Some(Token::Open { tag, attributes });
            }
        }
    })
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"')?;
        if key.trim() == name {
            return Some(unescaped(value));
        }
        rest = after;
    }
    None
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
