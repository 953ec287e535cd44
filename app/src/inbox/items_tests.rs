use std::sync::Arc;

use domain::{ClientId, EventKind, Timestamp};
use uuid::Uuid;
use wire::{
    Error,
    agent::{Shown, StaffEvent, Who},
    visitor::{Face, Marks},
};

use super::{items::*, sample};
use crate::live::{Outgoing, Sending};

const LOOK: fn() -> Look<'static> = || Look { visitor: "Lena", me: sample::agent(sample::ME) };

fn event(seq: u32, millis: i64, who: Who, kind: EventKind) -> StaffEvent {
    let shown = Shown { vseq: Some(seq), who, kind, client_id: None, named: None };
    StaffEvent { seq, at: Timestamp::from_millis(millis), shown: Some(shown) }
}

fn says(seq: u32, millis: i64, who: Who, text: &str) -> StaffEvent {
    event(seq, millis, who, EventKind::Message { text: text.into() })
}

fn aki() -> Who {
    let face = Face { name: "Aki".into(), initials: "A".into(), hue: 1 };
    Who::Agent { id: sample::agent(sample::ME), face }
}

fn authors(items: &[Arc<Item>]) -> Vec<Option<&str>> {
    items
        .iter()
        .map(|item| match &item.what {
            What::Line(_) => Some("-"),
            What::Bubble(bubble) => bubble.author.as_deref(),
            What::Hole { .. } => Some("…"),
            What::Answers(_) => Some("answers"),
            What::New => Some("new"),
        })
        .collect()
}

#[test]
fn groups_by_author_and_minute() {
    let events = [
        event(1, 0, Who::Visitor, EventKind::Started { page: None }),
        says(2, 1_000, Who::Visitor, "a"),
        says(3, 59_000, Who::Visitor, "b"),
        says(4, 60_000, Who::Visitor, "c"),
        says(5, 61_000, aki(), "d"),
        event(6, 62_000, Who::System, EventKind::Joined),
        says(7, 63_000, aki(), "e"),
    ];
    let items = lay_out(&events, &Outgoing::default(), LOOK(), |_| 0);
    assert_eq!(authors(&items), [Some("-"), Some("Lena"), None, Some("Lena"), Some("You"), Some("-"), Some("You")]);
    assert!(items[0].new_day && items[1..].iter().all(|item| !item.new_day));
}

#[test]
fn days_are_separated_in_the_time_zone_of_the_screen() {
    let events = [says(1, 82_800_000, Who::Visitor, "23:00 UTC"), says(2, 86_400_000, Who::Visitor, "00:00 UTC")];
    let new_days = |offset: i32| -> Vec<bool> {
        lay_out(&events, &Outgoing::default(), LOOK(), |_| offset).iter().map(|item| item.new_day).collect()
    };
    assert_eq!(new_days(0), [true, true]);
    assert_eq!(new_days(120), [true, false]);
}

#[test]
fn a_message_keeps_its_key_from_sending_to_event() {
    let id = ClientId::from_uuid(Uuid::from_u128(77));
    let mut outgoing = Outgoing::default();
    outgoing.push(id, "Hello".into(), Timestamp::from_millis(1_000));
    let before = lay_out(&[], &outgoing, LOOK(), |_| 0);
    outgoing.acknowledged(id, Timestamp::from_millis(1_000), 2, 1);
    let acked = lay_out(&[], &outgoing, LOOK(), |_| 0);
    let mut sent = says(1, 1_000, aki(), "Hello");
    sent.shown.as_mut().expect("shown").client_id = Some(id);
    outgoing.arrived(id);
    let after = lay_out(&[sent], &outgoing, LOOK(), |_| 0);
    assert_eq!((before.len(), acked.len(), after.len()), (1, 1, 1));
    assert_eq!(before[0].key, after[0].key);
    assert_eq!(acked, before);
}

#[test]
fn what_is_withheld_leaves_a_line() {
    let events = [StaffEvent::withheld(1, Timestamp::default())];
    let items = lay_out(&events, &Outgoing::default(), LOOK(), |_| 0);
    assert!(matches!(&items[0].what, What::Line(line) if !line.is_empty()));
}

#[test]
fn delivery_follows_the_visitors_marks() {
    let marks = Marks { delivered: 5, read: 3 };
    assert_eq!(delivery(Some(Sending::Waiting), None, marks), Delivery::Sending);
    assert_eq!(delivery(Some(Sending::Acked), None, marks), Delivery::Sent);
    assert_eq!(delivery(None, Some(6), marks), Delivery::Sent);
    assert_eq!(delivery(None, Some(5), marks), Delivery::Delivered);
    assert_eq!(delivery(None, Some(3), marks), Delivery::Read);
    assert!(matches!(delivery(Some(Sending::Failed(Error::Forbidden)), None, marks), Delivery::Failed(_)));
}

