use std::ops::Range;

use leptos::{prelude::*, task::spawn_local};
use web_sys::ClipboardEvent;
use wire::{Error, composer::MOST_MARKUP};

use super::{
    tidy::{markup, tidy},
    writing::Writing,
};
use crate::inbox::{api, lines::error_line, tools::Tools};

const CLEANED: &str = "Cleaned up. Undo brings back what was there.";
const NOTHING: &str = "There is nothing to clean up.";

/// Pasted markup: the clipboard's own plain text stands there at once, and what the server makes of the markup takes its
/// place when it comes. Whatever fails, nothing is lost.
pub fn on_paste(writing: Writing, tools: Tools, event: &ClipboardEvent) {
    let Some(data) = event.clipboard_data().filter(|_| tools.clean_on_paste.get_untracked()) else { return };
    let held = |kind| data.get_data(kind).unwrap_or_default();
    let (html, plain) = (held("text/html"), held("text/plain").replace("\r\n", "\n"));
    if html.trim().is_empty() || plain.trim().is_empty() {
        return;
    }
    event.prevent_default();
    let place = writing.selection();
    writing.replace(&place, &plain);
    if html.len() > MOST_MARKUP {
        writing.said.set("Too much to clean up: pasted as plain text.".to_owned());
        return;
    }
    let place = place.start..place.start + plain.len();
    cleaned_by_server(writing, html, place, plain, "Pasted as plain text, not cleaned up: ");
}

/// The button: what is selected, or everything.
pub fn clean_up(writing: Writing) {
    let text = writing.text.get_untracked();
    let selected = writing.selection();
    let place = if selected.is_empty() { 0..text.len() } else { selected };
    let Some(part) = text.get(place.clone()).map(str::to_owned) else { return };
    match markup(&part) {
        Some(html) if html.len() > MOST_MARKUP => writing.said.set("Too much to clean up.".to_owned()),
        Some(html) => cleaned_by_server(writing, html, place, part, "Not cleaned up: "),
        None => {
            let clean = tidy(&part);
            if clean == part {
                writing.said.set(NOTHING.to_owned());
                writing.focus();
            } else {
                writing.replace(&place, &clean);
                writing.said.set(CLEANED.to_owned());
            }
        }
    }
}

fn cleaned_by_server(writing: Writing, html: String, place: Range<usize>, part: String, failed: &'static str) {
    writing.said.set("Cleaning up…".to_owned());
    spawn_local(async move {
        let said = match api::clean_up(html).await {
            // Made of nothing but pictures, say: then the plain text is the better one.
            Ok(clean) if clean.trim().is_empty() || clean == part => String::new(),
            Ok(clean) => match writing.text.try_with_untracked(|text| found_again(text, &place, &part)).flatten() {
                Some(place) => {
                    let begins = writing.text.with_untracked(|text| begins_line(text, place.start));
                    let listed = clean.starts_with("- ") || clean.starts_with("1. ");
                    let clean = if listed && !begins { format!("\n{clean}") } else { clean };
                    writing.replace(&place, &clean);
                    CLEANED.to_owned()
                }
                None => "Not cleaned up: the text has changed in the meantime.".to_owned(),
            },
            Err(Error::Invalid(_)) => format!("{failed}it is too long."),
            Err(error) => format!("{failed}{}", error_line(&error)),
        };
        writing.said.try_set(said);
    });
}

/// Whether only white space stands before this place on its line.
fn begins_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
}

/// Where the part is now: people go on typing. Only when there is no doubt.
fn found_again(text: &str, place: &Range<usize>, part: &str) -> Option<Range<usize>> {
    if text.get(place.clone()) == Some(part) {
        return Some(place.clone());
    }
    let mut places = text.match_indices(part);
    match (places.next(), places.next()) {
        (Some((at, _)), None) => Some(at..at + part.len()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted_is_found_again_only_without_doubt() {
        assert_eq!(found_again("a part b", &(2..6), "part"), Some(2..6));
        assert_eq!(found_again("now a part b", &(2..6), "part"), Some(6..10));
        assert_eq!(found_again("part part", &(1..5), "part"), None);
        assert!(begins_line("a\n  ", 4) && begins_line("", 0) && !begins_line("a\nb ", 4));
        assert_eq!(found_again("pa", &(2..6), "part"), None);
    }
}
