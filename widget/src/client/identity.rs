//! Who the page says its visitor is. Nothing else goes out before that is settled: it might go to somebody else.

use js_sys::{Array, JsString};
use sync::Millis;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;
use wire::Field;

use super::{
    app::{App, Wish},
    codec,
    dom::{self, status},
    form,
    js::{self, On},
};
use crate::{Say, parts};

/// An answer that did not come is asked for again after this.
const AGAIN: Millis = 5_000;

/// What the page has said and the server has not answered.
#[derive(Default)]
pub struct Saying {
    /// JSON, as the page gave it.
    pub said: Option<String>,
    at: Millis,
    /// The one on its way.
    asked: Option<String>,
    /// How often there was no answer.
    lost: u32,
    /// Which request it is; whatever an earlier one still answers is ignored.
    turn: u32,
}

impl Saying {
    /// Whether all else waits for the answer. One that does not come holds up nobody for long.
    pub const fn pending(&self) -> bool {
        self.said.is_some() && self.lost < 3
    }
}

impl App {
    /// Something that the page says about its visitor.
    pub fn told(&mut self, words: &Array) {
        let Some(json) = words.get(1).as_string() else { return };
        if words.get(0) == "identify" {
            self.saying.said = Some(json);
            self.saying.at = js::now();
            self.saying.lost = 0;
            self.identify();
        } else {
            self.wish(Wish::Attributes(json));
        }
    }

    /// Asks the server, unless a chat is just beginning: its token says what becomes the person's.
    pub fn identify(&mut self) {
        if !self.settled || self.saying.asked.is_some() || form::busy() {
            return;
        }
        let Some(said) = self.saying.said.clone() else { return };
        let json = codec::identify_request(&self.key, &said);
        self.saying.asked = Some(said);
        self.saying.turn += 1;
        self.post_as("/w/api/identify", &json, On::Identify, On::IdentifyLost, self.saying.turn);
    }

    pub fn identify_heard(&mut self, on: On, turn: u32, what: &JsValue) {
        if turn != self.saying.turn {
            return;
        }
        match on {
            // Only a body that was read already could fail at once.
            On::Identify => {
                if let Ok(body) = what.unchecked_ref::<Response>().json() {
                    js::then(body.unchecked_ref(), On::Identified, On::IdentifyLost, turn);
                }
            }
            On::Identified => self.identified(what),
            On::IdentifyAgain => self.identify(),
            _ => self.identify_later(),
        }
    }

    fn identify_later(&mut self) {
        self.saying.asked = None;
        self.saying.lost += 1;
        js::after(AGAIN, On::IdentifyAgain, self.saying.turn);
        if form::early() {
            status(parts::FORM_ERROR, &self.say(Say::StartOffline));
        }
    }

    fn identified(&mut self, body: &JsValue) {
        let error = js::get(body, "error");
        let wrong = js::get(&js::get(&error, "invalid"), "0");
        if !error.is_undefined() && wrong.is_undefined() {
            return self.identify_later();
        }
        if self.saying.said == self.saying.asked.take() {
            self.saying.said = None;
        }
        if error.is_undefined() {
            self.is_person(body);
        } else {
            // It says which field, and what is wrong with it.
            js::set(&wrong, "code", &"identity".into());
            self.host.event("error", wrong);
        }
        self.identify();
        self.submit_early();
        self.flush();
    }

    fn is_person(&mut self, body: &JsValue) {
        if js::get(body, "other").is_truthy() {
            self.forget_visitor(self.saying.at);
        }
        let new = js::get_text(body, "token");
        let fresh = new.is_some();
        let token = new.or_else(|| self.identity.take()).or_else(|| self.token.clone());
        let known = js::get(body, "known").unchecked_into::<Array>().join(" ");
        self.put("known", Some(&String::from(known)));
        self.put("id", token.as_deref());
        self.identity.clone_from(&token);
        if fresh {
            // A start that was never answered belongs to nobody any more.
            self.put("start", None);
            self.starting = None;
        }
        self.draw_asked();
        let chat = js::get(body, "session").is_string();
        if chat && (self.token != token || self.line.phase == super::line::Phase::Off) {
            self.put("token", token.as_deref());
            self.other_token(token);
        } else if !chat && fresh && self.token.is_some() {
            self.put("token", None);
            self.other_token(None);
        }
    }

    /// Whom the page has identified is not asked for what it has signed.
    pub fn draw_asked(&self) {
        let known: JsString = self.identity.as_ref().and_then(|_| self.keeper.get("known")).unwrap_or_default().into();
        dom::class(&js::part(parts::FORM_VIEW), "user", self.identity.is_some());
        form::hide(|kind| known.includes(kind, 0));
    }

    /// The site serves only those whom its page has identified.
    pub fn strange(&mut self) {
        self.disconnect();
        dom::set(&js::part(parts::FORM_VIEW), parts::ONLY, "");
        self.identity = None;
        self.draw_asked();
        self.show_chat(false);
        self.focus_first();
    }

    /// What the page said of whoever was here before is of no use for the next.
    pub fn drop_attributes(&mut self, before: Millis) {
        let old: Vec<_> = self
            .outbox
            .entries()
            .filter(|entry| entry.at < before && matches!(entry.body, Wish::Attributes(_)))
            .map(|entry| entry.id)
            .collect();
        for id in old {
            self.outbox.forget(id);
        }
    }

    pub fn attributes_refused(&self, wrong: &[Field]) {
        let Some(Field { field, problem }) = wrong.first() else { return };
        let key = field.strip_prefix("attributes.").unwrap_or(field);
        let problem = match problem {
            domain::FieldProblem::TooMany => "too_many",
            domain::FieldProblem::TooLong => "too_long",
            _ => "unknown",
        };
        let detail = [("code", "attributes".into()), ("field", key.into()), ("problem", problem.into())];
        self.host.event("error", js::object(detail).into());
    }

    /// Everything that was said is void.
    pub fn unsay(&mut self) {
        self.saying.said = None;
        self.saying.asked = None;
        self.saying.turn += 1;
    }
}
