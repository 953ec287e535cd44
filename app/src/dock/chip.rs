use domain::SessionId;
use leptos::prelude::*;
use wire::agent::Row;

use crate::{
    browser,
    inbox::{last_words, lines::name_or, row_of},
    live::{Docked, Live},
    ui::{Avatar, Count, status_dot, status_word},
};

/// The id of a chat's chip, to which the cursor goes back.
pub fn chip_id(session: SessionId) -> String {
    format!("chip-{session}")
}

/// One chat: who, and what has come in unread. Pressed, it opens above, or is put down again.
#[component]
pub fn Chip(session: SessionId) -> impl IntoView {
    let live = expect_context::<Live>();
    let Docked(docked) = expect_context();
    let row = row_of(live, live.talk(session));
    let open = Memo::new(move |_| docked.get() == Some(session));
    let name = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| name_or(&row.visitor.name).to_owned())));
    let unread = Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.unread)));
    let status = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.status)));
    let words = move || live.me.with(|me| row.with(|row| row.as_ref().map(|row| last_words(me, row))));
    let label = move || row.with(|row| row.as_ref().map(label));
    let press = move |_| {
        if open.get_untracked() {
            docked.set(None);
        } else {
            live.talk(session).wants_focus.set_value(true);
            docked.set(Some(session));
            browser::focus("composer");
        }
    };
    view! {
        <li>
            <button
                type="button"
                id=chip_id(session)
                class="dk-docked"
                class:dk-docked--open=move || open.get()
                aria-label=label
                aria-expanded=move || if open.get() { "true" } else { "false" }
                title=words
                on:click=press
            >
                <Avatar
                    initials=Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.visitor.initials.clone())).unwrap_or_default())
                    hue=Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.visitor.hue)))
                    dot=Signal::derive(move || status.get().map_or("", status_dot))
                />
                <span class="dk-docked__name" dir="auto">{move || name.get()}</span>
                <Count n=unread class="dk-badge" />
            </button>
        </li>
    }
}

/// The whole of it for who hears it.
fn label(row: &Row) -> String {
    let (name, status) = (name_or(&row.visitor.name), status_word(row.status));
    match row.unread {
        0 => format!("Chat with {name}, {status}"),
        n => format!("Chat with {name}, {status}, {n} unread"),
    }
}
