//! What only a browser can do. Event handlers and effects never run on the server, so plain calls need no twin there;
//! what does is said where it stands.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::{ClientId, Timestamp};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use crate::keys::Place;

/// Theme names as they are kept; anything else follows the system.
pub const THEMES: [(&str, &str); 3] = [("auto", "Same as system"), ("light", "Light"), ("dark", "Dark")];

/// Distance from the end, in pixels, that still counts as being there.
const NEARLY: i32 = 48;

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
    ask_before_leaving();
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

/// Presses what is on the screen under this id, if it is.
pub fn press(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
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

/// Whether something is typed on the page that is not saved.
static UNSAVED: AtomicBool = AtomicBool::new(false);

/// Where that page is.
static STAYS: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

/// While it is, [`sure_to_leave`] is asked before a link is followed, one goes back, or the page is closed.
pub fn set_unsaved(unsaved: bool) {
    if unsaved {
        *STAYS.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = here();
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
fn ask_before_leaving() {
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
        let stayed = STAYS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
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

/// Where something is wrong.
pub fn focus_first_invalid() {
    request_animation_frame(|| {
        let found = document().query_selector("main [aria-invalid]").ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// The name of the time zone here.
pub fn zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

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

/// The tab's icon, with or without the dot.
pub fn set_icon(unread: bool) {
    let Ok(Some(link)) = document().query_selector("link[rel=icon]") else { return };
    let wanted = link.get_attribute(if unread { "data-unread" } else { "data-calm" });
    if let Some(href) = wanted {
        let _ = link.set_attribute("href", &href);
    }
}

pub fn at_end(log: &Element) -> bool {
    log.scroll_height() - log.scroll_top() - log.client_height() <= NEARLY
}

/// Calls `f` with the height of an element, now and whenever it has got another one, until [`forget_height`]. One observer
/// for all of them, so that what changed together is told before the next picture is drawn.
#[cfg(feature = "hydrate")]
pub fn on_height(element: &Element, f: impl Fn(f64) + 'static) -> u32 {
    heights::watch(element, f)
}

/// On the server nothing has a height.
#[cfg(not(feature = "hydrate"))]
pub fn on_height(_: &Element, _: impl Fn(f64) + 'static) -> u32 {
    0
}

#[cfg(feature = "hydrate")]
pub fn forget_height(id: u32) {
    heights::forget(id);
}

#[cfg(not(feature = "hydrate"))]
pub fn forget_height(_: u32) {}

#[cfg(feature = "hydrate")]
mod heights {
    use std::{cell::RefCell, collections::HashMap, rc::Rc};

    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Element, ResizeObserver, ResizeObserverEntry};

    type Told = Rc<dyn Fn(f64)>;

    #[derive(Default)]
    struct Watched {
        observer: Option<ResizeObserver>,
        last: u32,
        by_id: HashMap<u32, (Element, Told)>,
    }

    thread_local! {
        static WATCHED: RefCell<Watched> = RefCell::default();
    }

    pub fn watch(element: &Element, f: impl Fn(f64) + 'static) -> u32 {
        WATCHED.with_borrow_mut(|watched| {
            watched.last += 1;
            let id = watched.last;
            watched.by_id.insert(id, (element.clone(), Rc::new(f)));
            if watched.observer.is_none() {
                let told = Closure::<dyn Fn(js_sys::Array)>::new(|entries: js_sys::Array| tell(&entries));
                watched.observer = ResizeObserver::new(told.as_ref().unchecked_ref()).ok();
                // It lives as long as the page.
                told.forget();
            }
            if let Some(observer) = &watched.observer {
                observer.observe(element);
            }
            id
        })
    }

    pub fn forget(id: u32) {
        WATCHED.with_borrow_mut(|watched| {
            if let (Some((element, _)), Some(observer)) = (watched.by_id.remove(&id), &watched.observer) {
                observer.unobserve(&element);
            }
        });
    }

    fn tell(entries: &js_sys::Array) {
        for entry in entries.iter().filter_map(|entry| entry.dyn_into::<ResizeObserverEntry>().ok()) {
            let element = entry.target();
            // What has just been taken out of the document has no height any more, and no news either.
            if !element.is_connected() {
                continue;
            }
            let told = WATCHED.with_borrow(|watched| {
                watched.by_id.values().find(|(one, _)| *one == element).map(|(_, told)| told.clone())
            });
            if let Some(told) = told {
                told(element.get_bounding_client_rect().height());
            }
        }
    }
}

/// Calls `f` whenever the element has got another size. The observer goes with its element.
#[cfg(feature = "hydrate")]
pub fn on_resize(element: &Element, f: impl Fn() + 'static) {
    let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(f);
    if let Ok(observer) = web_sys::ResizeObserver::new(listener.as_ref().unchecked_ref()) {
        observer.observe(element);
        listener.forget();
    }
}

/// On the server nothing has a size.
#[cfg(not(feature = "hydrate"))]
pub fn on_resize(_: &Element, _: impl Fn() + 'static) {}

pub fn to_end(log: &Element) {
    log.set_scroll_top(log.scroll_height());
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
