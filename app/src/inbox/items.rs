//! What stands in the conversation, one item for each node of the log: pure, so that it can be tested.

use std::sync::Arc;

use domain::{AgentId, Answer, Attachment, ClientId, EventKind, Timestamp};
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
    pub key: Key,
    /// The event's number; `u32::MAX` of what is still on its way.
    pub seq: u32,
    pub at: Timestamp,
    /// A new day begins here.
    pub new_day: bool,
    pub what: What,
}

/// Stays the same from the moment of sending on, so that the node stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Event(u32),
    /// Of an event that is not for this viewer, or not yet.
    Withheld(u32),
    Sent(ClientId),
    /// What follows this event is not here.
    Hole(u32),
    New,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Line(String),
    /// What the form asked, and what was said to it.
    Answers(Vec<Answer>),
    Bubble(Bubble),
    /// The events between these two have not been read yet.
    Hole {
        after: u32,
        before: u32,
    },
    /// From here on it is new.
    New,
}

/// After what messages are new to who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewAfter {
    /// What was read when the chat was opened; `vseq`.
    Read(u32),
    /// What was there when one looked last; `seq`.
    Seen(u32),
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

/// A conversation laid out, and where that stands, so that what comes below costs no more than itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    pub items: Vec<Arc<Item>>,
    /// Another one for every change.
    pub version: u64,
    /// How many of the items are of events; the others are on their way.
    of_events: usize,
    fold: Fold,
    basis: Basis,
    /// The first event, and how many there were.
    from: Option<(u32, usize)>,
}

/// What the laying out depends on besides the events.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    pub visitor: String,
    pub me: AgentId,
    pub new: Option<NewAfter>,
    /// The browser has told its time zone.
    pub awake: bool,
    /// Counts how often everything held was void.
    pub generation: u32,
}

/// Where the laying out stands after an event.
#[derive(Debug, Clone, PartialEq, Default)]
struct Fold {
    group: Option<(String, Side, i64)>,
    day: Option<i64>,
    seq: u32,
    marked: bool,
}

impl Laid {
    /// Goes on from what was laid out before, where the events only have become more.
    pub fn next(
        before: Option<Self>,
        events: &[StaffEvent],
        outgoing: &Outgoing,
        basis: Basis,
        offset: impl Fn(Timestamp) -> i32,
    ) -> Self {
        let version = before.as_ref().map_or(1, |before| before.version + 1);
        let goes_on = |before: &Self| {
            before.basis == basis
                && before.from.is_none_or(|(first, count)| {
                    events.first().is_some_and(|event| event.seq == first)
                        && events.get(count - 1).is_some_and(|last| last.seq == before.fold.seq)
                })
        };
        let mut laid = before.filter(goes_on).unwrap_or_else(|| Self {
            items: Vec::with_capacity(events.len()),
            version,
            of_events: 0,
            fold: Fold::default(),
            basis,
            from: None,
        });
        laid.version = version;
        laid.items.truncate(laid.of_events);
        let held = laid.from.map_or(0, |(_, count)| count);
        let look = Look { visitor: &laid.basis.visitor, me: laid.basis.me };
        for event in &events[held..] {
            laid.fold.event(event, look, laid.basis.new, &offset, &mut laid.items);
        }
        laid.from = events.first().map(|event| (event.seq, events.len()));
        laid.of_events = laid.items.len();
        let mut fold = laid.fold.clone();
        for (id, text, at) in outgoing.shown() {
            fold.outgoing(id, text, at, &offset, &mut laid.items);
        }
        laid
    }
}

/// Groups by author and minute, separates days, words the system's lines, and puts what is not acknowledged at the
/// end. `offset` gives minutes east of UTC.
pub fn lay_out(
    events: &[StaffEvent],
    outgoing: &Outgoing,
    look: Look<'_>,
    offset: impl Fn(Timestamp) -> i32,
) -> Vec<Arc<Item>> {
    let basis = Basis { visitor: look.visitor.to_owned(), me: look.me, new: None, awake: true, generation: 0 };
    Laid::next(None, events, outgoing, basis, offset).items
}

