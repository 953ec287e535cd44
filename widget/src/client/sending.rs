//! Sending files. Choosing, looking and bringing is done by a script of its own (`scripts/widget-files.js`), which is fetched
//! when the agent lets the visitor send any; it says which file has come whole, and is told what became of it.

use domain::{AttachmentId, FileFault};
use wasm_bindgen::prelude::*;
use wire::{Conflict, Error, visitor::What};

use super::{
    app::{App, Wish},
    js,
    text::{attachment_id, uuid_text},
};

impl App {
    /// Whenever that may be another: whether files may be sent (else why not), and for which chat.
    pub fn tell_sending(&mut self) {
        let open = self.state.as_ref().is_some_and(|state| state.attachments && state.status.open());
        let reason = match open {
            true => "",
            false if self.ended() => "ended",
            false => "attachments_off",
        };
        let session = self.feed.session().map(|session| uuid_text(session.uuid())).unwrap_or_default();
        js::tell(["files".into(), reason.into(), session.into()]);
    }

    /// What an event says about files.
    pub fn sending_hears(&mut self, what: &What) {
        match what {
            What::Attachment(file) => answer(file.id, "", true),
            What::AttachmentsAllowed { on } => {
                if let Some(state) = &mut self.state {
                    state.attachments = *on;
                }
                self.tell_sending();
            }
            _ => {}
        }
    }

    /// A file has come whole: now it is sent like a message.
    pub fn attach(&mut self, event: &JsValue) {
        if let Some(file) = js::get_text(event, "detail").and_then(|id| attachment_id(&id)) {
            self.wish(Wish::Attach(file));
        }
    }
}

pub fn not_attached(file: AttachmentId, error: &Error) {
    let what = match error {
        Error::File(FileFault::Svg | FileFault::Html) => "svg",
        Error::File(FileFault::Polyglot) => "polyglot",
        Error::File(FileFault::Damaged) => "damaged",
        Error::File(FileFault::Infected) => "infected",
        // Length and beginning were looked at before.
        Error::File(_) => "unknown_type",
        Error::Conflict(Conflict::AttachmentsOff) => "attachments_off",
        Error::Conflict(Conflict::Ended) => "ended",
        _ => "lost",
    };
    answer(file, what, matches!(error, Error::File(_)));
}

/// What became of a file. Nothing is wrong: it stands in the log. `last`: trying again is of no use.
fn answer(file: AttachmentId, wrong: &str, last: bool) {
    js::tell(["file".into(), uuid_text(file.uuid()).into(), wrong.into(), last.into()]);
}
