use domain::{ClientId, EventKind, Timestamp};
use leptos::prelude::*;
use uuid::Uuid;
use wire::{
    agent::{Details, Rest, ServerFrame, Shown, StaffEvent, Thread, Visit, Who},
    visitor::Marks,
};

use super::{Clock, Live, Rows};
use crate::inbox::sample;

fn message(seq: u32) -> StaffEvent {
    let kind = EventKind::Message { text: format!("{seq}") };
    let shown = Shown { vseq: Some(seq), who: Who::Visitor, kind, client_id: None, named: None };
    StaffEvent { seq, at: Timestamp::from_millis(i64::from(seq)), shown: Some(shown) }
}

fn thread(epoch: &str, seqs: std::ops::RangeInclusive<u32>, fresh: bool, more: bool) -> Thread {
    Thread {
        session: sample::session(1),
        epoch: epoch.into(),
        events: seqs.map(message).collect(),
        fresh,
        more,
        visitor_marks: Marks::default(),
        staff_marks: Marks::default(),
        page: None,
    }
}

fn held(live: Live) -> Vec<u32> {
    live.talk(sample::session(1)).events.with_untracked(|events| events.iter().map(|event| event.seq).collect())
}

fn in_dashboard(test: impl FnOnce(Live)) {
    Owner::new().with(|| test(Live::new(Clock::new())));
}

#[test]
fn an_older_row_is_ignored_and_one_that_went_stays_away() {
    let mut rows = Rows::default();
    let row = |rev| wire::agent::Row { rev, ..sample::waiting(1, 1) };
    assert!(rows.put(row(5)));
    assert!(!rows.put(row(4)));
    assert!(rows.put(row(5)), "the same again, with another number of unread");
    assert!(rows.remove(sample::session(1), 4, None, Timestamp::default()).is_none(), "older than what is held");
    assert!(rows.remove(sample::session(1), 6, Some("Aki".into()), Timestamp::default()).is_some());
    assert!(!rows.put(row(5)), "a late frame");
    assert_eq!(rows.leaving(sample::session(1)).and_then(|gone| gone.taken_by.as_deref()), Some("Aki"));
    rows.sweep(Timestamp::default());
    assert!(!rows.any_leaving());
    assert!(rows.put(row(7)), "it waits again");
}

#[test]
fn rows_stand_in_order_whatever_comes_and_goes() {
    let mut rows = Rows::default();
    rows.belong_to(sample::agent(sample::ME));
    rows.replace((1..=5).map(|n| sample::waiting(n, 1)).collect(), Rest::default());
    let waiting =
        |rows: &Rows| rows.shelves().queues().flat_map(|(_, all)| all.collect::<Vec<_>>()).collect::<Vec<_>>();
    let sessions = |all: &[u128]| all.iter().map(|n| sample::session(*n)).collect::<Vec<_>>();
    // Taken by somebody else, it stands there until it is swept.
    rows.remove(sample::session(2), 9, None, Timestamp::from_millis(50));
    assert_eq!((waiting(&rows), rows.count()), (sessions(&[1, 2, 3, 4, 5]), (4, 0)));
    rows.sweep(Timestamp::from_millis(49));
    assert_eq!(waiting(&rows).len(), 5);
    rows.sweep(Timestamp::from_millis(50));
    assert_eq!((waiting(&rows), rows.count()), (sessions(&[1, 3, 4, 5]), (4, 0)));
    // It comes back, changes its place, and goes again.
    rows.put(wire::agent::Row { rev: 10, ..sample::waiting(2, 1) });
    let mine = wire::agent::Row { rev: 10, session: sample::session(3), ..sample::mine(3, 1, 0) };
    rows.put(mine);
    assert_eq!((waiting(&rows), rows.count()), (sessions(&[1, 2, 4, 5]), (4, 1)));
    // What leaves does not stand twice when everything is read anew.
    rows.remove(sample::session(1), 99, None, Timestamp::from_millis(60));
    rows.replace(vec![sample::waiting(1, 1)], Rest { waiting: 7, taken: 2 });
    assert_eq!((waiting(&rows), rows.count()), (sessions(&[1]), (8, 2)), "what has not come yet is counted");
    rows.belong_to(sample::agent(9));
    assert_eq!(waiting(&rows), sessions(&[1]), "the same rows on somebody else's shelves");
}

