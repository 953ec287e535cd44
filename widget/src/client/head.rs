//! The head, the connection bar, and which of the two views is shown.

use sync::Millis;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

use super::{
    app::{App, Wish},
    dom::{self, show},
    form,
    frames::to_bottom,
    js,
    line::Phase,
};
use crate::{Say, parts};

/// A gap shorter than this is not worth a word.
const NOTICEABLE: Millis = 1_500;

impl App {
    pub fn show_chat(&mut self, chat: bool) {
        show(parts::FORM_VIEW, !chat);
        show(parts::CHAT_VIEW, chat);
        show(parts::BACK, self.token.is_some());
        form::ask(self.token.is_none());
        self.draw_head();
    }

    /// Where a person who has just opened the panel wants to be.
    pub fn focus_first(&self) {
        if js::part(parts::CHAT_VIEW).hidden() {
            form::focus_first();
        } else if self.ended() {
            dom::focus(parts::LOG);
        } else {
            dom::focus(parts::MESSAGE);
        }
    }

    pub fn draw_head(&self) {
        let chat = !js::part(parts::CHAT_VIEW).hidden();
        show(parts::MENU_BUTTON, chat);
        let faces = js::part(parts::FACES);
        let agent = self.state.as_ref().filter(|_| chat).and_then(|state| state.agent.as_ref());
        let (who, sub) = match agent {
            Some(agent) => (&agent.name, &self.site),
            None => (&self.site, &self.reply),
        };
        dom::status(parts::WHO, who);
        dom::status(parts::SUB, sub);
        // The team's faces stay in the document; one's agent's face stands in front of them.
        let own = faces.query_selector(".agent").ok().flatten();
        match (agent, own) {
            (Some(agent), own) => {
                let face: HtmlElement = own.map_or_else(
                    || {
                        let face = dom::inside(&dom::cloned(parts::T_LINE), ".face");
                        dom::class(&face, "agent", true);
                        let _ = faces.prepend_with_node_1(&face);
                        face
                    },
                    JsCast::unchecked_into,
                );
                dom::paint(&face, agent);
            }
            (None, Some(face)) => face.remove(),
            (None, None) => {}
        }
        dom::class(&faces, "alone", agent.is_some());
    }

    /// The thin bar that says what is wrong with the line.
    pub fn draw_bar(&self) {
        let now = js::now();
        let down = self.line.down_since.is_some_and(|since| now - since >= NOTICEABLE);
        let stopped = self.line.phase == Phase::Stopped;
        let shown = self.token.is_some() && (down || stopped);
        let changed = js::part(parts::BAR).hidden() == shown;
        show(parts::BAR, shown);
        if changed && shown && !stopped {
            self.host.error("offline");
        }
        if changed && self.reading_along {
            to_bottom();
        }
        if !shown {
            dom::status(parts::BAR_TEXT, "");
            return;
        }
        dom::status(parts::BAR_TEXT, &self.say(if stopped { Say::Reload } else { Say::Offline }));
        let when = match self.line.phase {
            Phase::Waiting(until) => self.fill_n(Say::TryingIn, ((until - now + 999) / 1_000).max(1)),
            Phase::Stopped => String::new(),
            _ => self.say(Say::Trying),
        };
        dom::text(&js::part(parts::BAR_WHEN), &when);
    }

    pub fn answer_leave(&mut self, leave: bool) {
        leave_dialog().close();
        if leave {
            self.wish(Wish::Leave);
        }
        dom::focus(if self.ended() { parts::LOG } else { parts::MESSAGE });
    }
}

pub fn leaving() -> bool {
    leave_dialog().open()
}

fn leave_dialog() -> HtmlDialogElement {
    js::part(parts::LEAVE).unchecked_into()
}
