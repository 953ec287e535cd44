//! The conversation as it stands in the log: one node per event, in order, those not yet on the server at the end.

use domain::ClientId;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};
use wire::visitor::{Event, Face, What, Who};

use super::{
    dom,
    files::{self, Shown},
    js,
};
use crate::{
    links::{Stretch, stretches},
    parts,
};

/// Messages of one person closer together than this stand under one name.
const GROUP: i64 = 5 * 60_000;
const DAY: i64 = 24 * 3_600_000;

pub struct Talk {
    items: Vec<Item>,
    /// How much later it is for the server than on this device, whose clock may be a day off.
    pub ahead: i64,
    pub files: Vec<Shown>,
    language: String,
    /// Stands over the site's own messages.
    site: String,
    time: JsValue,
    day: JsValue,
}

pub struct Item {
    /// 0 while it is not on the server.
    pub vseq: u32,
    /// The number in the acknowledgement, which may come before the event.
    pub acked: u32,
    pub id: Option<ClientId>,
    pub at: i64,
    by: By,
    pub node: HtmlElement,
    /// What the line below says, so that it is only touched when it changes.
    pub tick: Tick,
}

/// Who stands behind an item.
#[derive(Clone, PartialEq, Eq)]
enum By {
    Visitor,
    Agent(String),
    Site,
    /// A system line.
    Line,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    None,
    Sending,
    Waiting,
    /// Held back by the server for a while.
    Slow,
    Sent,
    Delivered,
    Read,
    Failed,
}

impl Item {
    pub fn own(&self) -> bool {
        self.by == By::Visitor
    }

    /// A message from the other side.
    pub fn heard(&self) -> bool {
        matches!(self.by, By::Agent(_) | By::Site)
    }
}

