use domain::SessionId;
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};

use super::api;
use crate::{
    browser,
    keys::{Command, Keyboard, aria_keys},
    live::Live,
};

/// Ends the chat: asks once, in place, and says what cannot be undone.
#[component]
pub fn EndChat(session: SessionId, name: Signal<String>) -> impl IntoView {
    let live = expect_context::<Live>();
    let keyboard = expect_context::<Keyboard>();
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let ask = move |_| {
        asking.set(true);
        browser::focus("end-keep");
    };
    let keep = move || {
        asking.set(false);
        browser::focus("end-chat");
    };
    let end = move |_| {
        let Some(id) = browser::client_id() else { return };
        busy.set(true);
        spawn_local(async move {
            if let Err(error) = api::end(id, session).await {
                live.refused(&error);
            }
            busy.try_set(false);
            asking.try_set(false);
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            keep();
        }
    };
    view! {
        <Show
            when=move || asking.get()
            fallback=move || view! {
                <button
                    type="button"
                    id="end-chat"
                    class="dk-button dk-button--danger"
                    aria-keyshortcuts=aria_keys(Command::End)
                    title=move || keyboard.chord(Command::End)
                    on:click=ask
                >
                    "End chat"
                </button>
            }
        >
            <div
                class="dk-ask"
                role="alertdialog"
                aria-labelledby="end-title"
                aria-describedby="end-text"
                on:keydown=on_key
            >
                <h3 id="end-title">"End this chat?"</h3>
                <p id="end-text">
                    <bdi>{name}</bdi>
                    " is told that it has ended. You cannot reopen it or write in it any more; only the visitor can take \
                     it up again."
                </p>
                <div class="dk-ask__acts">
                    <button type="button" id="end-keep" class="dk-button" on:click=move |_| keep()>"Keep it open"</button>
                    <button
                        type="button"
                        class="dk-button dk-button--red"
                        disabled=busy
                        on:click=end
                    >
                        "End chat"
                    </button>
                </div>
            </div>
        </Show>
    }
}

/// Finishes the wrap-up.
#[component]
pub fn CloseWrapUp(session: SessionId) -> impl IntoView {
    let live = expect_context::<Live>();
    let keyboard = expect_context::<Keyboard>();
    let close = move |_| {
        let Some(id) = browser::client_id() else { return };
        spawn_local(async move {
            if let Err(error) = api::close_wrap_up(id, session).await {
                live.refused(&error);
            }
        });
    };
    view! {
        <button
            type="button"
            class="dk-button"
            aria-keyshortcuts=aria_keys(Command::CloseWrapUp)
            title=move || keyboard.chord(Command::CloseWrapUp)
            on:click=close
        >
            "Close"
        </button>
    }
}
