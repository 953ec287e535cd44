//! What is asked, field by field, as the server has rendered it.

use domain::{FieldKind, YES};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::super::{
    dom::{self, status},
    js,
};
use crate::parts;

/// One thing.
pub struct Asked {
    pub node: HtmlElement,
    pub key: String,
    pub kind: FieldKind,
}

impl Asked {
    pub fn of(node: HtmlElement) -> Option<Self> {
        let key = node.get_attribute(parts::KEY)?;
        let kind = FieldKind::from_name(&node.get_attribute(parts::KIND)?)?;
        Some(Self { node, key, kind })
    }

    /// With its label and all.
    pub fn hide(&self, on: bool) {
        if let Some(around) = self.node.parent_element() {
            let _ = around.toggle_attribute_with_force("hidden", on);
        }
    }

    pub fn hidden(&self) -> bool {
        self.node.parent_element().is_some_and(|around| around.has_attribute("hidden"))
    }

    pub fn checkbox(&self) -> bool {
        matches!(self.kind, FieldKind::Checkbox | FieldKind::Consent)
    }

    /// What stands in it; all fields but boxes have a `value`.
    pub fn value(&self) -> String {
        if self.checkbox() {
            return if js::get(&self.node, "checked").is_truthy() { YES.into() } else { String::new() };
        }
        js::get_text(&self.node, "value").unwrap_or_default()
    }

    pub fn put(&self, text: &str) {
        let (name, value) = if self.checkbox() { ("checked", (text == YES).into()) } else { ("value", text.into()) };
        js::set(&self.node, name, &value);
    }

    pub fn mend(&self, words: &str) {
        status(&parts::error_of(&self.node.id()), words);
        if words.is_empty() {
            let _ = self.node.remove_attribute("aria-invalid");
        } else {
            dom::set(&self.node, "aria-invalid", "true");
        }
    }
}

/// All of the form, in its order.
pub fn fields() -> Vec<Asked> {
    let all: js_sys::Array = js_sys::Array::from(&js::get(&js::part(parts::FORM), "elements"));
    all.iter().filter_map(|node| Asked::of(node.unchecked_into())).collect()
}

/// Where it lies in the browser's storage. Keys are the site's, so they stand apart from our own names.
pub fn kept_as(key: &str) -> String {
    let mut name = String::from("field.");
    name.push_str(key);
    name
}

/// As the server has rendered it.
pub fn clear() {
    for field in fields() {
        field.put("");
        field.mend("");
    }
}

/// Hides the fields of those kinds, and shows the others.
pub fn hide(known: impl Fn(&str) -> bool) {
    for field in fields() {
        field.hide(known(field.kind.name()));
    }
}
