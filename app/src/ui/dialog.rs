use leptos::{html, prelude::*};

use crate::browser;

/// Above everything, with the rest of the page out of reach, as soon as it stands.
pub fn open_dialog(dialog: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            browser::keep_cursor(&dialog);
            let _ = dialog.show_modal();
        }
    });
}

/// The browser gives the focus back to where it was.
pub fn close_dialog(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.try_get_untracked().flatten() {
        dialog.close();
    }
}
