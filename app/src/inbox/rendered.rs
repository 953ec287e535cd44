//! Views as the server renders them: empty, long, from right to left, hostile.

use domain::{EventKind, OfferWhy, SessionId, Stars, Status, Timestamp};
use leptos::prelude::*;
use leptos_router::{components::Router, location::RequestUrl};
use wire::{
    agent::{Person, Rating, Ring, Row, Shown, StaffEvent, Thread, Who},
    visitor::{Face, Marks},
};

use super::{Section, customer::CustomerPanel, list::ListColumn, log::Log, recent::ListRow, sample};
use crate::{
    inbox::{Narrowed, handover::Asking},
    keys::Keyboard,
    live::{Clock, Docked, Live},
    ringing::{Ringing, Rings},
};

const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>";

/// The HTML of a view in an agent's dashboard whose inbox has these rows.
fn html(rows: Vec<Row>, view: impl FnOnce(Live) -> AnyView + Send + 'static) -> String {
    Owner::new().with(|| {
        provide_context(RequestUrl::new("/inbox"));
        let clock = Clock::new();
        let live = Live::new(clock);
        provide_context(clock);
        provide_context(live);
        provide_context(Asking::new());
        provide_context(Narrowed::new());
        provide_context(Docked(RwSignal::new(None)));
        provide_context(Keyboard::new());
        live.fill(sample::inbox((true, false, false), rows));
        provide_context(Rings::new(live));
        view! { <Router>{view(live)}</Router> }.to_html()
    })
}

fn list(section: Section, rows: Vec<Row>) -> String {
    html(rows, move |_| {
        let section = Memo::new(move |_| section);
        let session = Memo::new(move |_| None::<SessionId>);
        view! { <ListColumn section=section session=session /> }.into_any()
    })
}

fn named(name: &str, text: &str) -> Row {
    let visitor =
        Person { name: name.into(), email: String::new(), phone: String::new(), initials: "N".into(), hue: 10 };
    Row { visitor, last_text: text.into(), ..sample::waiting(90, 1) }
}

fn conversation(texts: &[&str]) -> String {
    let events = texts.iter().zip(1..).map(|(text, seq)| {
        let who = if seq % 2 == 1 {
            Who::Visitor
        } else {
            let face = Face { name: "Aki".into(), initials: "A".into(), hue: 1 };
            Who::Agent { id: sample::agent(sample::ME), face }
        };
        let kind = EventKind::Message { text: (*text).to_owned() };
        let shown = Some(Shown { vseq: Some(seq), who, kind, client_id: None, named: None });
        StaffEvent { seq, at: Timestamp::from_millis(i64::from(seq)), shown }
    });
    let thread = Thread {
        session: sample::session(4),
        epoch: "e".into(),
        events: events.collect(),
        fresh: true,
        more: false,
        visitor_marks: Marks { delivered: 2, read: 2 },
        staff_marks: Marks::default(),
        page: None,
    };
    html(vec![sample::mine(4, 1, 0)], move |live| {
        let talk = live.talk(thread.session);
        talk.absorb(thread);
        let row = Memo::new(move |_| live.rows.with(|rows| rows.get(talk.session).cloned()));
        view! { <Log talk=talk row=row /> }.into_any()
    })
}

#[test]
fn an_empty_inbox_says_what_will_appear() {
    let page = list(Section::Incoming, Vec::new());
    assert!(page.contains("Nobody is waiting") && page.contains("the longest wait first"), "{page}");
    assert!(list(Section::Active, Vec::new()).contains("Take one from Incoming"));
}

#[test]
fn a_waiting_chat_is_a_link_named_by_its_visitor_with_a_way_to_respond() {
    let page = list(Section::Incoming, vec![sample::waiting(90, 1)]);
    let link = format!("/inbox/incoming/{}", sample::session(90));
    assert!(page.contains(&link) && page.contains("Visitor 90"), "{page}");
    assert!(page.contains(">New<") && page.contains(">Respond<"), "{page}");
    assert!(page.contains("0:10"), "waits since 90 s, it is 100 s: {page}");
}

#[test]
fn a_chat_that_waits_too_long_stands_out() {
    let mut row = sample::waiting(1, 1);
    row.waiting_since = Timestamp::from_millis(-60_000);
    assert!(list(Section::Incoming, vec![row]).contains("dk-row__time--late"));
}

#[test]
fn hostile_names_and_words_stay_text() {
    for page in [list(Section::Incoming, vec![named(HOSTILE, HOSTILE)]), conversation(&[HOSTILE])] {
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    }
    assert!(!conversation(&["javascript:alert(1)", "data:text/html,x"]).contains("<a "));
}

