//! After the end: rating, resuming.

use domain::{Outcome, Stars};
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use wire::{Conflict, Error, visitor::Rate};

use super::{
    app::{App, Wish},
    dom::{self, area, input, show, status},
    js,
    text::{digits, id_text, number, uuid_text},
};
use crate::{Say, parts};

impl App {
    /// Shows or hides what belongs to an ended chat.
    pub fn draw_end(&mut self) {
        let ended = self.ended();
        let view = js::part(parts::CHAT_VIEW);
        let was = view.has_attribute("data-ended");
        let writing = ended && dom::focused(parts::COMPOSER);
        let _ = view.toggle_attribute_with_force("data-ended", ended);
        // Not to the stars: whoever was in the middle of a word would give some with the next blank.
        if writing {
            dom::focus(parts::LOG);
        }
        show(parts::END, ended);
        let Some(state) = self.state.as_ref().filter(|_| ended) else { return };
        let blocked = state.outcome == Some(Outcome::Blocked);
        show(parts::RESUME, !blocked);
        show(parts::ANEW, !blocked);
        show(parts::KEPT, !blocked && !area(parts::MESSAGE).value().trim().is_empty());
        let met = state.agent.is_some() || self.talk.met_agent();
        let session = self.feed.session().map(|session| uuid_text(session.uuid()));
        let rated = state.stars.is_some() || (session.is_some() && self.keeper.get("rated") == session);
        let rateable = met && !blocked && state.outcome != Some(Outcome::Missed);
        if let Some(stars) = state.stars
            && !was
        {
            check_star(u8::from(stars));
            // A named rating stays one.
            let named = input(parts::ANONYMOUS);
            named.set_checked(false);
            named.set_disabled(true);
        }
        if !was || !rateable {
            show(parts::RATING, rateable && !rated);
            show(parts::THANKED, rateable && rated);
        }
        draw_stars();
    }

    pub fn send_rating(&mut self) {
        status(parts::RATING_ERROR, "");
        let Some(stars) = picked_star().and_then(|stars| Stars::try_from(stars).ok()) else {
            return status(parts::RATING_ERROR, &self.say(Say::PickStars));
        };
        let anonymous = input(parts::ANONYMOUS).checked();
        let secret = anonymous.then(|| {
            self.keeper.get("secret").unwrap_or_else(|| {
                let made = id_text(js::client_id()) + &id_text(js::client_id());
                self.put("secret", Some(&made));
                made
            })
        });
        let client_id = js::client_id();
        let words = area(parts::WORDS).value();
        let rate = Rate { client_id, stars, words, anonymous, edit_secret: secret };
        self.outbox.push(client_id, Wish::Rate(rate), js::now());
        self.line_wanted();
        self.flush();
    }

    /// It is on disk.
    pub fn rated(&mut self, rate: &Rate) {
        if let Some(session) = self.feed.session() {
            self.put("rated", Some(&uuid_text(session.uuid())));
        }
        input(parts::ANONYMOUS).set_checked(rate.anonymous);
        input(parts::ANONYMOUS).set_disabled(true);
        let had_focus = dom::focused(parts::RATING);
        show(parts::RATING, false);
        show(parts::THANKED, true);
        // Anew, so that it is said.
        let thanks = js::part(parts::THANKS);
        let words = thanks.text_content().unwrap_or_default();
        dom::text(&thanks, "");
        dom::text(&thanks, &words);
        if had_focus {
            dom::focus(parts::CHANGE);
        }
    }

    pub fn rating_refused(&mut self, error: &Error) {
        let say = match error {
            Error::Conflict(Conflict::AlreadyRated) => Say::RatingFixed,
            Error::Conflict(_) => Say::RatingClosed,
            _ => Say::StartFailed,
        };
        status(parts::RATING_ERROR, &self.say(say));
    }

    pub fn resume(&mut self) {
        let waits = self.outbox.entries().any(|entry| matches!(entry.body, Wish::Resume));
        if !waits {
            self.wish(Wish::Resume);
        }
    }

    /// The chat goes on.
    pub fn resumed(&mut self) {
        self.put("rated", None);
        for star in stars() {
            star.set_checked(false);
        }
        let _ = js::part(parts::STARS).remove_attribute("data-stars");
        area(parts::WORDS).set_value("");
        input(parts::ANONYMOUS).set_checked(false);
        input(parts::ANONYMOUS).set_disabled(false);
        self.host.event("chat started", wasm_bindgen::JsValue::UNDEFINED);
        if dom::focused(parts::END) {
            let _ = js::part(parts::CHAT_VIEW).remove_attribute("data-ended");
            dom::focus(parts::MESSAGE);
        }
    }
}

/// Stars answer to the pointer and to the keyboard alike.
pub fn draw_stars() {
    if let Some(picked) = picked_star() {
        dom::set(&js::part(parts::STARS), "data-stars", &digits(i64::from(picked)));
    }
}

pub fn change_rating() {
    show(parts::THANKED, false);
    show(parts::RATING, true);
    if let Some(star) = stars().find(HtmlInputElement::checked).or_else(|| stars().next()) {
        let _ = star.focus();
    }
}

fn stars() -> impl Iterator<Item = HtmlInputElement> {
    let found = js::part(parts::STARS).query_selector_all("input");
    let all = found.map(|found| Array::from(&found)).unwrap_or_default();
    (0..all.length()).map(move |n| all.get(n).unchecked_into())
}

fn picked_star() -> Option<u8> {
    stars().find(HtmlInputElement::checked).and_then(|star| u8::try_from(number(&star.value())?).ok())
}

fn check_star(stars_given: u8) {
    for (n, star) in (1..).zip(stars()) {
        star.set_checked(n == stars_given);
    }
}
