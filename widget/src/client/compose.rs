//! The composer and the outbox behind it.

use domain::{ClientId, TextError, message_text};
use sync::{Kept, Verdict};
use wire::{
    Conflict, Error,
    visitor::{Ack, ClientFrame},
};

use super::{
    app::{App, Wish},
    codec,
    dom::{self, area, status},
    form,
    frames::to_bottom,
    js,
    line::Phase,
    sending,
    text::{client_id, cut, digits, id_text, number},
};
use crate::{Say, parts};

impl App {
    pub fn message_typed(&mut self) {
        status(parts::MESSAGE_ERROR, "");
        self.draft_dirty = true;
        grow();
        if self.reading_along {
            to_bottom();
        }
        let writing = !area(parts::MESSAGE).value().trim().is_empty();
        if let Some(on) = self.typing_out.key(writing, js::now()) {
            self.tell_typing(on);
        }
    }

    pub fn save_draft(&mut self) {
        let text = area(parts::MESSAGE).value();
        self.put("draft", Some(text.as_str()).filter(|text| !text.is_empty()));
    }

    pub fn send_message(&mut self) {
        let field = area(parts::MESSAGE);
        let text = match message_text(&js::mask_cards(&field.value())) {
            Ok(text) => text,
            Err(TextError::Empty) => return,
            Err(TextError::TooLong) => return status(parts::MESSAGE_ERROR, &self.say(Say::TooLong)),
        };
        field.set_value("");
        grow();
        self.save_draft();
        if let Some(on) = self.typing_out.key(false, js::now()) {
            self.tell_typing(on);
        }
        let id = js::client_id();
        let at = js::now();
        self.outbox.push(id, Wish::Say(text.clone()), at);
        let at = self.outbox.get(id).map_or(at, |entry| entry.at);
        let mut kept = self.keeper.tab.clone();
        kept.push('\n');
        kept.push_str(&text);
        self.put(&entry_name(id, at), Some(&kept));
        self.talk.write(id, &text, at, &self.say(Say::You), None);
        self.redraw_talk();
        to_bottom();
        self.line_wanted();
        self.flush();
        self.refresh();
    }

    /// Something else the visitor wants done.
    pub fn wish(&mut self, wish: Wish) -> ClientId {
        let id = js::client_id();
        self.outbox.push(id, wish, js::now());
        self.line_wanted();
        self.flush();
        id
    }

    /// What a reload or another tab left, and the draft.
    pub fn restore_chat(&mut self) {
        for name in self.keeper.names("o.") {
            let value = self.keeper.get(&name);
            if let Some(entry) = name.strip_prefix("o.") {
                self.take_entry(entry, value.as_deref().unwrap_or_default());
            }
        }
        if let Some(draft) = self.keeper.get("draft") {
            area(parts::MESSAGE).set_value(&draft);
        }
        grow();
    }

    /// Another tab has put something into the outbox, or taken it out.
    pub fn other_entry(&mut self, entry: &str, value: Option<String>) {
        match value {
            Some(value) if value.is_empty() => {
                if let Some(id) = entry_id(entry) {
                    self.outbox.forget(id);
                    self.talk.remove(id);
                }
            }
            Some(value) => {
                self.take_entry(entry, &value);
                self.redraw_talk();
            }
            // Done there. Its event comes to this tab too, and finds its bubble.
            None => {
                if let Some(id) = entry_id(entry) {
                    self.outbox.done(id);
                }
            }
        }
        self.refresh();
    }

    fn take_entry(&mut self, entry: &str, value: &str) {
        let Some((tab, text)) = cut(value, '\n') else { return };
        let (Some(id), Some(at)) = (entry_id(entry), cut(entry, '.').and_then(|(at, _)| number(at))) else {
            return;
        };
        let foreign = (tab != self.keeper.tab).then(js::now);
        if self.outbox.restore(Kept { id, body: Wish::Say(text.into()), at }, foreign) {
            let mut later = self.outbox.entries().map(|entry| entry.id).skip_while(|&held| held != id);
            let next = later.nth(1);
            self.talk.write(id, text, at, &self.say(Say::You), next);
        }
    }

