//! The little that is needed of JavaScript itself.

use std::cell::Cell;

use domain::ClientId;
use js_sys::{Array, Date, Function, JSON, Object, Promise, Reflect};
use sync::Millis;
use wasm_bindgen::prelude::*;
use web_sys::{Document, EventTarget, HtmlElement, Window};

use super::{codec::Json, hear};

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Begin,
    Tick,
    /// Time for another attempt to connect.
    Again,
    /// `message` on the window.
    WindowMessage,
    /// From the host page.
    Host,
    HostSilent,
    Click,
    Input,
    Key,
    Submit,
    Storage,
    /// The network or the page has come back to life.
    Awake,
    Scroll,
    Resize,
    SocketOpen,
    SocketMessage,
    SocketClose,
    Stream,
    StreamChunk,
    StreamLost,
    Reply,
    ReplyBody,
    ReplyError,
    History,
    HistoryBody,
    Links,
    LinksBody,
    /// A script beside this module has something to keep.
    Keep,
    /// A file has come whole.
    Upload,
    Start,
    Started,
    StartError,
    StartLost,
    Identify,
    Identified,
    IdentifyLost,
    IdentifyAgain,
    Nothing,
}

#[wasm_bindgen]
extern "C" {
    /// The document, asked by someone who knows that the ids of [`crate::parts`] are there.
    type Page;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static PAGE: Page;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Document;
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;

    /// Of the document's own script: what a visitor wrote, without the numbers of payment cards where the site wants that.
    #[wasm_bindgen(js_name = maskCards)]
    pub fn mask_cards(text: &str) -> String;

    #[wasm_bindgen(method, js_name = getElementById)]
    fn element(this: &Page, id: &str) -> HtmlElement;

    /// `Date`, asked for words in a language.
    #[wasm_bindgen(js_name = Date)]
    type Moment;
    #[wasm_bindgen(constructor, js_class = "Date")]
    fn new(at: f64) -> Moment;
    #[wasm_bindgen(method, js_class = "Date", js_name = toLocaleString)]
    fn in_words(this: &Moment, language: &JsValue, options: &JsValue) -> String;
    #[wasm_bindgen(method, js_class = "Date", js_name = getTimezoneOffset)]
    fn offset(this: &Moment) -> i32;

    type Format;
    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    fn usual_format() -> Format;
    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn options(this: &Format) -> Format;
    #[wasm_bindgen(method, getter, js_name = timeZone)]
    fn time_zone(this: &Format) -> Option<String>;

    /// Of the document's own script.
    pub fn told(words: &Array);

    type Thenable;
    #[wasm_bindgen(method, js_name = then)]
    fn then_either(this: &Thenable, done: &Function, failed: &Function) -> JsValue;
}

pub fn window() -> Window {
    WINDOW.with(Window::clone)
}

pub fn document() -> Document {
    DOCUMENT.with(Document::clone)
}

/// The element of the server's document with this id.
pub fn part(id: &str) -> HtmlElement {
    PAGE.with(|page| page.element(id))
}

/// A function for the browser that reports here. Freed with the last use of it.
pub fn ear(on: On, line: u32) -> Function {
    Closure::<dyn FnMut(JsValue)>::new(move |what| hear(on, line, &what)).into_js_value().unchecked_into()
}

pub fn listen(target: &EventTarget, name: &str, on: On) {
    // Only wrong arguments could fail.
    let _ = target.add_event_listener_with_callback(name, &ear(on, 0));
}

pub fn then(promise: &Promise, done: On, failed: On, line: u32) {
    promise.unchecked_ref::<Thenable>().then_either(&ear(done, line), &ear(failed, line));
}

pub fn after(millis: Millis, on: On, line: u32) {
    let millis = i32::try_from(millis).unwrap_or(i32::MAX);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&ear(on, line), millis);
}

/// Never earlier than it was: a clock that is set back would stop everything that waits.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds of this era")]
pub fn now() -> Millis {
    let now = Date::now() as Millis;
    CLOCK.with(|clock| {
        let (newest, back) = clock.get();
        let back = back.max(newest - now);
        clock.set((now + back, back));
        now + back
    })
}

thread_local! {
    /// The newest moment that was told, and how far the clock has been set back since the beginning.
    static CLOCK: Cell<(Millis, Millis)> = const { Cell::new((0, 0)) };
}

/// The name of the device's time zone.
pub fn time_zone() -> Option<String> {
    usual_format().options().time_zone()
}

/// A moment in the visitor's language; `options` as `Intl.DateTimeFormat` takes them.
pub fn in_words(at: Millis, language: &JsValue, options: &JsValue) -> String {
    Moment::new(precise(at)).in_words(language, options)
}

/// Minutes from local time to UTC at that moment.
pub fn offset(at: Millis) -> i64 {
    i64::from(Moment::new(precise(at)).offset())
}

pub fn random() -> f64 {
    js_sys::Math::random()
}

/// 16 bytes that nobody can guess. Works in insecure contexts too, unlike `randomUUID`.
fn unguessable() -> [u8; 16] {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

pub fn client_id() -> ClientId {
    let mut bytes = unguessable();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    ClientId::from_uuid(uuid::Uuid::from_bytes(bytes))
}

/// As JavaScript counts.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of this era and small numbers")]
pub fn precise(number: i64) -> f64 {
    number as f64
}

pub fn get(from: &JsValue, key: &str) -> JsValue {
    Reflect::get(from, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

pub fn get_text(from: &JsValue, key: &str) -> Option<String> {
    get(from, key).as_string()
}

pub fn set(on: &JsValue, key: &str, value: &JsValue) {
    let _ = Reflect::set(on, &JsValue::from_str(key), value);
}

pub fn object<const N: usize>(entries: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, &value);
    }
    object
}

pub fn array<const N: usize>(items: [JsValue; N]) -> Array {
    let array = Array::new();
    for item in items {
        array.push(&item);
    }
    array
}

/// Says something to the scripts beside this module: first its name. They hear of it once all this is at rest.
pub fn tell<const N: usize>(words: [JsValue; N]) {
    told(&array(words));
}

/// The browser's own parser.
pub fn parse(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::NULL)
}

impl Json for JsValue {
    fn get(&self, key: &str) -> Self {
        get(self, key)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn truth(&self) -> bool {
        self.is_truthy()
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.dyn_ref::<Array>().map(Array::to_vec)
    }

    fn key(&self) -> Option<String> {
        Object::keys(self.dyn_ref::<Object>()?).get(0).as_string()
    }
}
