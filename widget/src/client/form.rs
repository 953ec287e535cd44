//! The form before the chat.

mod asked;

use domain::{Answers, FieldKind, FieldProblem, PageVisit};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlTextAreaElement};
use wire::{
    Conflict, Error,
    visitor::{StartRequest, Started},
};

use self::asked::{Asked, fields, kept_as};
pub use self::asked::{clear, hide};

use super::{
    app::{App, Wish},
    codec,
    dom::{self, area, status},
    js, sending,
    text::{client_id, id_text},
};
use crate::{Say, parts};

/// On the form: it was sent, and nobody could do anything about it yet.
const EARLY: &str = "data-early";

impl App {
    pub fn restore_form(&self) {
        for field in fields() {
            // What was typed while the module was on its way is newer.
            if let Some(text) = self.keeper.get(&kept_as(&field.key)).filter(|_| field.value().is_empty()) {
                field.put(&text);
            }
        }
    }

    pub fn form_typed(&mut self, target: &Element) {
        let Some(field) = Asked::of(target.clone().unchecked_into()) else { return };
        self.keep_field(&field);
        // Other answers are another request, unless one is on its way: its answer is still wanted.
        if !busy() {
            self.put("start", None);
            self.starting = None;
        }
        field.mend("");
    }

    fn keep_field(&mut self, field: &Asked) {
        let text = field.value();
        self.put(&kept_as(&field.key), Some(&text).filter(|text| !text.is_empty()).map(String::as_str));
    }

    pub fn submit_form(&mut self) {
        if busy() {
            return;
        }
        status(parts::FORM_ERROR, "");
        if self.saying.pending() {
            // Goes out as soon as it is known whose it is.
            return dom::set(&js::part(parts::FORM), EARLY, "");
        }
        let mut answers = Vec::new();
        let mut wrong = Vec::new();
        let known = known();
        for field in fields() {
            // Of whoever is known not everything is asked; what they are not asked cannot be missing.
            if field.hidden() || known && !field.kind.always_required() {
                continue;
            }
            match field.kind.check(field.node.has_attribute("required"), &js::mask_cards(&field.value())) {
                Ok(value) => answers.push((field.key, value)),
                Err(problem) => wrong.push((field.key, problem)),
            }
        }
        self.show_problems(&wrong);
        if !wrong.is_empty() {
            return;
        }
        let answers = Answers(answers);
        let known = self.starting.or_else(|| self.keeper.get("start").and_then(|id| client_id(&id)));
        let client_id = known.unwrap_or_else(js::client_id);
        self.starting = Some(client_id);
        self.put("start", Some(&id_text(client_id)));
        let request = StartRequest {
            site: self.key.clone(),
            client_id,
            answers,
            message: js::part(parts::FORM).has_attribute(parts::AWAY),
            page: self.page(),
            language: Some(self.language.clone()),
            time_zone: js::time_zone(),
        };
        set_busy(true, &self.say(Say::Starting));
        self.post_start(&codec::start_request(&request));
    }

    /// The page around.
    pub fn page(&self) -> Option<PageVisit> {
        (!self.host.url.is_empty()).then(|| PageVisit { url: self.host.url.clone(), title: self.host.title.clone() })
    }

    pub fn started(&mut self, started: Started) {
        set_busy(false, "");
        self.starting = None;
        self.put("start", None);
        question().set_value("");
        self.keep_question();
        // Nobody agrees by a box that stands checked from the last time.
        for field in fields().into_iter().filter(|field| field.kind == FieldKind::Consent) {
            field.put("");
            self.keep_field(&field);
        }
        if started.token.is_some() {
            // Whatever was sent along is no identity any more.
            self.put("id", None);
            self.identity = None;
            self.draw_asked();
        }
        if let Some(token) = started.token.or_else(|| self.identity.clone()) {
            self.put("token", Some(&token));
            self.token = Some(token);
        }
        self.put("rated", None);
        self.state = None;
        self.forget_talk();
        self.show_chat(true);
        dom::focus(parts::MESSAGE);
        self.host.chat(true);
        self.host.event("chat started", JsValue::UNDEFINED);
        self.reconnect();
        self.identify();
    }

    pub fn not_started(&mut self, error: Option<Error>) {
        set_busy(false, "");
        match error {
            Some(Error::Invalid(fields)) => {
                let wrong: Vec<_> = fields.into_iter().map(|field| (field.field, field.problem)).collect();
                self.show_problems(&wrong);
            }
            // Another tab was quicker.
            Some(Error::Conflict(Conflict::AlreadyOpen { .. })) if self.token.is_some() => {
                self.show_chat(true);
                self.reconnect();
            }
            // The token is worth nothing (any more): once more, as somebody new.
            Some(Error::Unauthenticated) if self.token.is_some() => {
                self.put("token", None);
                self.token = None;
                self.submit_form();
            }
            Some(Error::RateLimited { retry_after }) => {
                status(parts::FORM_ERROR, &self.fill_n(Say::SlowDown, i64::from(retry_after)));
                js::after(i64::from(retry_after) * 1_000, js::On::StartLost, 1);
            }
            Some(Error::Conflict(Conflict::Unidentified)) => self.strange(),
            Some(error) => {
                if error == Error::Forbidden {
                    self.host.error("refused");
                }
                status(parts::FORM_ERROR, &self.say(Say::StartFailed));
            }
            None => {
                self.host.error("offline");
                status(parts::FORM_ERROR, &self.say(Say::StartOffline));
            }
        }
        self.identify();
    }

