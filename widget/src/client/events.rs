//! What the visitor does, and what other tabs do.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, KeyboardEvent, StorageEvent};

use super::{
    app::App,
    end, frames, head, js,
    text::{cut, number, session_id},
};
use crate::parts;

impl App {
    pub fn clicked(&mut self, target: &Element) {
        let Ok(Some(button)) = target.closest("button") else { return end::draw_stars() };
        match button.id().as_str() {
            parts::LEAVE_NO => self.answer_leave(false),
            parts::LEAVE_YES => self.answer_leave(true),
            parts::CLOSE => self.host.close(),
            parts::JUMP => frames::to_bottom(),
            parts::RESUME => self.resume(),
            parts::ANEW => self.new_chat(),
            parts::BACK => {
                self.show_chat(true);
                self.focus_first();
            }
            parts::CHANGE => end::change_rating(),
            _ => self.talk_clicked(&button),
        }
    }

    pub fn typed(&mut self, target: &Element) {
        match target.id().as_str() {
            parts::MESSAGE => self.message_typed(),
            _ => self.form_typed(target),
        }
    }

    pub fn submitted(&mut self, event: &Event) {
        event.prevent_default();
        match target(event).id().as_str() {
            parts::FORM => self.submit_form(),
            parts::COMPOSER => self.send_message(),
            parts::RATING => self.send_rating(),
            _ => {}
        }
    }

    pub fn key(&mut self, event: &KeyboardEvent) {
        let at = target(event).id();
        match event.key().as_str() {
            // Not while an input method composes: there Enter chooses a word.
            "Enter"
                if at == parts::MESSAGE && !event.shift_key() && !event.is_composing() && event.key_code() != 229 =>
            {
                event.prevent_default();
                self.send_message();
            }
            // The question about leaving closes itself; what else can be closed keeps the key to itself.
            "Escape" if !event.is_composing() && !head::leaving() => self.host.close(),
            _ => {}
        }
    }

    /// Another tab has changed something.
    pub fn stored(&mut self, event: &StorageEvent) {
        let Some(key) = event.key() else { return };
        if let Some(name) = self.keeper.short(&key).map(String::from) {
            self.changed(&name, event.new_value());
        }
    }

    /// Another tab has put something into what we keep, or taken it out.
    pub fn changed(&mut self, name: &str, value: Option<String>) {
        match name {
            "token" => {
                if value != self.token {
                    self.other_token(value);
                }
            }
            "id" => {
                self.identity = value;
                self.draw_asked();
            }
            "read" => {
                let told = value.unwrap_or_default();
                if let Some((newest, session)) = cut(&told, ' ')
                    && self.feed.session() == session_id(session)
                {
                    self.marker.read(number(newest).and_then(|newest| u32::try_from(newest).ok()).unwrap_or(0));
                    self.seen();
                }
            }
            _ => {
                if let Some(entry) = name.strip_prefix("o.") {
                    self.other_entry(entry, value);
                }
            }
        }
    }
}

/// Where it happened.
pub fn target(event: &JsValue) -> Element {
    let target = event.unchecked_ref::<Event>().target();
    target.and_then(|target: EventTarget| target.dyn_into().ok()).unwrap_or_else(|| js::part(parts::LOG).into())
}