#[test]
fn events_come_once_and_in_order() {
    in_dashboard(|live| {
        live.apply(ServerFrame::Thread(thread("a", 3..=5, true, true)));
        let session = sample::session(1);
        for seq in [5, 6, 6, 8, 7] {
            live.apply(ServerFrame::Event { session, event: message(seq) });
        }
        assert_eq!(held(live), [3, 4, 5, 6, 7], "8 came too early: it is asked for again");
        assert!(live.talk(session).missed(8) && !live.talk(session).missed(7));
        live.apply(ServerFrame::Thread(thread("a", 8..=9, false, false)));
        assert_eq!(held(live), [3, 4, 5, 6, 7, 8, 9]);
        assert!(live.talk(session).earlier.get_untracked());
    });
}

#[test]
fn another_epoch_starts_afresh() {
    in_dashboard(|live| {
        live.apply(ServerFrame::Thread(thread("a", 1..=5, true, false)));
        live.apply(ServerFrame::Thread(thread("b", 2..=3, true, true)));
        assert_eq!(held(live), [2, 3]);
    });
}

#[test]
fn a_snapshot_that_comes_late_takes_nothing_away() {
    in_dashboard(|live| {
        live.apply(ServerFrame::Thread(thread("a", 1..=3, true, false)));
        live.apply(ServerFrame::Event { session: sample::session(1), event: message(4) });
        live.talk(sample::session(1)).absorb(thread("a", 1..=3, true, false));
        assert_eq!(held(live), [1, 2, 3, 4]);
    });
}

#[test]
fn history_joins_on_above() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        talk.absorb(thread("a", 5..=6, true, true));
        talk.merge(thread("a", 3..=4, false, true));
        talk.merge(thread("a", 3..=4, false, true));
        assert_eq!(held(live), [3, 4, 5, 6]);
        assert!(talk.earlier.get_untracked());
        talk.merge(thread("a", 1..=2, false, false));
        assert_eq!(held(live), [1, 2, 3, 4, 5, 6]);
        assert!(!talk.earlier.get_untracked());
        assert_eq!(talk.missing(), None);
    });
}

#[test]
fn what_was_withheld_is_read_once_one_may() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        let mut looked_at = thread("a", 1..=4, true, false);
        for event in &mut looked_at.events[1..3] {
            event.shown = None;
        }
        talk.absorb(looked_at);
        assert_eq!(talk.withheld(), Some(3));
        let before = talk.generation.get_value();
        talk.merge(thread("a", 2..=3, false, false));
        assert_eq!((talk.withheld(), held(live)), (None, vec![1, 2, 3, 4]));
        assert!(talk.generation.get_value() > before, "the lines are laid out anew");
    });
}

#[test]
fn pages_from_anywhere_stand_in_order_and_once_until_nothing_is_missing() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        talk.absorb(thread("a", 90..=99, true, true));
        talk.merge(thread("a", 20..=29, false, true));
        assert_eq!(talk.missing(), Some(90));
        talk.merge(thread("b", 1..=19, false, false));
        talk.merge(thread("a", 25..=40, false, true));
        talk.merge(thread("a", 80..=105, false, true));
        let expected: Vec<u32> = (20..=40).chain(80..=99).collect();
        assert_eq!(held(live), expected, "of another epoch nothing, and nothing that the line has not brought");
        assert_eq!(talk.missing(), Some(80));
        talk.merge(thread("a", 41..=79, false, true));
        assert_eq!(talk.missing(), Some(20));
        talk.merge(thread("a", 1..=19, false, false));
        assert_eq!(held(live), (1..=99).collect::<Vec<u32>>());
        assert_eq!(talk.missing(), None);
        live.apply(ServerFrame::Event { session: sample::session(1), event: message(100) });
        assert_eq!(held(live).last(), Some(&100), "the line goes on where it was");
    });
}

