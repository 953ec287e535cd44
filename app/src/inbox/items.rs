//! What stands in the conversation, one item for each node of the log: pure, so that it can be tested.

use domain::{AgentId, Attachment, ClientId, EventKind, Timestamp};
use wire::{
    agent::{StaffEvent, Who},
    visitor::Marks,
};

use super::lines::{WITHHELD, name_or, system_line};
use crate::{
    live::{Outgoing, Sending},
    ui::time,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Stays the same from the moment of sending on, so that the node stays.
    pub key: String,
    pub at: Timestamp,
    /// A new day begins here.
    pub new_day: bool,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Line(String),
    Bubble(Bubble),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bubble {
    pub side: Side,
    /// The first of its group carries the author and the time.
    pub author: Option<String>,
    pub text: String,
    /// In place of the text, which is its name then.
    pub file: Option<Box<Attachment>>,
    pub vseq: Option<u32>,
    pub client_id: Option<ClientId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Visitor,
    /// One's own.
    Staff,
    /// A colleague's, or the site's own texts.
    Others,
    /// For staff only.
    Note,
}

/// How far a message of the staff has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Sending,
    Sent,
    Delivered,
    Read,
    Failed(String),
}

/// Who looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub visitor: &'a str,
    pub me: AgentId,
}

/// Groups by author and minute, separates days, words the system's lines, and puts what is not acknowledged at the
/// end. `offset` gives minutes east of UTC.
pub fn lay_out(
    events: &[StaffEvent],
    outgoing: &Outgoing,
    look: Look<'_>,
    offset: impl Fn(Timestamp) -> i32,
) -> Vec<Item> {
    let mut last: Option<(String, Side, i64)> = None;
    let mut day = None;
    let mut items = Vec::with_capacity(events.len());
    let mut put = |key: String, at: Timestamp, content: Result<(Side, String, Bubble), String>| {
        let today = time::day(at, offset(at));
        let new_day = day.replace(today) != Some(today);
        let what = match content {
            Err(line) => {
                last = None;
                What::Line(line)
            }
            Ok((side, name, bubble)) => {
                let group = (name.clone(), side, at.millis().div_euclid(60_000));
                let goes_on = !new_day && last.as_ref() == Some(&group);
                last = Some(group);
                What::Bubble(Bubble { author: (!goes_on).then_some(name), ..bubble })
            }
        };
        items.push(Item { key, at, new_day, what });
    };
    for event in events {
        let Some(shown) = &event.shown else {
            put(event.seq.to_string(), event.at, Err(WITHHELD.to_owned()));
            continue;
        };
        let key = shown.client_id.map_or_else(|| event.seq.to_string(), |id| id.to_string());
        let (text, note, file) = match &shown.kind {
            EventKind::Message { text } => (text, false, None),
            EventKind::Attachment(file) => (&file.name, false, Some(Box::new(file.clone()))),
            EventKind::Note { text } => (text, true, None),
            kind => {
                if let Some(line) = system_line(kind, &shown.who, shown.named.as_deref(), look.visitor, look.me) {
                    put(event.seq.to_string(), event.at, Err(line));
                }
                continue;
            }
        };
        let (side, name) = match &shown.who {
            Who::Visitor => (Side::Visitor, name_or(look.visitor).to_owned()),
            Who::Agent { id, .. } if *id == look.me => (Side::Staff, "You".to_owned()),
            Who::Agent { face, .. } => (Side::Others, face.name.clone()),
            Who::System => (Side::Others, "Automatic".to_owned()),
        };
        let side = if note { Side::Note } else { side };
        let (text, vseq, client_id) = (text.clone(), shown.vseq, shown.client_id);
        put(key, event.at, Ok((side, name, Bubble { side, author: None, text, file, vseq, client_id })));
    }
    for (id, text, at) in outgoing.shown() {
        let bubble = Bubble {
            side: Side::Staff,
            author: None,
            text: text.to_owned(),
            file: None,
            vseq: None,
            client_id: Some(id),
        };
        put(id.to_string(), at, Ok((Side::Staff, "You".to_owned(), bubble)));
    }
    items
}

/// `sending` is the outbox's word on it, if it still has one.
pub fn delivery(sending: Option<Sending>, vseq: Option<u32>, visitor: Marks) -> Delivery {
    match (sending, vseq) {
        (Some(Sending::Failed(error)), _) => Delivery::Failed(super::lines::error_line(&error)),
        (Some(Sending::Waiting), _) => Delivery::Sending,
        (_, Some(vseq)) if vseq <= visitor.read => Delivery::Read,
        (_, Some(vseq)) if vseq <= visitor.delivered => Delivery::Delivered,
        (Some(Sending::Acked) | None, _) => Delivery::Sent,
    }
}

/// A message in pieces: plain text, and addresses that may become links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// Finds `http://` and `https://` addresses, and nothing else: no other scheme is ever a link. Closing punctuation
/// belongs to the sentence.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut plain, mut from) = (0, 0);
    while let Some(start) = next_scheme(text, from) {
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c));
        let link = trim_end(&rest[..end.unwrap_or(rest.len())]);
        let host = link.split_once("://").map_or("", |(_, host)| host);
        from = start + link.len().max(1);
        if host.starts_with(|c: char| c.is_alphanumeric() || c == '[') {
            if plain < start {
                found.push(Piece::Text(&text[plain..start]));
            }
            found.push(Piece::Link(link));
            plain = start + link.len();
        }
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    if plain < text.len() {
        found.push(Piece::Text(&text[plain..]));
    }
    found
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let start = rest.match_indices("://").find_map(|(colon, _)| {
        let before = &rest.as_bytes()[..colon];
        let scheme = ["https", "http"].into_iter().find(|scheme| {
            before.len() >= scheme.len()
                && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
        })?;
        let start = colon - scheme.len();
        let alone = start == 0 || !before[start - 1].is_ascii_alphanumeric();
        alone.then_some(start)
    })?;
    Some(from + start)
}

fn trim_end(link: &str) -> &str {
    let mut link = link;
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '…', '”', '’', '*', '_']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if inner.matches('(').count() <= inner.matches(')').count() => inner,
            _ => shorter,
        };
        if shorter.len() == link.len() {
            return link;
        }
        link = shorter;
    }
}
