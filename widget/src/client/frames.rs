//! What the server says, and what is seen of it.

use domain::Attachment;
use sync::{Begin, Offer, rise};
use wasm_bindgen::JsValue;
use wire::visitor::{ClientFrame, Event, Marks, Page, ServerFrame, State, Welcome, What, Who};

use super::{
    app::{App, Wish},
    dom::{self, show, status},
    js::{self, On},
    line::Phase,
    talk::log,
    text::{digits, uuid_text},
};
use crate::{
    Say,
    lines::{Filling, line},
    parts,
};

/// Nearer to the end than this, one reads along.
const NEAR: i32 = 60;

impl App {
    pub fn frame(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcome(welcome),
            ServerFrame::Ack(ack) => self.acked(&ack),
            ServerFrame::Refused { client_id, error } => self.refused(client_id, &error),
            ServerFrame::Event(event) => self.events(vec![event], true),
            ServerFrame::Events(page) => {
                self.feed.page(page.more);
                self.events(page.events, false);
            }
            ServerFrame::History(page) => self.history(&page),
            ServerFrame::State(state) => self.take_state(state),
            ServerFrame::Typing { on } => self.typing_in.heard(on, js::now()),
            ServerFrame::Marks(marks) => {
                rise(&mut self.marks, marks);
            }
            ServerFrame::Beat { vseq } => {
                if self.feed.beat(vseq) {
                    self.reconnect();
                }
            }
            // About something that needs no answer: the next one will do.
            ServerFrame::Error(_) => {}
        }
        self.refresh();
    }

    fn welcome(&mut self, welcome: Welcome) {
        let Welcome { epoch, session, state, marks, own, now, page } = welcome;
        self.line_welcomed();
        if now.millis() > 0 {
            self.talk.ahead = now.millis() - js::now();
        }
        let first = page.events.first().map(|event| event.vseq);
        if self.feed.begin(session, &epoch, first, page.more, false) == Begin::Fresh {
            self.forget_lines();
            self.marker.clear();
            self.marks = Marks::default();
        } else {
            // The wait for the first answer is over.
            while let Ok(Some(grey)) = log().query_selector(".skeleton") {
                grey.remove();
            }
        }
        self.marker.known(own);
        rise(&mut self.marks, marks);
        self.fetching = false;
        self.events(page.events, false);
        self.take_state(state);
        if self.page().is_some() {
            self.tell_page();
        }
        self.outbox.hurry();
        self.flush();
    }

    /// Events from the feed; `live` ones happen just now.
    fn events(&mut self, events: Vec<Event>, live: bool) {
        let near = near_end();
        let mut fresh = false;
        for event in events {
            match self.feed.offer(event.vseq) {
                Offer::Seen => continue,
                Offer::Gap => {
                    self.reconnect();
                    break;
                }
                Offer::Next => {}
            }
            let words = self.words(&event);
            let you = self.say(Say::You);
            let shown = self.talk.show(&event, words.as_deref(), &you, self.talk.end());
            fresh |= shown;
            if let Some(id) = event.client_id {
                self.done(id);
            }
            self.sending_hears(&event.what);
            // Whoever says something, or ends it, has stopped typing, also when that comes late.
            if matches!(
                (&event.what, &event.who),
                (What::Message { .. } | What::Attachment(_), Who::Agent(_)) | (What::Ended { .. }, _)
            ) {
                self.typing_in.heard(false, js::now());
            }
            if live {
                self.happened(&event);
            }
        }
        self.redraw_talk();
        if near {
            to_bottom();
        } else if fresh && live {
            show(parts::JUMP, true);
        }
        self.seen();
    }

    /// What the page around is told.
    fn happened(&mut self, event: &Event) {
        match (&event.what, &event.who) {
            (What::Message { text } | What::Attachment(Attachment { name: text, .. }), Who::Agent(face)) => {
                let detail = js::object([("from", face.name.as_str().into()), ("text", text.as_str().into())]);
                self.host.event("message", detail.into());
            }
            (What::Ended { .. }, _) => self.host.event("chat ended", JsValue::UNDEFINED),
            _ => {}
        }
    }

    /// A system line in the visitor's language; `None` for events that have none.
    fn words(&self, event: &Event) -> Option<String> {
        let (say, filling) = line(event, &self.site)?;
        Some(match filling {
            Filling::Nothing => self.say(say),
            Filling::Name(name) => self.fill(say, name),
            Filling::Number(n) => self.fill_n(say, n.into()),
        })
    }

    fn take_state(&mut self, state: State) {
        let near = near_end();
        let place = state.queue.as_ref().filter(|_| state.status.open() && state.agent.is_none());
        let by_email = state.by_email && state.status.open();
        let otherwise = || if by_email { self.say(Say::ByEmail) } else { String::new() };
        let words = place.map_or_else(otherwise, |place| {
            let mut words = match place.position {
                0 | 1 => self.say(Say::PlaceNext),
                n => self.fill_n(Say::PlaceN, i64::from(n)),
            };
            if let Some(wait) = place.wait {
                words.push(' ');
                words.push_str(&match wait {
                    0..60 => self.say(Say::WaitShort),
                    wait => self.fill_n(Say::WaitN, i64::from(wait.div_ceil(60))),
                });
            }
            words
        });
        status(parts::PLACE, &words);
        self.host.chat(state.status.open());
        self.state = Some(state);
        self.draw_end();
        self.draw_head();
        self.tell_sending();
        if near {
            to_bottom();
        }
    }

    /// Earlier events, asked for by scrolling up.
    fn history(&mut self, page: &Page) {
        self.fetching = false;
        let log = log();
        let (Some(first), Some(last)) = (page.events.first(), page.events.last()) else {
            return self.feed.no_earlier();
        };
        if !self.feed.prepend(first.vseq, last.vseq, page.more) {
            return;
        }
        // Said to nobody, and what one reads stays where it is.
        dom::set(&log, "aria-busy", "true");
        let below = log.scroll_height() - log.scroll_top();
        let you = self.say(Say::You);
        let mut place = 0;
        for event in &page.events {
            let words = self.words(event);
            if self.talk.show(event, words.as_deref(), &you, place) {
                place += 1;
            }
        }
        self.redraw_talk();
        log.set_scroll_top(log.scroll_height() - below);
        let _ = log.remove_attribute("aria-busy");
    }

    pub fn scrolled(&mut self) {
        let log = log();
        self.reading_along = near_end();
        if self.reading_along {
            show(parts::JUMP, false);
        }
        if log.scroll_top() < 80 && self.feed.has_earlier() && !self.fetching && self.line.phase == Phase::Open {
            self.fetching = true;
            let before = self.feed.oldest();
            self.send(&ClientFrame::History { before }, On::History);
        }
    }

    pub fn redraw_talk(&self) {
        self.talk.regroup(&self.say(Say::Today), &self.say(Say::Yesterday));
    }

    /// Marks what has come, and what has been seen of it; counts the rest.
    pub fn seen(&mut self) {
        let newest = self.feed.after();
        self.marker.delivered(newest);
        if self.watched() && newest > self.marker.seen() {
            self.marker.read(newest);
            if let Some(session) = self.feed.session() {
                // Other tabs need not show them as unread.
                let mut told = digits(i64::from(newest));
                told.push(' ');
                told.push_str(&uuid_text(session.uuid()));
                self.put("read", Some(&told));
            }
        }
        if self.line.phase == Phase::Open
            && let Some(Marks { delivered, read }) = self.marker.due()
        {
            self.send(&ClientFrame::Mark { delivered, read }, On::Nothing);
        }
        let unread = self.talk.unread(self.marker.seen());
        self.host.unread(u32::try_from(unread).unwrap_or(u32::MAX));
    }

    pub fn draw_typing(&self) {
        let now = js::now();
        let agent = self.state.as_ref().and_then(|state| state.agent.as_ref());
        let words = match agent {
            Some(agent) if self.typing_in.on(now) && self.line.phase == Phase::Open => {
                self.fill(Say::Typing, &agent.name)
            }
            _ => String::new(),
        };
        status(parts::TYPING, &words);
    }

    /// Another chat, or none: nothing of this one stays.
    pub fn forget_talk(&mut self) {
        self.feed.clear();
        self.marker.clear();
        self.marks = Marks::default();
        self.talk.clear();
        status(parts::PLACE, "");
        let view = js::part(parts::CHAT_VIEW);
        let _ = view.remove_attribute("data-ended");
        show(parts::END, false);
        self.host.unread(0);
    }

    /// The log anew: only what waits to be sent stays.
    fn forget_lines(&mut self) {
        self.talk.clear();
        let you = self.say(Say::You);
        for entry in self.outbox.entries() {
            if let Wish::Say(text) = &entry.body {
                self.talk.write(entry.id, text, entry.at, &you, None);
            }
        }
    }
}

pub fn to_bottom() {
    let log = log();
    log.set_scroll_top(log.scroll_height());
    show(parts::JUMP, false);
}

/// Whether the newest message is in sight.
pub fn near_end() -> bool {
    let log = log();
    log.scroll_height() - log.scroll_top() - log.client_height() < NEAR
}
