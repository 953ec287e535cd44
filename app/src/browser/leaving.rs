//! Asks before one leaves a page on which something is typed and not saved.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use wasm_bindgen::{JsCast, JsValue};
#[cfg(feature = "hydrate")]
use web_sys::Element;

use super::here;

/// Whether something is typed on the page that is not saved.
static UNSAVED: AtomicBool = AtomicBool::new(false);

/// Where that page is.
static STAYS: Mutex<String> = Mutex::new(String::new());

/// While it is, [`sure_to_leave`] is asked before a link is followed, one goes back, or the page is closed.
pub fn set_unsaved(unsaved: bool) {
    if unsaved {
        *STAYS.lock().unwrap_or_else(PoisonError::into_inner) = here();
    }
    UNSAVED.store(unsaved, Ordering::Relaxed);
}

/// The browser's own question, because nothing on the page may go on before it is answered.
pub fn sure_to_leave() -> bool {
    window().confirm_with_message("What you have changed here is not saved. Leave it?").unwrap_or(true)
}

/// Whether one may go elsewhere within the dashboard: asks where something would be lost by it.
pub fn may_leave() -> bool {
    let may = !unsaved() || sure_to_leave();
    if may {
        set_unsaved(false);
    }
    may
}

/// Whether something is typed on the page that would be lost.
pub fn unsaved() -> bool {
    UNSAVED.load(Ordering::Relaxed)
}

/// Asks before a link takes one away from what is not saved, and lets the browser ask before the page is closed.
#[cfg(feature = "hydrate")]
pub fn ask_before_leaving() {
    let closing = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if unsaved() {
            event.prevent_default();
        }
    });
    let _ = window().add_event_listener_with_callback("beforeunload", closing.as_ref().unchecked_ref());
    closing.forget();
    let following = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = link.and_then(|target| target.closest("a[href]").ok().flatten());
        if link.is_some() && !may_leave() {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    // Back and forward: the browser has gone already when this is heard, so staying means to go there once more.
    let going = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if !unsaved() {
            return;
        }
        if sure_to_leave() {
            set_unsaved(false);
            return;
        }
        event.stop_immediate_propagation();
        let stayed = STAYS.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&stayed));
        }
    });
    let heard = going.as_ref().unchecked_ref();
    let _ = window().add_event_listener_with_callback_and_bool("popstate", heard, true);
    going.forget();
    // On its way down, before the router hears of it.
    let heard = following.as_ref().unchecked_ref();
    let _ = document().add_event_listener_with_callback_and_bool("click", heard, true);
    following.forget();
}
