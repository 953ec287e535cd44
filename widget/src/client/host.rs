//! The host page: its launcher is the only one talked to, and only if its origin may embed this frame.

use js_sys::{Array, Object, Reflect};
use sync::Millis;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

use super::{
    app::App,
    dom, form,
    js::{self, On},
};
use crate::{Say, parts};

#[derive(Default)]
pub struct Host {
    port: Option<MessagePort>,
    /// Whether the panel is shown.
    pub open: bool,
    pub url: String,
    pub title: String,
    unread: u32,
    chat: Option<bool>,
    /// What the launcher says in the panel's language.
    words: JsValue,
}

impl Host {
    pub fn new(words: JsValue) -> Self {
        Self { words, ..Self::default() }
    }

    /// Says it to the page around, and to the scripts beside this module.
    fn say<const N: usize>(&self, words: [JsValue; N]) {
        let words = js::array(words);
        js::told(&words);
        self.post(&words);
    }

    fn post(&self, words: &Array) {
        if let Some(port) = &self.port {
            let _ = port.post_message(words);
        }
    }

    pub fn event(&self, name: &str, detail: JsValue) {
        self.say(["event".into(), name.into(), detail]);
    }

    pub fn error(&self, code: &str) {
        self.event("error", js::object([("code", code.into())]).into());
    }

    pub fn unread(&mut self, unread: u32) {
        if self.unread != unread {
            self.unread = unread;
            self.say(["unread".into(), unread.into()]);
        }
    }

    /// Whether a chat is running: the host page remembers that.
    pub fn chat(&mut self, running: bool) {
        if self.chat != Some(running) {
            self.chat = Some(running);
            self.say(["chat".into(), running.into()]);
        }
    }

    pub fn close(&self) {
        self.say(["close".into()]);
    }
}

impl App {
    /// Asks the page around for a port. Without one (opened by itself, or not by our launcher) the frame works alone.
    pub fn greet_host(&mut self) {
        let window = js::window();
        let parent = window.parent().ok().flatten();
        if let Some(parent) = parent.filter(|parent| *parent != window) {
            js::listen(&window, "message", On::WindowMessage);
            // Says nothing that everybody might not know.
            let _ = parent.post_message(&js::object([("deskbell", "hello".into())]), "*");
            js::after(1_500, On::HostSilent, 0);
        } else {
            self.host_silent();
        }
    }

    pub fn window_message(&mut self, event: &MessageEvent) {
        let window = js::window();
        let parent = window.parent().ok().flatten();
        let from_parent = parent.is_some_and(|parent| js::get(event, "source") == JsValue::from(parent));
        let data = event.data();
        if !from_parent
            || self.host.port.is_some()
            || !self.origins.includes(&JsValue::from_str(&event.origin()), 0)
            || js::get_text(&data, "deskbell").as_deref() != Some("host")
        {
            return;
        }
        let Ok(port) = event.ports().get(0).dyn_into::<MessagePort>() else { return };
        port.set_onmessage(Some(&js::ear(On::Host, 0)));
        self.host.port = Some(port);
        self.host.say(["words".into(), self.language.as_str().into(), self.host.words.clone()]);
        let page: Array = js::get(&data, "page").unchecked_into();
        self.host_page(&page.get(0), &page.get(1));
        if js::get(&data, "forget").is_truthy() {
            self.forget_visitor(js::now());
        }
        let kept = js::get(&data, "kept");
        if !self.keeper.has_own() {
            self.take_kept(&kept);
            if let Some(tab) = js::get_text(&data, "tab") {
                self.keeper.tab = tab;
            }
        }
        self.host.chat = None;
        // Before a form that was sent early goes out: it may be another person's.
        for words in js::get(&data, "told").unchecked_into::<Array>() {
            self.told(words.unchecked_ref());
        }
        self.settle_in();
        // The line may have been quicker than the host page, and nobody could say then where one is.
        self.tell_page();
        let focus = js::get(&data, "focus").is_truthy();
        self.host_open(js::get(&data, "open").is_truthy(), focus);
        self.refresh();
    }

