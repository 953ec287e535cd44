//! The form before the chat.

use domain::{Answers, FieldProblem, PageVisit, check_answers};
use wasm_bindgen::JsValue;
use wire::{
    Conflict, Error,
    visitor::{StartRequest, Started},
};

use super::{
    app::{App, Wish},
    codec,
    dom::{self, area, input, status},
    js,
    text::{client_id, id_text},
};
use crate::{Say, parts};

const FIELDS: [(&str, &str); 3] =
    [(parts::NAME, parts::NAME_ERROR), (parts::EMAIL, parts::EMAIL_ERROR), (parts::QUESTION, parts::QUESTION_ERROR)];

impl App {
    pub fn restore_form(&self) {
        for (name, _) in FIELDS {
            // What was typed while the module was on its way is newer.
            if let Some(text) = self.keeper.get(name).filter(|_| value(name).is_empty()) {
                set_value(name, &text);
            }
        }
    }

    pub fn form_typed(&mut self, name: &str) {
        let text = value(name);
        self.put(name, Some(&text).filter(|text| !text.is_empty()).map(String::as_str));
        // Other answers are another request, unless one is on its way: its answer is still wanted.
        if !busy() {
            self.put("start", None);
            self.starting = None;
        }
        if let Some((_, error)) = FIELDS.iter().find(|(field, _)| *field == name) {
            mend(name, error, "");
        }
    }

    pub fn submit_form(&mut self) {
        if busy() {
            return;
        }
        status(parts::FORM_ERROR, "");
        let raw = Answers { name: value(parts::NAME), email: value(parts::EMAIL), question: value(parts::QUESTION) };
        let answers = match check_answers(&raw) {
            Ok(answers) => answers,
            Err(wrong) => {
                let wrong = wrong.iter().map(|error| (error.field, error.problem)).collect::<Vec<_>>();
                return self.show_problems(&wrong);
            }
        };
        self.show_problems(&[]);
        let known = self.starting.or_else(|| self.keeper.get("start").and_then(|id| client_id(&id)));
        let client_id = known.unwrap_or_else(js::client_id);
        self.starting = Some(client_id);
        self.put("start", Some(&id_text(client_id)));
        let request = StartRequest {
            site: self.key.clone(),
            client_id,
            answers,
            page: self.page(),
            language: Some(self.language.clone()),
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
        self.put(parts::QUESTION, None);
        set_value(parts::QUESTION, "");
        if let Some(token) = started.token {
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
    }

    pub fn not_started(&mut self, error: Option<Error>) {
        set_busy(false, "");
        match error {
            Some(Error::Invalid(fields)) => {
                let wrong: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.problem)).collect();
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
            Some(_) => status(parts::FORM_ERROR, &self.say(Say::StartFailed)),
            None => status(parts::FORM_ERROR, &self.say(Say::StartOffline)),
        }
    }

    /// The server knows no such token: begin anew, with everything that was written.
    pub fn token_unknown(&mut self) {
        self.put("token", None);
        self.other_token(None);
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
        let mut texts = vec![value(parts::QUESTION)];
        let ids: Vec<_> = self.outbox.entries().map(|entry| entry.id).collect();
        self.outbox.cut();
        for id in ids {
            let Some(entry) = self.outbox.forget(id) else { continue };
            match entry.body {
                Wish::Say(text) => {
                    self.unkeep(id, entry.at);
                    self.talk.remove(id);
                    texts.push(text);
                }
                Wish::Attach(file) => self.not_attached(file, &Error::Transport),
                _ => {}
            }
        }
        texts.push(area(parts::MESSAGE).value());
        area(parts::MESSAGE).set_value("");
        self.save_draft();
        texts.retain(|text| !text.trim().is_empty());
        let question = texts.join("\n");
        set_value(parts::QUESTION, &question);
        self.put(parts::QUESTION, Some(&question).filter(|text| !text.is_empty()).map(String::as_str));
    }

    /// Shows what is wrong with which field, and takes the person to the first.
    fn show_problems(&self, wrong: &[(&str, FieldProblem)]) {
        let mut first = None;
        for (name, error) in FIELDS {
            let problem = wrong.iter().find(|(field, _)| *field == name);
            let words = problem.map(|(_, problem)| {
                self.say(match problem {
                    FieldProblem::Missing => Say::Missing,
                    FieldProblem::NotAnEmail => Say::NotAnEmail,
                    _ => Say::FieldTooLong,
                })
            });
            if words.is_some() {
                first.get_or_insert(name);
            }
            mend(name, error, &words.unwrap_or_default());
        }
        match first {
            Some(name) => dom::focus(name),
            None if wrong.is_empty() => {}
            None => status(parts::FORM_ERROR, &self.say(Say::StartFailed)),
        }
    }
}

fn mend(name: &str, error: &str, words: &str) {
    status(error, words);
    let field = js::part(name);
    if words.is_empty() {
        let _ = field.remove_attribute("aria-invalid");
    } else {
        dom::set(&field, "aria-invalid", "true");
    }
}

/// Whatever was on its way no longer matters.
pub fn unlock() {
    if busy() {
        set_busy(false, "");
    }
}

fn busy() -> bool {
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

// An input and a text area both have a `value`; which one it is matters to nobody here.
fn value(id: &str) -> String {
    js::get_text(&js::part(id), "value").unwrap_or_default()
}

fn set_value(id: &str, text: &str) {
    if id == parts::QUESTION {
        area(id).set_value(text);
    } else {
        input(id).set_value(text);
    }
}
