//! Files in the log. Where they lie is asked for with the token, and anew before that address ends.

use domain::Attachment;
use sync::Millis;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Response};

use super::{
    app::App,
    dom,
    js::{self, On},
    talk::Talk,
    text::{digits, uuid_text},
};
use crate::parts;

/// An address opens a file for ten minutes at least.
const STANDS: Millis = 9 * 60_000;
/// An answer that takes longer is lost.
const PATIENCE: Millis = 15_000;
/// Asked for at once.
const AT_ONCE: usize = 4;

/// A file in the log.
pub struct Shown {
    id: String,
    link: HtmlElement,
    preview: bool,
    asked: Millis,
    answered: bool,
}

impl App {
    /// Asks where the files that are shown lie.
    pub fn ask_links(&mut self, now: Millis) {
        if self.token.is_none() {
            return;
        }
        let due = |file: &&mut Shown| now - file.asked > if file.answered { STANDS } else { PATIENCE };
        let mut paths = Vec::new();
        for file in self.talk.files.iter_mut().filter(due).take(AT_ONCE) {
            file.asked = now;
            paths.push(["/w/api/files/", &file.id].concat());
        }
        for path in paths {
            self.ask(&path, On::Links);
        }
    }
}

impl Talk {
    /// The answer: `{"file": "/w/files/{id}/file?…", "preview": …}`.
    pub fn linked(&mut self, body: &JsValue) {
        let Some(address) = js::get_text(body, "file") else { return };
        let Some(file) = self.files.iter_mut().find(|file| address.contains(&file.id)) else { return };
        file.answered = true;
        dom::set(&file.link, "href", &address);
        // A picture that stands is not loaded again.
        let picture = dom::inside(&file.link, "img");
        if let Some(preview) = js::get_text(body, "preview").filter(|_| file.preview && !picture.has_attribute("src")) {
            dom::set(&picture, "src", &preview);
        }
    }
}

/// Reads an answer; one that is none is asked for again later.
pub fn read(response: &JsValue) {
    let response: &Response = response.unchecked_ref();
    if response.ok()
        && let Ok(body) = response.json()
    {
        js::then(body.unchecked_ref(), On::LinksBody, On::Nothing, 0);
    }
}

/// Its node in the log: a picture, or a card with name, length and type.
pub fn node(file: &Attachment, own: bool) -> (HtmlElement, Shown) {
    let node = dom::cloned(parts::T_FILE);
    dom::class(&node, "own", own);
    let link = dom::inside(&node, "a");
    let picture = dom::inside(&node, "img");
    if file.preview {
        dom::set(&picture, "alt", &file.name);
        if let Some((width, height)) = file.size {
            // The room is there before the picture is: nothing jumps.
            dom::set(&picture, "width", &digits(width.into()));
            dom::set(&picture, "height", &digits(height.into()));
        }
    } else {
        picture.remove();
    }
    dom::class(&node, "pictured", file.preview);
    dom::text(&dom::inside(&node, ".name"), &file.name);
    dom::text(&dom::inside(&node, ".kind"), &[&length(file.bytes), " · ", file.media.word()].concat());
    let shown = Shown { id: uuid_text(file.id.uuid()), link, preview: file.preview, asked: 0, answered: false };
    (node, shown)
}

fn length(bytes: u64) -> String {
    let (number, unit) = if bytes < 1_048_576 { (bytes / 1024 + 1, " KB") } else { (bytes / 1_048_576, " MB") };
    [&digits(i64::try_from(number).unwrap_or(0)), unit].concat()
}
