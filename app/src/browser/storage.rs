//! What this browser keeps, through reloads and for all tabs. Where it refuses, nothing is kept.

use leptos::prelude::*;

use super::client_id;

/// Theme names as they are kept; anything else follows the system.
pub const THEMES: [(&str, &str); 3] = [("auto", "Same as system"), ("light", "Light"), ("dark", "Dark")];

pub fn stored_theme() -> String {
    storage().and_then(|kept| kept.get_item("theme").ok().flatten()).unwrap_or_else(|| "auto".to_owned())
}

/// Keeps the choice and tells the script in the page's head, which also follows the system.
pub fn set_theme(theme: &str) {
    if let Some(kept) = storage() {
        let _ = kept.set_item("theme", theme);
    }
    if let Ok(event) = web_sys::CustomEvent::new("deskbell-theme") {
        let _ = window().dispatch_event(&event);
    }
}

/// Keeps something in this browser, through reloads and for all tabs; `None` forgets it. Where the browser refuses
/// storage, nothing is kept.
pub fn keep(name: &str, value: Option<&str>) {
    if let Some(kept) = storage() {
        let _ = match value {
            Some(value) => kept.set_item(name, value),
            None => kept.remove_item(name),
        };
    }
}

pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// All names that begin so.
pub fn kept_names(begin: &str) -> Vec<String> {
    let Some(kept) = storage() else { return Vec::new() };
    let all = (0..kept.length().unwrap_or(0)).filter_map(|n| kept.key(n).ok().flatten());
    all.filter(|name| name.starts_with(begin)).collect()
}

/// Forgets everything whose name begins so.
pub fn forget_all(begin: &str) {
    for name in kept_names(begin) {
        keep(&name, None);
    }
}

/// Which of this browser's tabs this is; the same after a reload.
pub fn tab() -> String {
    let of_tab = window().session_storage().ok().flatten();
    if let Some(known) = of_tab.as_ref().and_then(|kept| kept.get_item("tab").ok().flatten()) {
        return known;
    }
    let made = client_id().map(|id| id.to_string()).unwrap_or_default();
    if let Some(kept) = of_tab {
        let _ = kept.set_item("tab", &made);
    }
    made
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
