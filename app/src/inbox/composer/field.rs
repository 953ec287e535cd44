//! The text field itself. Places are bytes of its text; the browser counts in UTF-16.

use std::ops::Range;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// What is selected, or where the cursor stands.
pub fn selection(area: &HtmlTextAreaElement) -> Range<usize> {
    let text = area.value();
    let unit = |place: Result<Option<u32>, _>| place.ok().flatten().map_or(text.len(), |unit| byte_of(&text, unit));
    unit(area.selection_start())..unit(area.selection_end())
}

pub fn select(area: &HtmlTextAreaElement, place: &Range<usize>) {
    let text = area.value();
    let _ = area.focus();
    let _ = area.set_selection_range(unit_of(&text, place.start), unit_of(&text, place.end));
}

/// Puts words in place of others as if they had been typed: the browser can undo it, and whoever listens for input hears
/// of it. The cursor stands behind them.
pub fn replace(area: &HtmlTextAreaElement, place: &Range<usize>, words: &str) {
    if place.is_empty() && words.is_empty() {
        return;
    }
    select(area, place);
    let typed = document().dyn_into::<HtmlDocument>().ok().and_then(|document| {
        let command = if words.is_empty() { "delete" } else { "insertText" };
        document.exec_command_with_show_ui_and_value(command, false, words).ok()
    });
    if typed != Some(true) {
        let text = area.value();
        let (Some(before), Some(after)) = (text.get(..place.start), text.get(place.end..)) else { return };
        area.set_value(&format!("{before}{words}{after}"));
        select(area, &(place.start + words.len()..place.start + words.len()));
        if let Ok(event) = web_sys::Event::new("input") {
            let _ = area.dispatch_event(&event);
        }
    }
}

fn byte_of(text: &str, unit: u32) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= unit {
            return byte;
        }
        units += if c.len_utf16() == 2 { 2 } else { 1 };
    }
    text.len()
}

fn unit_of(text: &str, byte: usize) -> u32 {
    let units: usize = text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_units_of_the_browser_go_into_each_other() {
        let text = "aä\u{1F600}\nz";
        for (byte, unit) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5), (9, 6)] {
            assert_eq!(unit_of(text, byte), unit);
            assert_eq!(byte_of(text, unit), byte);
        }
        assert_eq!(byte_of(text, 3), 7, "the middle of a character is its end");
        assert_eq!(byte_of(text, 99), text.len());
    }
}