#[test]
fn only_web_addresses_become_links() {
    use Piece::{Link, Text};
    assert_eq!(
        pieces("See https://a.example/x(1)?q=2. Or HTTP://b.example!"),
        [Text("See "), Link("https://a.example/x(1)?q=2"), Text(". Or "), Link("HTTP://b.example"), Text("!")]
    );
    assert_eq!(pieces("(https://a.example)"), [Text("("), Link("https://a.example"), Text(")")]);
    for plain in [
        "javascript://x%0aalert(1)",
        "data:text/html,<b>",
        "xhttps://a",
        "https://",
        "http:// x",
        "javascript:alert('http:')",
        "ünïcode ✨",
    ] {
        assert_eq!(pieces(plain), [Text(plain)], "{plain}");
    }
    assert_eq!(pieces(""), []);
    assert_eq!(pieces("https://ü.example/ä…"), [Link("https://ü.example/ä"), Text("…")]);
}

fn basis(new: Option<NewAfter>) -> Basis {
    Basis { visitor: "Lena".into(), me: sample::agent(sample::ME), new, awake: true, generation: 1 }
}

#[test]
fn what_comes_below_is_laid_out_as_if_all_had_come_at_once() {
    let who = |n: u32| if n.is_multiple_of(3) { aki() } else { Who::Visitor };
    let events: Vec<_> = (1..=40).map(|n| says(n, i64::from(n) * 25_000, who(n), &n.to_string())).collect();
    let mut outgoing = Outgoing::default();
    outgoing.push(ClientId::from_uuid(Uuid::from_u128(5)), "soon".into(), Timestamp::from_millis(1_000_100));
    let new = Some(NewAfter::Seen(33));
    let whole = Laid::next(None, &events, &outgoing, basis(new), |_| 0);
    let mut laid = None;
    for n in [7, 7, 20, 21, 40] {
        let next = Laid::next(laid.take(), &events[..n], &outgoing, basis(new), |_| 0);
        let first = laid.get_or_insert(next);
        assert_eq!(first.items.last().map(|item| item.seq), Some(u32::MAX), "what is on its way stands last");
    }
    let laid = laid.expect("laid out");
    assert_eq!(laid.items, whole.items);
    assert_eq!(laid.version, 5, "each is another one");
    // Only what is new was made anew.
    let more = [events.clone(), vec![says(41, 2_000_000, Who::Visitor, "41")]].concat();
    let before = laid.items.clone();
    let next = Laid::next(Some(laid), &more, &outgoing, basis(new), |_| 0);
    assert!(before.iter().zip(&next.items).take(40).all(|(one, other)| Arc::ptr_eq(one, other)));
    // Whatever else it depends on lays out all of it.
    let other = Laid::next(Some(next), &more, &outgoing, basis(None), |_| 0);
    assert!(!other.items.iter().any(|item| item.what == What::New));
}

#[test]
fn pages_above_and_pages_that_fill_a_hole_are_laid_out_in_their_places() {
    let says = |n: u32| says(n, i64::from(n), Who::Visitor, &n.to_string());
    let lay = |laid, seqs: &[u32]| {
        let events: Vec<_> = seqs.iter().copied().map(says).collect();
        Laid::next(laid, &events, &Outgoing::default(), basis(None), |_| 0)
    };
    let seqs = |laid: &Laid| laid.items.iter().map(|item| (item.key, item.seq)).collect::<Vec<_>>();
    let row = |n| (Key::Event(n), n);
    let laid = lay(None, &[8, 9]);
    let laid = lay(Some(laid), &[2, 3, 8, 9]);
    assert_eq!(seqs(&laid), [row(2), row(3), (Key::Hole(3), 3), row(8), row(9)]);
    assert_eq!(laid.items[2].what, What::Hole { after: 3, before: 8 });
    let laid = lay(Some(laid), &[1, 2, 3, 6, 7, 8, 9]);
    assert_eq!(seqs(&laid), [row(1), row(2), row(3), (Key::Hole(3), 3), row(6), row(7), row(8), row(9)]);
    let laid = lay(Some(laid), &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(seqs(&laid), (1..=9).map(row).collect::<Vec<_>>());
    assert_eq!(laid.items.iter().filter(|item| item.new_day).count(), 1);
}

#[test]
fn new_is_what_came_after_the_last_look_and_not_ones_own() {
    let events = [
        says(1, 0, Who::Visitor, "a"),
        says(2, 1_000, aki(), "b"),
        event(3, 2_000, Who::System, EventKind::Joined),
        says(4, 3_000, aki(), "mine"),
        says(5, 4_000, Who::Visitor, "c"),
        says(6, 5_000, Who::Visitor, "d"),
    ];
    let marked = |new| {
        let laid = Laid::next(None, &events, &Outgoing::default(), basis(Some(new)), |_| 0);
        let at = laid.items.iter().position(|item| item.what == What::New);
        at.map(|at| laid.items[at + 1].seq)
    };
    assert_eq!(marked(NewAfter::Seen(2)), Some(5));
    assert_eq!(marked(NewAfter::Seen(5)), Some(6));
    assert_eq!(marked(NewAfter::Seen(6)), None);
    assert_eq!(marked(NewAfter::Read(5)), Some(6));
    assert_eq!(marked(NewAfter::Read(9)), None);
}