#[test]
fn right_to_left_text_finds_its_own_direction() {
    let page = conversation(&["שלום, מה שלומך?"]);
    assert!(page.contains("dir=\"auto\" class=\"dk-bubble\""), "{page}");
    assert!(list(Section::Incoming, vec![named("مرحبا", "كيف")]).contains("مرحبا"));
}

#[test]
fn links_open_safely_elsewhere() {
    let page = conversation(&["see https://example.org/a?b=c&d"]);
    assert!(page.contains("href=\"https://example.org/a?b=c&amp;d\""), "{page}");
    assert!(page.contains("rel=\"noopener noreferrer nofollow\""), "{page}");
}

#[test]
fn a_long_conversation_is_a_log_with_one_node_for_each_message() {
    let texts: Vec<String> = (0..300).map(|n| format!("{n} {}", "long ".repeat(200))).collect();
    let page = conversation(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(page.contains("role=\"log\"") && page.contains("aria-label=\"Conversation\""));
    assert_eq!(page.matches("class=\"dk-item dk-item--").count(), 300);
}

#[test]
fn delivery_is_said_in_a_word() {
    let page = conversation(&["a", "b", "c", "d"]);
    assert_eq!(page.matches("aria-label=\"Read\"").count(), 1, "the visitor has read up to b: {page}");
    assert_eq!(page.matches("aria-label=\"Sent\"").count(), 1, "{page}");
}

#[test]
fn an_ended_chat_shows_its_rating_in_stars_and_words() {
    let mut row = named("Lena", "Thanks");
    let stars = Stars::try_from(4).expect("four stars");
    row.rating = Some(Rating { stars, words: HOSTILE.into(), at: Timestamp::default() });
    let page = html(Vec::new(), move |_| view! { <ListRow row=row session=Memo::new(|_| None) /> }.into_any());
    assert!(page.contains("4 of 5 stars") && !page.contains("<script>alert"), "{page}");
}

#[test]
fn the_customer_panel_is_a_region_that_says_what_is_not_known() {
    let page = html(vec![sample::waiting(90, 1)], |live| {
        let talk = live.talk(sample::session(90));
        talk.put_details(sample::details(90));
        let row = Memo::new(move |_| live.rows.with(|rows| rows.get(talk.session).cloned()));
        view! { <CustomerPanel talk=talk row=row panel=RwSignal::new(None) /> }.into_any()
    });
    for words in [
        "aria-label=\"Customer\"",
        "not given",
        "German (de-AT)",
        "Vienna, Austria",
        "01:01",
        "No page is known",
        "This is the first one",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Browser"), "{page}");
}

/// It rings the agent who looks on, and that until ten seconds from now.
fn ringing(why: OfferWhy, note: Option<&str>) -> Row {
    let (since, until) = (Timestamp::from_millis(90_000), Timestamp::from_millis(110_000));
    let ring = Ring { to: vec![sample::agent(sample::ME)], since, until, why, note: note.map(str::to_owned) };
    Row { ring: Some(ring), ..named(HOSTILE, HOSTILE) }
}

#[test]
fn a_chat_that_rings_is_a_card_that_says_who_why_and_how_long() {
    let mut row = ringing(OfferWhy::LongestIdle, None);
    row.visitor.email = "lena@example.org".into();
    let link = format!("href=\"/inbox/incoming/{}\"", row.session);
    let page = html(vec![row], |_| view! { <Ringing /> }.into_any());
    assert!(page.contains("Queue 1") && page.contains("You have been free the longest"), "{page}");
    assert!(page.contains(">10<") && page.contains("role=\"timer\""), "ten seconds are left: {page}");
    assert!(page.contains(&link) && page.contains("lena@example.org"), "{page}");
    assert!(page.contains("aria-keyshortcuts=\"Alt+Shift+A\"") && page.contains("Decline"), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
}

#[test]
fn a_chat_that_is_handed_over_rings_with_its_word_and_leads_to_the_running_one() {
    let (owner, owner_name) = (Some(sample::agent(7)), Some("Anna".to_owned()));
    let row = Row { owner, owner_name, status: Status::ActiveChat, ..ringing(OfferWhy::Transfer, Some(HOSTILE)) };
    let link = format!("href=\"/inbox/active/{}\"", row.session);
    let page = html(vec![row], |_| view! { <Ringing /> }.into_any());
    assert!(page.contains("Anna hands it over to you") && page.contains("dk-ring__note"), "{page}");
    assert!(page.contains(&link), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
}

#[test]
fn what_rings_others_is_no_card_but_stands_in_the_row() {
    let mut row = ringing(OfferWhy::LongestIdle, None);
    row.ring.as_mut().expect("it rings").to = vec![sample::agent(7)];
    let page = html(vec![row.clone()], |_| view! { <Ringing /> }.into_any());
    assert!(!page.contains("dk-ring__top"), "{page}");
    assert!(list(Section::Incoming, vec![row]).contains("Ringing a colleague"));
}