#[test]
fn ones_own_message_is_shown_once() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        let id = ClientId::from_uuid(Uuid::from_u128(9));
        talk.absorb(thread("a", 1..=1, true, false));
        talk.outgoing.update(|outgoing| outgoing.push(id, "Hello".into(), Timestamp::from_millis(2)));
        let mut event = message(2);
        event.shown.as_mut().expect("shown").client_id = Some(id);
        live.apply(ServerFrame::Event { session: sample::session(1), event });
        let newest = talk.position().0;
        talk.outgoing.update(|outgoing| outgoing.acknowledged(id, Timestamp::from_millis(2), 2, newest));
        assert_eq!(
            talk.outgoing.with_untracked(|outgoing| outgoing.shown().count()),
            0,
            "the event came before the ack"
        );
    });
}

#[test]
fn a_message_whose_acknowledgement_comes_first_is_shown_until_its_event_or_a_later_page_comes() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        let ids = [9, 10].map(|n| ClientId::from_uuid(Uuid::from_u128(n)));
        let shown = || talk.outgoing.with_untracked(|outgoing| outgoing.shown().count());
        // Kept from an earlier page: nothing of the chat is here yet.
        for (id, seq) in ids.into_iter().zip([2, 400]) {
            talk.outgoing.update(|outgoing| outgoing.push(id, "Hello".into(), Timestamp::from_millis(2)));
            talk.outgoing.update(|outgoing| outgoing.acknowledged(id, Timestamp::from_millis(2), seq, 0));
        }
        assert_eq!(shown(), 2);
        talk.absorb(thread("a", 300..=399, true, true));
        assert_eq!(shown(), 1, "the first stands further up, in a page that is not here");
        talk.absorb(thread("a", 400..=400, false, false));
        assert_eq!(shown(), 0);
        // One more that the server has known for long.
        let id = ClientId::from_uuid(Uuid::from_u128(11));
        talk.outgoing.update(|outgoing| outgoing.push(id, "Hello".into(), Timestamp::from_millis(2)));
        let newest = talk.position().0;
        talk.outgoing.update(|outgoing| outgoing.acknowledged(id, Timestamp::from_millis(2), 3, newest));
        assert_eq!(shown(), 0);
    });
}

#[test]
fn who_has_said_it_types_no_more() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        let session = sample::session(1);
        talk.absorb(thread("a", 1..=1, true, false));
        let types = || talk.typing.with_untracked(|typing| typing.on(0));
        talk.typing.update(|typing| typing.heard(true, 0));
        let mut own = message(2);
        own.shown.as_mut().expect("shown").who = Who::System;
        live.apply(ServerFrame::Event { session, event: own });
        assert!(types(), "that was somebody else");
        live.apply(ServerFrame::Event { session, event: message(3) });
        assert!(!types());
        talk.typing.update(|typing| typing.heard(true, 0));
        live.apply(ServerFrame::Thread(thread("a", 4..=4, false, false)));
        assert!(!types(), "it came with what was missed");
    });
}

#[test]
fn marks_rise_and_are_told_once() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        talk.absorb(thread("a", 1..=4, true, false));
        assert_eq!(talk.seen(), Some(Marks { delivered: 4, read: 4 }));
        assert_eq!(talk.seen(), None);
        let session = sample::session(1);
        for read in [3, 2] {
            live.apply(ServerFrame::Marks { session, visitor: Marks { delivered: 3, read } });
        }
        assert_eq!(talk.marks.get_untracked(), Marks { delivered: 3, read: 3 });
    });
}

#[test]
fn a_page_that_was_told_of_while_the_panel_was_read_stays() {
    in_dashboard(|live| {
        let talk = live.talk(sample::session(1));
        let at =
            |page: &str, millis| Visit { url: page.into(), title: String::new(), at: Timestamp::from_millis(millis) };
        let pages = || talk.details.with_untracked(|held| held.as_ref().map(|held| held.pages.clone()));
        // Before the panel is there nobody needs it: it comes with it.
        talk.visited(at("/", 1));
        assert_eq!(pages(), None);
        let read = |pages| Details { pages, ..sample::details(1) };
        talk.put_details(read(vec![at("/", 1)]));
        talk.visited(at("/desk", 2));
        talk.put_details(read(vec![at("/", 1)]));
        talk.visited(at("/desk", 2));
        assert_eq!(pages(), Some(vec![at("/desk", 2), at("/", 1)]));
        talk.put_details(read(vec![at("/cart", 3), at("/desk", 2)]));
        assert_eq!(pages(), Some(vec![at("/cart", 3), at("/desk", 2)]));
    });
}
