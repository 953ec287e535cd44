//! What only a browser can do. Event handlers and effects never run on the server, so plain calls need no twin there;
//! what does is said where it stands.

mod focus;
mod leaving;
mod sizes;
mod storage;

use domain::{ClientId, Timestamp};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

pub use self::{
    focus::{focus, focus_first_invalid, keep_cursor, mac, on_screen, place_of_keys, press, reveal, writing},
    leaving::{may_leave, set_unsaved, sure_to_leave, unsaved},
    sizes::{at_end, forget_height, on_height, on_resize, to_end},
    storage::{THEMES, forget_all, keep, kept, kept_names, set_theme, stored_theme, tab},
};

/// Brings the page to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        // The words cost weight, so only the development build has them.
        if cfg!(debug_assertions) {
            leptos::logging::error!("{panic}");
        }
        start_over();
    }));
    leaving::ask_before_leaving();
    wasm_bindgen_futures::spawn_local(async {
        // What the server has rendered can only be taken over by code that is here.
        crate::later::of_page(&window().location().pathname().unwrap_or_default()).await;
        leptos::mount::hydrate_body(crate::App);
    });
}

/// After a panic nothing on the page answers any more: better to load it again. Not twice within a minute, so that a
/// page that always fails stays still.
#[cfg(feature = "hydrate")]
fn start_over() {
    let Some(kept) = window().session_storage().ok().flatten() else { return };
    let now = clock().millis();
    let before = kept.get_item("panicked").ok().flatten().and_then(|at| at.parse::<i64>().ok());
    if before.is_none_or(|before| now - before > 60_000) && kept.set_item("panicked", &now.to_string()).is_ok() {
        let _ = window().location().reload();
    }
}

/// The browser's own clock.
pub fn clock() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for 285,000 years")]
    let millis = js_sys::Date::now() as i64;
    Timestamp::from_millis(millis)
}

/// Minutes east of UTC at that moment, here.
pub fn utc_offset(at: Timestamp) -> i32 {
    #[expect(clippy::cast_precision_loss, reason = "the same 285,000 years")]
    let date = js_sys::Date::new(&JsValue::from_f64(at.millis() as f64));
    #[expect(clippy::cast_possible_truncation, reason = "at most 14 hours")]
    let west = date.get_timezone_offset() as i32;
    -west
}

/// From 122 random bits. `getRandomValues` works without a secure context too.
pub fn client_id() -> Option<ClientId> {
    let mut bytes = [0u8; 16];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    uuid_text(bytes).parse().ok()
}

pub fn visible() -> bool {
    !document().hidden()
}

/// Whether this tab has the keyboard.
#[cfg(feature = "hydrate")]
pub fn focused() -> bool {
    document().has_focus().unwrap_or(true)
}

/// Says something to the scripts of this page.
pub fn dispatch(event: &str, detail: &str) {
    let init = web_sys::CustomEventInit::new();
    init.set_detail(&JsValue::from_str(detail));
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict(event, &init) {
        let _ = window().dispatch_event(&event);
    }
}

/// Calls `f` with what a script of this page says, until the handle is let go by `remove`.
pub fn on_said(event: &'static str, f: impl Fn(String) + 'static) -> WindowListenerHandle {
    window_event_listener_untyped(event, move |event| {
        let said = event.dyn_ref::<web_sys::CustomEvent>().and_then(|event| event.detail().as_string());
        if let Some(said) = said {
            f(said);
        }
    })
}

/// Calls `f` whenever it may have changed whether somebody looks at this tab.
#[cfg(feature = "hydrate")]
pub fn on_look(f: impl Fn() + Clone + 'static) {
    for event in ["focus", "blur", "visibilitychange"] {
        let f = f.clone();
        let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(f);
        // Those of the document bubble up to the window.
        let _ = window().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        listener.forget();
    }
}

pub fn go_to(address: &str) {
    let _ = window().location().set_href(address);
}

/// Where this page is, for coming back to it.
pub fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// What the page's head says under this name.
pub fn meta(name: &str) -> String {
    let found = document().query_selector(&format!("meta[name={name}]")).ok().flatten();
    found.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// A text of this server; `None` when it does not come.
#[cfg(feature = "hydrate")]
pub async fn fetch_text(address: &str) -> Option<String> {
    let answer = gloo_net::http::Request::get(address).send().await.ok().filter(gloo_net::http::Response::ok)?;
    answer.text().await.ok()
}

/// Only browsers fetch.
#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_async, reason = "the twin of a function that waits")]
pub async fn fetch_text(_: &str) -> Option<String> {
    None
}

/// Puts a text into the clipboard; `false` where the browser has none to offer (only pages that came over a safe line
/// get one).
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let found = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if found.is_ok_and(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// The address of a place within the dashboard.
pub fn address_of(path: &str) -> String {
    window().location().origin().unwrap_or_default() + path
}

/// Asks the browser to print the page, once it has been drawn.
pub fn print() {
    request_animation_frame(|| {
        let _ = window().print();
    });
}

/// Calls `f` whenever the line may be back or somebody may be looking again.
#[cfg(feature = "hydrate")]
pub fn on_wake(f: impl Fn() + Clone + 'static) {
    for event in ["online", "focus", "visibilitychange"] {
        let f = f.clone();
        let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(f);
        let _ = if event == "visibilitychange" {
            document().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref())
        } else {
            window().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref())
        };
        listener.forget();
    }
}

/// The name of the time zone here.
pub fn zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// The tab's icon, with or without the dot.
pub fn set_icon(unread: bool) {
    let Ok(Some(link)) = document().query_selector("link[rel=icon]") else { return };
    let wanted = link.get_attribute(if unread { "data-unread" } else { "data-calm" });
    if let Some(href) = wanted {
        let _ = link.set_attribute("href", &href);
    }
}

/// The canonical text of a version-4 UUID.
fn uuid_text(mut bytes: [u8; 16]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (i, byte) in bytes.into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_ids_are_uuids_of_version_4() {
        assert_eq!(uuid_text([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(uuid_text([0; 16]).parse::<ClientId>().is_ok());
    }
}