    /// Sends what is due.
    pub fn flush(&mut self) {
        if self.line.phase != Phase::Open || self.saying.pending() {
            return;
        }
        let now = js::now();
        if let Some(entry) = self.outbox.due(now) {
            let client_id = entry.id;
            let frame = match &entry.body {
                Wish::Say(text) => ClientFrame::Send { client_id, text: text.clone() },
                Wish::Attach(file) => ClientFrame::Attach { client_id, file: *file },
                Wish::Leave => ClientFrame::Leave { client_id },
                Wish::Resume => ClientFrame::Resume { client_id },
                Wish::Rate(rate) => ClientFrame::Rate(rate.clone()),
                Wish::Attributes(json) => {
                    let json = codec::attributes_frame(client_id, json);
                    return self.send_json(&json, js::On::Reply);
                }
            };
            self.send(&frame, js::On::Reply);
        }
    }

    pub fn acked(&mut self, ack: &Ack) {
        self.talk.acked(ack.client_id, ack.vseq);
        self.done(ack.client_id);
    }

    /// The server has done it.
    pub fn done(&mut self, id: ClientId) {
        let Some(entry) = self.outbox.done(id) else { return };
        match entry.body {
            Wish::Say(_) => self.unkeep(id, entry.at),
            // A file's event says that it is there.
            Wish::Leave | Wish::Attach(_) | Wish::Attributes(_) => {}
            Wish::Resume => {
                self.resumed();
                self.outbox.retry_ended();
            }
            Wish::Rate(rate) => self.rated(&rate),
        }
        self.flush();
    }

    pub fn refused(&mut self, id: ClientId, error: &Error) {
        if matches!(error, Error::Unauthenticated) {
            return self.token_unknown();
        }
        let verdict = self.outbox.refused(id, error.clone(), js::now());
        let failed = verdict == Verdict::Failed;
        let wish = self.outbox.get(id).map(|entry| entry.body.clone());
        match wish {
            Some(Wish::Say(_)) | None => {}
            Some(wish) if failed => {
                self.outbox.forget(id);
                match wish {
                    Wish::Rate(_) => self.rating_refused(error),
                    Wish::Attach(file) => sending::not_attached(file, error),
                    Wish::Attributes(_) => {
                        if let Error::Invalid(wrong) = error {
                            self.attributes_refused(wrong);
                        }
                    }
                    Wish::Resume if matches!(error, Error::Forbidden) => {
                        self.host.error("refused");
                        status(parts::MESSAGE_ERROR, &self.say(Say::StartFailed));
                    }
                    // Another tab was quicker: that is all that was wanted.
                    Wish::Resume if matches!(error, Error::Conflict(Conflict::NotEnded)) => {
                        self.outbox.retry_ended();
                        self.reconnect();
                    }
                    Wish::Resume if matches!(error, Error::Conflict(Conflict::AlreadyOpen { .. })) => self.reconnect(),
                    Wish::Leave if matches!(error, Error::Conflict(Conflict::Ended)) => self.reconnect(),
                    _ => status(parts::MESSAGE_ERROR, &self.say(Say::StartFailed)),
                }
            }
            Some(_) => {}
        }
        self.flush();
        self.refresh();
    }

    /// Takes it out of the storage.
    pub fn unkeep(&mut self, id: ClientId, at: i64) {
        self.put(&entry_name(id, at), None);
    }

    /// The person gives up on a failed message.
    pub fn drop_message(&mut self, id: ClientId) {
        if let Some(entry) = self.outbox.forget(id) {
            // Emptied first, so that the other tabs can tell it from one that was sent.
            self.put(&entry_name(id, entry.at), Some(""));
            self.unkeep(id, entry.at);
            self.talk.remove(id);
            dom::focus(parts::LOG);
        }
    }

    /// The token has gone, or come, in another tab or by the server's word.
    pub fn other_token(&mut self, token: Option<String>) {
        let gone = token.is_none();
        self.token = token;
        self.state = None;
        if gone {
            self.disconnect();
            self.gather_unsent();
            self.forget_talk();
            self.show_chat(false);
            self.host.chat(false);
        } else {
            self.show_chat(true);
            self.reconnect();
        }
        self.tell_sending();
        form::unlock();
    }
}

/// As tall as its text; the sheet stops it at five lines.
fn grow() {
    let field = js::part(parts::MESSAGE);
    let style = field.style();
    let _ = style.set_property("height", "auto");
    let height = field.scroll_height();
    if height > 0 {
        let mut pixels = digits(i64::from(height));
        pixels.push_str("px");
        let _ = style.set_property("height", &pixels);
    } else {
        let _ = style.remove_property("height");
    }
}

fn entry_name(id: ClientId, at: i64) -> String {
    let mut name = String::from("o.");
    name.push_str(&digits(at));
    name.push('.');
    name.push_str(&id_text(id));
    name
}

fn entry_id(entry: &str) -> Option<ClientId> {
    client_id(cut(entry, '.')?.1)
}