    /// The server knows no such token: begin anew, with everything that was written.
    pub fn token_unknown(&mut self) {
        let kept = self.keeper.get("token");
        if kept.is_some() && kept != self.token {
            // Another tab has been given one in its place.
            return self.other_token(kept);
        }
        for name in ["token", "id"] {
            self.put(name, None);
        }
        self.identity = None;
        self.draw_asked();
        self.other_token(None);
    }

    /// Sends the form that was sent before it could be.
    pub fn submit_early(&mut self) {
        if !js::part(parts::FORM_VIEW).hidden() && !self.saying.pending() && early() {
            self.submit_form();
        }
    }

    /// A new chat beside the ended one.
    pub fn new_chat(&mut self) {
        self.gather_unsent();
        self.restore_form();
        self.show_chat(false);
        dom::focus(parts::QUESTION);
    }

    /// Puts what never went out, and what stands in the composer, into the form.
    pub fn gather_unsent(&mut self) {
        let mut texts = vec![question().value()];
        let ids: Vec<_> = self.outbox.entries().map(|entry| entry.id).collect();
        self.outbox.cut();
        for id in ids {
            // What the page has said waits for the next chat.
            if self.outbox.get(id).is_some_and(|entry| matches!(entry.body, Wish::Attributes(_))) {
                continue;
            }
            let Some(entry) = self.outbox.forget(id) else { continue };
            match entry.body {
                Wish::Say(text) => {
                    self.unkeep(id, entry.at);
                    self.talk.remove(id);
                    texts.push(text);
                }
                Wish::Attach(file) => sending::not_attached(file, &Error::Transport),
                _ => {}
            }
        }
        texts.push(area(parts::MESSAGE).value());
        area(parts::MESSAGE).set_value("");
        self.save_draft();
        texts.retain(|text| !text.trim().is_empty());
        question().set_value(&texts.join("\n"));
        self.keep_question();
    }

    fn keep_question(&mut self) {
        if let Some(field) = Asked::of(js::part(parts::QUESTION)) {
            self.keep_field(&field);
        }
    }

    /// Shows what is wrong with which field, and takes the person to the first.
    fn show_problems(&self, wrong: &[(String, FieldProblem)]) {
        // A message that is left is no question.
        let away = js::part(parts::FORM).has_attribute(parts::AWAY);
        let mut first = None;
        for field in fields() {
            let problem = wrong.iter().find(|(key, _)| *key == field.key);
            let words = problem.map(|(_, problem)| {
                self.say(match (problem, field.kind) {
                    (FieldProblem::Missing, FieldKind::Question) if !away => Say::Missing,
                    (FieldProblem::Missing, FieldKind::Consent) => Say::Agree,
                    (FieldProblem::NotAnEmail, _) => Say::NotAnEmail,
                    (FieldProblem::NotAPhone, _) => Say::NotAPhone,
                    (FieldProblem::TooLong, _) => Say::FieldTooLong,
                    _ => Say::Needed,
                })
            });
            field.mend(&words.clone().unwrap_or_default());
            if words.is_some() && first.is_none() {
                first = Some(field);
            }
        }
        match first {
            Some(field) => {
                // A form that the site has changed since asks for what was hidden.
                if !field.kind.always_required() {
                    ask(true);
                }
                let _ = field.node.focus();
            }
            None if wrong.is_empty() => {}
            None => status(parts::FORM_ERROR, &self.say(Say::StartFailed)),
        }
    }
}

fn question() -> HtmlTextAreaElement {
    area(parts::QUESTION)
}

/// Shows the whole form, or only what is always asked where the site asks whom it knows for nothing else.
pub fn ask(all: bool) {
    let form = js::part(parts::FORM);
    dom::class(&form, "known", !all && form.has_attribute(parts::ONCE));
}

fn known() -> bool {
    js::part(parts::FORM).class_list().contains("known")
}

/// To the first field in which nothing stands, or to the question.
pub fn focus_first() {
    let typed = |field: &Asked| field.checkbox() || field.kind == FieldKind::Choice;
    let empty = |field: &Asked| {
        !field.hidden() && (field.kind == FieldKind::Question || !typed(field) && field.value().is_empty())
    };
    let view = js::part(parts::FORM_VIEW);
    if view.has_attribute(parts::ONLY) && !view.class_list().contains("user") {
        return dom::focus(parts::STRANGERS);
    }
    if known() {
        return dom::focus(parts::QUESTION);
    }
    if let Some(field) = fields().into_iter().find(empty) {
        let _ = field.node.focus();
    }
}

/// Whatever was on its way no longer matters.
pub fn unlock() {
    if busy() {
        set_busy(false, "");
    }
}

/// Whether the form was sent too early; that is asked only once.
pub fn early() -> bool {
    let form = js::part(parts::FORM);
    let early = form.has_attribute(EARLY);
    let _ = form.remove_attribute(EARLY);
    early
}

pub fn busy() -> bool {
    js::part(parts::START).has_attribute("aria-busy")
}

/// The button keeps the focus while it is busy, so it is not disabled.
fn set_busy(on: bool, words: &str) {
    let button = js::part(parts::START);
    let _ = button.toggle_attribute_with_force("aria-busy", on);
    if on {
        dom::set(&button, "aria-busy", "true");
        dom::set(&button, "data-words", &button.text_content().unwrap_or_default());
        dom::text(&button, words);
    } else if let Some(words) = button.get_attribute("data-words") {
        dom::text(&button, &words);
    }
}