impl Fold {
    fn event(
        &mut self,
        event: &StaffEvent,
        look: Look<'_>,
        new: Option<NewAfter>,
        offset: impl Fn(Timestamp) -> i32,
        items: &mut Vec<Arc<Item>>,
    ) {
        let before = std::mem::replace(&mut self.seq, event.seq);
        if before > 0 && before + 1 < event.seq {
            self.group = None;
            let what = What::Hole { after: before, before: event.seq };
            items.push(Arc::new(Item { key: Key::Hole(before), seq: before, at: event.at, new_day: false, what }));
        }
        let key = Key::Event(event.seq);
        let Some(shown) = &event.shown else {
            return self.put(Key::Withheld(event.seq), event.seq, event.at, Err(WITHHELD.to_owned()), offset, items);
        };
        let (text, note, file) = match &shown.kind {
            EventKind::Message { text } => (text, false, None),
            EventKind::Attachment(file) => (&file.name, false, Some(Box::new(file.clone()))),
            EventKind::Note { text } => (text, true, None),
            EventKind::Answered { answers, .. } => {
                self.group = None;
                let today = time::day(event.at, offset(event.at));
                let new_day = self.day.replace(today) != Some(today);
                let what = What::Answers(answers.clone());
                items.push(Arc::new(Item { key, seq: event.seq, at: event.at, new_day, what }));
                return;
            }
            kind => {
                if let Some(line) = system_line(kind, &shown.who, shown.named.as_deref(), look.visitor, look.me) {
                    self.put(key, event.seq, event.at, Err(line), offset, items);
                }
                return;
            }
        };
        let (side, name) = match &shown.who {
            Who::Visitor => (Side::Visitor, name_or(look.visitor).to_owned()),
            Who::Agent { id, .. } if *id == look.me => (Side::Staff, "You".to_owned()),
            Who::Agent { face, .. } => (Side::Others, face.name.clone()),
            Who::System => (Side::Others, "Automatic".to_owned()),
        };
        let is_new = new.is_some_and(|after| match after {
            NewAfter::Read(read) => shown.vseq.is_some_and(|vseq| vseq > read),
            NewAfter::Seen(seen) => event.seq > seen,
        });
        if is_new && !self.marked && side != Side::Staff {
            self.marked = true;
            self.group = None;
            items.push(Arc::new(Item { key: Key::New, seq: event.seq, at: event.at, new_day: false, what: What::New }));
        }
        let side = if note { Side::Note } else { side };
        let (text, vseq, client_id) = (text.clone(), shown.vseq, shown.client_id);
        let bubble = Bubble { side, author: None, text, file, vseq, client_id };
        self.put(client_id.map_or(key, Key::Sent), event.seq, event.at, Ok((side, name, bubble)), offset, items);
    }

    fn outgoing(
        &mut self,
        id: ClientId,
        text: &str,
        at: Timestamp,
        offset: impl Fn(Timestamp) -> i32,
        items: &mut Vec<Arc<Item>>,
    ) {
        let (text, client_id) = (text.to_owned(), Some(id));
        let bubble = Bubble { side: Side::Staff, author: None, text, file: None, vseq: None, client_id };
        self.put(Key::Sent(id), u32::MAX, at, Ok((Side::Staff, "You".to_owned(), bubble)), offset, items);
    }

    fn put(
        &mut self,
        key: Key,
        seq: u32,
        at: Timestamp,
        content: Result<(Side, String, Bubble), String>,
        offset: impl Fn(Timestamp) -> i32,
        items: &mut Vec<Arc<Item>>,
    ) {
        let today = time::day(at, offset(at));
        let new_day = self.day.replace(today) != Some(today);
        let what = match content {
            Err(line) => {
                self.group = None;
                What::Line(line)
            }
            Ok((side, name, bubble)) => {
                let group = (name.clone(), side, at.millis().div_euclid(60_000));
                let goes_on = !new_day && self.group.as_ref() == Some(&group);
                self.group = Some(group);
                What::Bubble(Bubble { author: (!goes_on).then_some(name), ..bubble })
            }
        };
        items.push(Arc::new(Item { key, seq, at, new_day, what }));
    }
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
