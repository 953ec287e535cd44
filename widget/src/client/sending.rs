//! Sending files. Choosing, looking and bringing is done by a script of its own (`scripts/widget-files.js`), which is fetched
//! when the agent lets the visitor send any; it says which file has come whole, and is told what became of it.

use domain::{AttachmentId, FileFault};
use js_sys::Promise;
use sync::Millis;
use wasm_bindgen::prelude::*;
use wire::{Conflict, Error, visitor::What};

use super::{
    app::{App, Wish},
    js::{self, On},
    text::{attachment_id, uuid_text},
};
use crate::Say;

/// One that did not come is asked for again after this.
const PATIENCE: Millis = 10_000;

#[wasm_bindgen]
extern "C" {
    /// Of the document's own script: the module, fetched at the first call.
    #[wasm_bindgen(js_name = sendingFiles)]
    fn fetch() -> Promise;

    /// The module.
    pub type Sending;

    /// Where the chat stands; `reason` says why nothing may be sent, and is empty when it may.
    #[wasm_bindgen(method)]
    fn chat(this: &Sending, token: &str, session: &str, reason: &str);

    /// What became of a file. No words: it stands in the log. `last`: trying again is of no use.
    #[wasm_bindgen(method)]
    fn answer(this: &Sending, file: &str, words: &str, last: bool);
}

impl App {
    /// Whenever that may be another: whether files may be sent, and for which chat.
    pub fn tell_sending(&mut self) {
        let open = self.state.as_ref().is_some_and(|state| state.attachments && state.status.open());
        let Some(sending) = &self.sending else {
            let now = js::now();
            if open && now - self.sending_asked > PATIENCE {
                self.sending_asked = now;
                js::then(&fetch(), On::Sending, On::Nothing, 0);
            }
            return;
        };
        let reason =
            if open { String::new() } else { self.say(if self.ended() { Say::FilesEnded } else { Say::FilesOff }) };
        let session = self.feed.session().map(|session| uuid_text(session.uuid())).unwrap_or_default();
        sending.chat(self.token.as_deref().unwrap_or_default(), &session, &reason);
    }

    /// What an event says about files.
    pub fn sending_hears(&mut self, what: &What) {
        match what {
            What::Attachment(file) => self.answer(file.id, "", true),
            What::AttachmentsAllowed { on } => {
                if let Some(state) = &mut self.state {
                    state.attachments = *on;
                }
                self.tell_sending();
            }
            _ => {}
        }
    }

    pub fn sending_here(&mut self, module: &JsValue) {
        self.sending = Some(module.clone().unchecked_into());
        self.tell_sending();
    }

    /// A file has come whole: now it is sent like a message.
    pub fn attach(&mut self, event: &JsValue) {
        if let Some(file) = js::get_text(event, "detail").and_then(|id| attachment_id(&id)) {
            self.wish(Wish::Attach(file));
        }
    }

    pub fn not_attached(&self, file: AttachmentId, error: &Error) {
        let say = match error {
            Error::File(FileFault::Svg | FileFault::Html) => Say::FileScript,
            Error::File(FileFault::Polyglot) => Say::FileHides,
            Error::File(FileFault::Damaged) => Say::FileDamaged,
            Error::File(FileFault::Infected) => Say::FileInfected,
            // Length and beginning were looked at before.
            Error::File(_) => Say::FileType,
            Error::Conflict(Conflict::AttachmentsOff) => Say::FilesOff,
            Error::Conflict(Conflict::Ended) => Say::FilesEnded,
            _ => Say::FileNotSent,
        };
        self.answer(file, &self.say(say), matches!(error, Error::File(_)));
    }

    fn answer(&self, file: AttachmentId, words: &str, last: bool) {
        if let Some(sending) = &self.sending {
            sending.answer(&uuid_text(file.uuid()), words, last);
        }
    }
}
