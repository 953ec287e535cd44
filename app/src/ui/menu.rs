use leptos::{
    ev::{self, FocusEvent, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::{Glyph, Icon};

/// A button with three dots and the menu behind it. Its items have the role `menuitem` or one of its kin, and the class
/// `dk-menu__item`. Arrows move, Escape and a press elsewhere close.
#[component]
pub fn MoreMenu(label: &'static str, children: ChildrenFn) -> impl IntoView {
    let open = RwSignal::new(false);
    let place = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    Effect::new(move |_| {
        if open.get() {
            request_animation_frame(move || step(place, Step::First));
        }
    });
    Effect::new(move |_| {
        let elsewhere = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            let inside = place.get_untracked().is_some_and(|place| place.contains(target.as_ref()));
            if !inside && open.get_untracked() {
                open.set(false);
            }
        });
        on_cleanup(move || elsewhere.remove());
    });
    let on_key = move |event: KeyboardEvent| {
        if !open.get_untracked() {
            return;
        }
        match event.key().as_str() {
            "Escape" => {
                event.stop_propagation();
                close();
            }
            "Tab" => open.set(false),
            key => {
                let to = match key {
                    "ArrowDown" => Step::Next,
                    "ArrowUp" => Step::Before,
                    "Home" => Step::First,
                    "End" => Step::Last,
                    _ => return,
                };
                event.prevent_default();
                step(place, to);
            }
        }
    };
    // The keyboard went elsewhere.
    let on_blur = move |event: FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        if to.is_some() && !place.get_untracked().is_some_and(|place| place.contains(to.as_ref())) {
            open.set(false);
        }
    };
    let chosen = move |event: MouseEvent| {
        let item = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if item.is_some_and(|item| item.closest("[role^=menuitem]").ok().flatten().is_some()) {
            close();
        }
    };
    view! {
        <div class="dk-more" node_ref=place on:keydown=on_key on:focusout=on_blur>
            <button
                type="button"
                class="dk-icon-button"
                node_ref=button
                aria-label=label
                title=label
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon glyph=Glyph::More />
            </button>
            <Show when=move || open.get()>
                <div class="dk-menu dk-more__menu" role="menu" aria-label=label on:click=chosen>
                    {children()}
                </div>
            </Show>
        </div>
    }
}

#[derive(Clone, Copy)]
enum Step {
    First,
    Last,
    Next,
    Before,
}

fn step(place: NodeRef<html::Div>, step: Step) {
    let Some(place) = place.try_get_untracked().flatten() else { return };
    let Ok(found) = place.query_selector_all("[role^=menuitem]") else { return };
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|n| found.get(n)?.dyn_into::<HtmlElement>().ok()).collect();
    let focused = document().active_element();
    let at = items.iter().position(|item| focused.as_ref() == Some(item.as_ref()));
    let last = items.len().saturating_sub(1);
    let to = match (step, at) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Before, None) => last,
        (Step::Next, Some(at)) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        (Step::Before, Some(at)) => at.checked_sub(1).unwrap_or(last),
    };
    if let Some(item) = items.get(to) {
        let _ = item.focus();
    }
}

/// An item of a menu that is on or off.
#[component]
pub fn MenuCheck(
    #[prop(into)] on: Signal<bool>,
    toggle: impl Fn() + 'static,
    word: &'static str,
    small: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="menuitemcheckbox"
            class="dk-menu__item"
            tabindex="-1"
            aria-checked=move || if on.get() { "true" } else { "false" }
            on:click=move |_| toggle()
        >
            <i class="dk-menu__check"></i>
            <span>{word} " " <small>{small}</small></span>
        </button>
    }
}
