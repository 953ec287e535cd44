use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;

use super::{
    emoji::EmojiPicker,
    macros::Templates,
    paste,
    writing::{Popup, Writing},
};
use crate::{
    browser,
    inbox::tools::Tools,
    keys::{Command, Keyboard, aria_keys},
    later::{Later, Part},
    ui::{Glyph, Icon},
};

/// The buttons in the composer's foot.
#[component]
pub fn Toolbar(writing: Writing, tools: Tools) -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let opener = move |popup: Popup, id: &'static str, word: &'static str, glyph: Glyph, keys: Option<Command>| {
        let toggle = move |_| {
            let open = writing.open.get_untracked() == popup;
            writing.show(if open { Popup::None } else { popup });
        };
        view! {
            <button
                type="button"
                id=id
                class="dk-icon-button"
                aria-label=word
                aria-keyshortcuts=keys.and_then(aria_keys)
                title=move || keys.map_or_else(|| word.to_owned(), |command| keyboard.tip(word, command)())
                aria-haspopup="dialog"
                aria-expanded=move || if writing.open.get() == popup { "true" } else { "false" }
                // Otherwise the list would lose the focus, close, and be opened again.
                on:mousedown=move |event| event.prevent_default()
                on:click=toggle
            >
                <Icon glyph=glyph />
            </button>
        }
    };
    view! {
        <div class="dk-composer__tools">
            {opener(Popup::Templates, "open-templates", "Reply templates", Glyph::Template, Some(Command::Templates))}
            {opener(Popup::Emoji, "open-emoji", "Emoji", Glyph::Smile, None)}
            <button
                type="button"
                class="dk-icon-button"
                aria-label="Clean up input"
                title="Clean up input"
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| paste::clean_up(writing)
            >
                <Icon glyph=Glyph::Eraser />
            </button>
            <Popups writing=writing tools=tools />
        </div>
    }
}

/// The open list; it closes when one goes elsewhere.
#[component]
fn Popups(writing: Writing, tools: Tools) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let close = move || {
        writing.open.set(Popup::None);
        writing.focus();
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            event.prevent_default();
            close();
        }
    };
    let on_leave = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let inside = node.get_untracked().is_some_and(|node| to.as_ref().is_some_and(|to| node.contains(Some(to))));
        if !inside {
            writing.open.set(Popup::None);
        }
    };
    let name = move || if writing.open.get() == Popup::Emoji { "Emoji" } else { "Reply templates" };
    view! {
        <Show when=move || writing.open.get() != Popup::None>
            <div
                node_ref=node
                class="dk-pop"
                class:dk-pop--emoji=move || writing.open.get() == Popup::Emoji
                role="dialog"
                aria-label=name
                on:keydown=on_key
                on:focusout=on_leave
            >
                <Later part=move || Part::Popup(writing.open.get(), writing, tools) />
            </div>
        </Show>
    }
}

/// Of [`Part::Popup`].
pub fn popup(open: Popup, writing: Writing, tools: Tools) -> AnyView {
    match open {
        Popup::Templates => {
            browser::focus("templates-search");
            view! { <Templates writing=writing tools=tools /> }.into_any()
        }
        Popup::Emoji => {
            browser::focus("emoji-search");
            view! { <EmojiPicker writing=writing tools=tools /> }.into_any()
        }
        Popup::None => ().into_any(),
    }
}
