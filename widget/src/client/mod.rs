//! Brings the server's document to life. No Leptos, no markup, no sentences: it clones templates, fills in texts that
//! came with the document, and keeps the line to the server.
//!
//! Everything that happens comes in through one door, [`hear`]: an [`On`] says what it is. State is one [`App`]; what
//! can be tested without a browser is in the crate `sync`.

mod app;
mod codec;
mod compose;
mod dom;
mod end;
mod events;
mod files;
mod form;
mod frames;
mod head;
mod host;
mod identity;
mod js;
mod keeper;
mod line;
mod sending;
mod talk;
mod text;
mod ticks;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use self::{app::App, js::On};

/// A chat's few strings do not need a clever allocator, and every visitor would have to download it.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

thread_local! {
    static APP: RefCell<Option<App>> = const { RefCell::new(None) };
}

/// Called by the document's script once the module is there.
#[wasm_bindgen(start)]
pub fn start() {
    let app = App::new();
    APP.with(|held| *held.borrow_mut() = Some(app));
    hear(On::Begin, 0, &JsValue::NULL);
}

/// For the scripts beside this module: everything that outlives a reload, by its name. Nothing while something else is being
/// done, which they cannot meet: they hear of things only when this module is at rest.
#[wasm_bindgen]
pub fn kept() -> JsValue {
    APP.with(|held| held.try_borrow_mut().ok()?.as_mut().map(App::kept)).unwrap_or(JsValue::UNDEFINED)
}

/// From them: keeps something (takes it away, if `value` is no text), as if another tab had done so.
#[wasm_bindgen]
pub fn keep(name: &JsValue, value: &JsValue) {
    hear(On::Keep, 0, &js::array([name.clone(), value.clone()]));
}

/// Something has happened. `line` is the connection it belongs to, for what belongs to one.
pub fn hear(on: On, line: u32, what: &JsValue) {
    APP.with(|held| {
        // Never already borrowed: nothing that is called in here calls back at once.
        if let Ok(mut held) = held.try_borrow_mut()
            && let Some(app) = held.as_mut()
        {
            app.hear(on, line, what);
        }
    });
}