impl Talk {
    pub fn new(language: &str, site: &str) -> Self {
        Self {
            items: Vec::new(),
            ahead: 0,
            files: Vec::new(),
            language: language.into(),
            site: site.into(),
            time: js::parse(r#"{"hour":"numeric","minute":"2-digit"}"#),
            day: js::parse(r#"{"weekday":"long","day":"numeric","month":"long"}"#),
        }
    }

    pub fn items(&mut self) -> &mut [Item] {
        &mut self.items
    }

    /// In the way the browser is used to, which need not be the panel's language's.
    pub fn time(&self, at: i64) -> String {
        js::in_words(at, &JsValue::UNDEFINED, &self.time)
    }

    /// Empties the log.
    pub fn clear(&mut self) {
        self.items.clear();
        self.files.clear();
        log().set_text_content(None);
    }

    /// A message of one's own that is not on the server yet, written at `at` by the device's clock; it goes out before the
    /// one of `next`.
    pub fn write(&mut self, id: ClientId, text: &str, at: i64, you: &str, next: Option<ClientId>) {
        if self.place_of(id).is_some() {
            return;
        }
        let node = message(text, true);
        dom::text(&dom::inside(&node, "b"), you);
        let item =
            Item { vseq: 0, acked: 0, id: Some(id), at: at + self.ahead, by: By::Visitor, node, tick: Tick::None };
        let place = next.and_then(|next| self.place_of(next)).unwrap_or(self.items.len());
        self.insert(place, item);
    }

    /// Shows an event: at its place in the order, or above everything. `words` is what a system line says; `None` for
    /// events that are not shown. Whether it is new to the eye.
    pub fn show(&mut self, event: &Event, words: Option<&str>, you: &str, place: usize) -> bool {
        if let Some(held) = event.client_id.and_then(|id| self.place_of(id)) {
            let moved = held != place && self.items[held].vseq == 0;
            let item = &mut self.items[held];
            item.vseq = event.vseq;
            item.at = event.at.millis();
            if moved {
                let item = self.items.remove(held);
                self.insert(place, item);
            } else {
                self.stamp(held);
            }
            return false;
        }
        let (by, node) = match (&event.what, words) {
            (What::Message { .. } | What::Attachment(_), _) => {
                let own = event.who == Who::Visitor;
                let node = match &event.what {
                    What::Attachment(file) => {
                        let (node, shown) = files::node(file, own);
                        self.files.push(shown);
                        node
                    }
                    What::Message { text } => message(text, own),
                    _ => return false,
                };
                let name = dom::inside(&node, "b");
                let by = match &event.who {
                    Who::Visitor => {
                        dom::text(&name, you);
                        By::Visitor
                    }
                    Who::Agent(face) => {
                        dom::text(&name, &face.name);
                        By::Agent(face.name.clone())
                    }
                    Who::Site => {
                        dom::text(&name, &self.site);
                        By::Site
                    }
                };
                (by, node)
            }
            (_, Some(words)) => (By::Line, line(event, words)),
            (_, None) => return false,
        };
        let item = Item {
            vseq: event.vseq,
            acked: 0,
            id: event.client_id.filter(|_| by == By::Visitor),
            at: event.at.millis(),
            by,
            node,
            tick: Tick::None,
        };
        self.insert(place, item);
        true
    }

    /// Where the next event belongs: behind those on the server, before those still waiting.
    pub fn end(&self) -> usize {
        self.items.iter().take_while(|item| item.vseq != 0).count()
    }

    pub fn acked(&mut self, id: ClientId, vseq: u32) {
        if let Some(place) = self.place_of(id) {
            self.items[place].acked = vseq;
        }
    }

    pub fn remove(&mut self, id: ClientId) {
        if let Some(place) = self.place_of(id) {
            self.items.remove(place).node.remove();
        }
    }

    /// The item whose node this element stands in.
    pub fn around(&self, element: &Element) -> Option<ClientId> {
        self.items.iter().find(|item| item.node.contains(Some(element))).and_then(|item| item.id)
    }

    /// Whether an agent has been here.
    pub fn met_agent(&self) -> bool {
        self.items.iter().any(|item| matches!(item.by, By::Agent(_)))
    }

    pub fn unread(&self, seen: u32) -> usize {
        self.items.iter().filter(|item| item.heard() && item.vseq > seen).count()
    }

    /// Day lines, names and times, anew for everything. Texts are only touched where they change.
    pub fn regroup(&self, today: &str, yesterday: &str) {
        let now = local_day(js::now() + self.ahead);
        let mut before: Option<&Item> = None;
        for item in &self.items {
            let day = local_day(item.at);
            let first_of_day = before.map_or(day != now, |before| local_day(before.at) != day);
            let label = dom::inside(&item.node, ".day");
            if first_of_day == label.hidden() {
                label.set_hidden(!first_of_day);
                let words = match now - day {
                    0 => today.into(),
                    1 => yesterday.into(),
                    _ => js::in_words(item.at, &self.language.as_str().into(), &self.day),
                };
                dom::text(&label, &words);
            }
            let joins = before.is_some_and(|before| before.by == item.by && item.at - before.at < GROUP);
            dom::class(&item.node, "head-of", !joins || first_of_day);
            before = Some(item);
        }
    }

    fn insert(&mut self, place: usize, item: Item) {
        let before = self.items.get(place).map(|next| next.node.clone());
        let _ = log().insert_before(&item.node, before.as_deref().map(AsRef::as_ref));
        self.items.insert(place, item);
        self.stamp(place);
    }

    fn stamp(&self, place: usize) {
        let item = &self.items[place];
        dom::text(&dom::inside(&item.node, "time"), &self.time(item.at));
    }

    fn place_of(&self, id: ClientId) -> Option<usize> {
        self.items.iter().position(|item| item.id == Some(id))
    }
}

pub fn log() -> HtmlElement {
    js::part(parts::LOG)
}

fn message(text: &str, own: bool) -> HtmlElement {
    let node = dom::cloned(parts::T_MESSAGE);
    dom::class(&node, "own", own);
    let bubble = dom::inside(&node, ".bubble");
    for stretch in stretches(text) {
        let document = js::document();
        match stretch {
            Stretch::Text(text) => {
                let _ = bubble.append_child(&document.create_text_node(text));
            }
            Stretch::Link(address) => {
                if let Ok(link) = document.create_element("a") {
                    dom::set(&link, "href", address);
                    dom::set(&link, "target", "_blank");
                    dom::set(&link, "rel", "noopener noreferrer nofollow");
                    dom::text(&link, address);
                    let _ = bubble.append_child(&link);
                }
            }
        }
    }
    node
}

fn line(event: &Event, words: &str) -> HtmlElement {
    let node = dom::cloned(parts::T_LINE);
    dom::text(&dom::inside(&node, "span"), words);
    let face: Option<&Face> = match (&event.what, &event.who) {
        (What::Assigned { to }, _) => Some(to),
        (What::Joined, Who::Agent(face)) => Some(face),
        _ => None,
    };
    if let Some(face) = face {
        dom::class(&node, "faced", true);
        dom::paint(&dom::inside(&node, ".face"), face);
    }
    node
}

/// Days since 1970 on the visitor's calendar.
fn local_day(at: i64) -> i64 {
    (at - js::offset(at) * 60_000).div_euclid(DAY)
}
