//! Who sees an event, and in which form. The same function decides for snapshots and live frames.

use crate::{Event, Timestamp};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    Visitor,
    /// Staff who may see everything of this session.
    Staff,
    /// Staff who may know that something happened but not what: an agent looking at a waiting chat is not shown the
    /// notes that colleagues left in it.
    Passer,
}

/// What they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View<'a> {
    /// Everything.
    Full(&'a Event),
    /// Under the visitor's own number.
    Plain { vseq: u32, event: &'a Event },
    /// Its number and time, so that the sequence has no hole.
    Withheld { seq: u32, at: Timestamp },
}

/// What `viewer` sees of `event`; `None` when not even its number.
pub fn visible(event: &Event, viewer: Viewer) -> Option<View<'_>> {
    match viewer {
        Viewer::Visitor => event.vseq.filter(|_| event.kind.for_visitor()).map(|vseq| View::Plain { vseq, event }),
        Viewer::Staff => Some(View::Full(event)),
        Viewer::Passer if event.kind.for_visitor() => Some(View::Full(event)),
        Viewer::Passer => Some(View::Withheld { seq: event.seq, at: event.at }),
    }
}
