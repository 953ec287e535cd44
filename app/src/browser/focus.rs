//! What has the keyboard.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use crate::keys::Place;

pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id).and_then(|found| found.dyn_into::<HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    });
}

/// Once this dialog is closed, the cursor stands where it stands in the text now. Chromium gives the focus back while the
/// page is still out of reach, and forgets the place by it.
pub fn keep_cursor(dialog: &Element) {
    let Some(area) = document().active_element().and_then(|element| element.dyn_into::<HtmlTextAreaElement>().ok())
    else {
        return;
    };
    let (Ok(from), Ok(to)) = (area.selection_start(), area.selection_end()) else { return };
    let back = wasm_bindgen::closure::Closure::once_into_js(move || {
        if let (Some(from), Some(to)) = (from, to) {
            let _ = area.set_selection_range(from, to);
        }
    });
    let _ = dialog.add_event_listener_with_callback("close", back.unchecked_ref());
}

/// Brings a part of a list into sight.
pub fn reveal(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let how = web_sys::ScrollIntoViewOptions::new();
            how.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&how);
        }
    });
}

/// Whether somebody is in the middle of writing something.
pub fn writing() -> bool {
    const FIELDS: &str = "textarea, input:not([type=radio], [type=checkbox], [type=button])";
    let Some(field) = document().active_element().filter(|element| element.matches(FIELDS) == Ok(true)) else {
        return false;
    };
    let value = js_sys::Reflect::get(&field, &JsValue::from_str("value")).ok().and_then(|value| value.as_string());
    value.is_some_and(|value| !value.is_empty())
}

/// Whether the keyboard is called as on a Mac.
pub fn mac() -> bool {
    window().navigator().platform().is_ok_and(|name| ["Mac", "iPhone", "iPad"].iter().any(|one| name.starts_with(one)))
}

/// Where a key that is pressed now would land.
pub fn place_of_keys() -> Place {
    const TAKES_LETTERS: &str = "textarea, select, [contenteditable], [role=menu] *, [role=listbox] *, \
        input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file])";
    if document().query_selector("dialog[open]").is_ok_and(|found| found.is_some()) {
        Place::Dialog
    } else if writing() {
        Place::Text
    } else if document().active_element().is_some_and(|element| element.matches(TAKES_LETTERS) == Ok(true)) {
        Place::Field
    } else {
        Place::Page
    }
}

/// Whether what has this id takes any room on the screen.
pub fn on_screen(id: &str) -> bool {
    document().get_element_by_id(id).is_some_and(|element| element.get_bounding_client_rect().width() > 0.0)
}

/// Presses what is on the screen under this id, if it is.
pub fn press(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// Where something is wrong.
pub fn focus_first_invalid() {
    request_animation_frame(|| {
        let found = document().query_selector("main [aria-invalid]").ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
