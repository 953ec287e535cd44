//! What keeps an open chat current.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::EventKind;
use leptos::{prelude::*, task::spawn_local};
use wire::agent::{Row, StaffEvent};

use super::{api, badges, chat::row_of};
use crate::live::{Live, Talk};

/// What comes within this time comes together.
const TOGETHER: Duration = Duration::from_millis(150);

/// Whether it goes on as somebody else's, of which there is nothing to ask for; tracked.
pub fn theirs(live: Live, row: Memo<Option<Row>>) -> bool {
    row.with(|row| {
        row.as_ref().is_some_and(|row| row.status.open() && live.rows.with(|rows| rows.get(row.session).is_none()))
    })
}

/// Watches the session while it is open, says how far it has been read, and reads the details again when the chat has
/// moved on.
pub fn keep_current(live: Live, talk: Talk, row: Memo<Option<Row>>) {
    let session = talk.session;
    // Not a value of this owner: those may be gone before its clean-up runs.
    let watched = Arc::new(AtomicBool::new(false));
    Effect::new({
        let watched = watched.clone();
        move |_| {
            if !watched.swap(true, Ordering::Relaxed) {
                live.watch(session);
            }
        }
    });
    on_cleanup(move || {
        if watched.load(Ordering::Relaxed) {
            live.unwatch(session);
        }
    });
    let own =
        Memo::new(move |_| live.me.with(|me| row.with(|row| row.as_ref().is_some_and(|row| row.owner == Some(me.id)))));
    Effect::new(move |_| {
        talk.events.track();
        if own.get() {
            live.mark(session);
        }
    });
    // What was withheld from who only looked at a waiting chat.
    let whole = Memo::new(move |_| {
        live.me.with(|me| row.with(|row| row.as_ref().is_some_and(|row| badges::may_write(me, row))))
    });
    Effect::new(move |_| {
        if whole.get() {
            spawn_local(reveal(talk));
        }
    });
    let place = Memo::new(move |_| {
        // What the row does not tell. Not rings and hand-overs: whoever loses the chat by one has nothing to ask for.
        let moved = |event: &StaffEvent| {
            use EventKind::{Ended, Rated, Resumed, WrapUpClosed};
            let kind = event.shown.as_ref().map(|shown| &shown.kind);
            matches!(kind, Some(Ended { .. } | Rated { .. } | Resumed | WrapUpClosed))
        };
        let last = talk.events.with(|events| events.iter().rev().find(|event| moved(event)).map(|event| event.seq));
        (last, row.with(|row| row.as_ref().map(|row| (row.status, row.owner, row.queue))))
    });
    // Once for all that comes together: the row, and the line that tells of the same. By then it is known too whether the
    // chat goes on as somebody else's.
    let due = StoredValue::new(None::<TimeoutHandle>);
    let read = move || {
        if !untrack(|| theirs(live, row)) {
            spawn_local(talk.read_details());
        }
    };
    let forget = move || {
        if let Some(before) = due.try_update_value(Option::take).flatten() {
            before.clear();
        }
    };
    Effect::new(move |before: Option<_>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            forget();
            due.set_value(set_timeout_with_handle(read, TOGETHER).ok());
        }
        now
    });
    // Whoever comes back reads it again.
    on_cleanup(forget);
}

/// Reads again what the line does not tell of a chat that was not open meanwhile.
pub fn refresh(live: Live, talk: Talk) {
    let row = row_of(live, talk);
    Effect::new(move |_| {
        if !untrack(|| theirs(live, row)) {
            spawn_local(talk.read_details());
            talk.noted().load();
        }
    });
}

/// Reads again what was withheld, page by page, as long as more of it comes.
async fn reveal(talk: Talk) {
    let mut before = u32::MAX;
    while let Some(seq) = talk.withheld().filter(|seq| *seq < before) {
        let Ok(page) = api::history(talk.session, seq + 1).await else { return };
        talk.merge(page);
        before = seq;
    }
}
