//! The chat as a file to keep.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Response};

use super::{
    app::App,
    dom::{self, status},
    head,
    js::{self, On},
};
use crate::parts;

impl App {
    /// Asks the server to write it down, in the panel's language.
    pub fn download(&mut self) {
        head::open_menu(false);
        dom::focus(parts::MENU_BUTTON);
        status(parts::MESSAGE_ERROR, "");
        let path = ["/w/api/transcript?lang=", &self.language].concat();
        self.ask_or(&path, On::Transcript, On::TranscriptLost);
    }
}

pub fn read(response: &JsValue) {
    let response: &Response = response.unchecked_ref();
    match response.blob() {
        Ok(file) if response.ok() => js::then(&file, On::TranscriptFile, On::TranscriptLost, 0),
        _ => js::after(0, On::TranscriptLost, 0),
    }
}

/// Hands it to the browser, which asks where to put it or does as it is used to.
pub fn keep(file: &JsValue) {
    let Ok(link) = js::document().create_element("a") else { return };
    let url = js::object_url(file);
    dom::set(&link, "href", &url);
    dom::set(&link, "download", "chat.txt");
    link.unchecked_ref::<HtmlElement>().click();
    js::forget_url(&url);
}
