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

fn authors(items: &[Item]) -> Vec<Option<&str>> {
    items
        .iter()
        .map(|item| match &item.what {
            What::Line(_) => Some("-"),
            What::Bubble(bubble) => bubble.author.as_deref(),
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