    pub fn host_said(&mut self, words: &Array) {
        match words.get(0).as_string().as_deref() {
            Some("open") => self.host_open(true, words.get(1).is_truthy()),
            Some("close") => self.host_open(false, false),
            // Another tab's, while the host page keeps things for us.
            Some("put") if !self.keeper.has_own() => {
                if let Some(name) = words.get(1).as_string() {
                    let value = words.get(2).as_string();
                    self.keeper.put(&name, value.as_deref());
                    self.changed(&name, value);
                }
            }
            Some("identify" | "attributes") => self.told(words),
            Some("forget") => {
                self.unsay();
                self.forget_visitor(Millis::MAX);
            }
            Some("page") => {
                self.host_page(&words.get(1), &words.get(2));
                self.tell_page();
            }
            _ => {}
        }
    }

    /// Somebody else sits before the page now: nothing of who was here stays in this browser. The chat itself goes on for
    /// the team, as it does when a visitor closes the page.
    pub fn forget_visitor(&mut self, before: Millis) {
        self.other_token(None);
        self.identity = None;
        self.drop_attributes(before);
        form::clear();
        for name in self.keeper.names("") {
            self.put(&name, None);
        }
        self.draw_asked();
    }

    /// Nobody answered: alone, with what storage there is.
    pub fn host_silent(&mut self) {
        if self.host.port.is_none() {
            self.host.open = true;
            if !self.keeper.has_own() {
                self.unkept();
            }
            self.settle_in();
        }
    }

    /// Keeps something through a reload.
    pub fn put(&mut self, name: &str, value: Option<&str>) {
        let words = js::array(["put".into(), name.into(), value.map_or(JsValue::NULL, JsValue::from_str)]);
        js::told(&words);
        if self.keeper.put(name, value) {
            self.host.post(&words);
        }
    }

    /// Everything that is kept, with what was written in the last second too.
    pub fn kept(&mut self) -> JsValue {
        self.save_dirty_draft();
        let all = Object::new();
        for name in self.keeper.names("") {
            js::set(&all, &name, &self.keeper.get(&name).unwrap_or_default().into());
        }
        all.into()
    }

    /// What a script beside wants kept: its name, and its text.
    pub fn keep(&mut self, words: &Array) {
        if let Some(name) = words.get(0).as_string() {
            let value = words.get(1).as_string();
            self.put(&name, value.as_deref());
            self.changed(&name, value);
        }
    }

    fn host_open(&mut self, open: bool, focus: bool) {
        self.host.open = open;
        if open && focus {
            self.focus_first();
        }
        self.seen();
    }

    fn host_page(&mut self, url: &JsValue, title: &JsValue) {
        self.host.url = url.as_string().unwrap_or_default();
        self.host.title = title.as_string().unwrap_or_default();
    }

    fn take_kept(&mut self, kept: &JsValue) {
        let Some(kept) = kept.dyn_ref::<Object>() else { return self.unkept() };
        for name in Object::keys(kept) {
            if let (Some(name), Some(value)) =
                (name.as_string(), Reflect::get(kept, &name).ok().and_then(|value| value.as_string()))
                && self.keeper.get(&name).is_none()
            {
                self.keeper.put(&name, Some(&value));
            }
        }
        // What came to be before the host page answered.
        for name in self.keeper.names("") {
            let value = self.keeper.get(&name);
            self.put(&name, value.as_deref());
        }
        js::part(parts::NOTICE).set_hidden(true);
        self.unsettle();
    }

    fn unkept(&self) {
        let notice = js::part(parts::NOTICE);
        dom::text(&notice, &self.say(Say::Unkept));
        notice.set_hidden(false);
        self.host.error("storage");
    }
}
