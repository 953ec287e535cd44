//! Elements.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTemplateElement, HtmlTextAreaElement};

use super::js::{document, part};

/// What is in the template of this id, anew.
pub fn cloned(template: &str) -> HtmlElement {
    let content = part(template).unchecked_into::<HtmlTemplateElement>().content();
    let first = content.first_element_child().map(|element| element.clone_node_with_deep(true));
    match first {
        Some(Ok(node)) => node.unchecked_into(),
        _ => part(template),
    }
}

/// The first one inside; only asked for what the templates hold.
pub fn inside(element: &Element, selector: &str) -> HtmlElement {
    let found = element.query_selector(selector).ok().flatten();
    found.map_or_else(|| element.clone().unchecked_into(), JsCast::unchecked_into)
}

pub fn text(element: &Element, text: &str) {
    element.set_text_content(Some(text));
}

pub fn show(id: &str, shown: bool) {
    part(id).set_hidden(!shown);
}

pub fn class(element: &Element, name: &str, on: bool) {
    let list = element.class_list();
    let _ = if on { list.add_1(name) } else { list.remove_1(name) };
}

pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Writes into a status or alert: said once, and not again while it stays the same.
pub fn status(id: &str, words: &str) {
    let element = part(id);
    if element.text_content().as_deref() != Some(words) {
        text(&element, words);
    }
}

pub fn input(id: &str) -> HtmlInputElement {
    part(id).unchecked_into()
}

pub fn area(id: &str) -> HtmlTextAreaElement {
    part(id).unchecked_into()
}

pub fn focus(id: &str) {
    let _ = part(id).focus();
}

/// Whether the one with this id, or something in it, has the focus.
pub fn focused(id: &str) -> bool {
    document().active_element().is_some_and(|active| part(id).contains(Some(&active)))
}

/// A face: letters on a colour.
pub fn paint(face: &HtmlElement, from: &wire::visitor::Face) {
    text(face, &from.initials);
    let _ = face.style().set_property("--h", &super::text::digits(i64::from(from.hue)));
}
