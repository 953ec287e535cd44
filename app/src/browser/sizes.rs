//! How high something is on the screen, and how far it is scrolled.

#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Distance from the end, in pixels, that still counts as being there.
const NEARLY: i32 = 48;

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
