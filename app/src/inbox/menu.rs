mod blocking;
mod export;

use domain::{AgentId, SessionId};
use leptos::{prelude::*, task::spawn_local};
use wire::agent::Row;

use self::{blocking::Blocking, export::Export};
use super::{
    Section, api, badges,
    handover::{Ask, Asking},
};
use crate::{
    alerts::Sounds,
    browser, files,
    keys::{Command, Keyboard, aria_keys},
    live::Live,
    ui::{Glyph, Icon, MenuCheck, MoreMenu},
};

/// What can be done with the chat besides writing and ending it (PRODUCT A9).
#[component]
pub fn ChatMenu(session: SessionId, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let asking = expect_context::<Asking>();
    let keyboard = expect_context::<Keyboard>();
    let with = move |f: fn(&wire::agent::Me, &[wire::agent::Queue], &Row) -> bool| {
        live.me.with(|me| live.queues.with(|queues| row.with(|row| row.as_ref().is_some_and(|row| f(me, queues, row)))))
    };
    let owns = Memo::new(move |_| with(|me, _, row| badges::owns(me, row)));
    let supervises = Memo::new(move |_| with(badges::may_reassign));
    // Those whom one can take out of the chat again: all for its owner, oneself for a guest.
    let along = Memo::new(move |_| {
        let me = live.me.with(|me| me.id);
        let all = row.with(|row| row.as_ref().map(|row| row.colleagues.clone()).unwrap_or_default());
        all.into_iter().filter(|one| owns.get() || *one == me).collect::<Vec<_>>()
    });
    let item = move |glyph: Glyph, word: &'static str, ask: Ask, command: Command| {
        view! {
            <button
                type="button"
                role="menuitem"
                class="dk-menu__item"
                tabindex="-1"
                aria-keyshortcuts=aria_keys(command)
                on:click=move |_| asking.ask(session, ask)
            >
                <Icon glyph=glyph small=true />
                {word}
                <kbd class="dk-menu__keys" aria-hidden="true">{move || keyboard.chord(command)}</kbd>
            </button>
        }
    };
    view! {
        <MoreMenu label="Chat menu">
            <Show when=move || owns.get()>
                {item(Glyph::Transfer, "Transfer…", Ask::Transfer, Command::Transfer)}
                {item(Glyph::Check, "Assign to a colleague…", Ask::Assign, Command::Assign)}
                {item(Glyph::People, "Add a colleague…", Ask::Add, Command::Add)}
            </Show>
            {move || along.get().into_iter().map(|agent| view! { <TakeOut session=session agent=agent /> }).collect_view()}
            <Show when=move || owns.get()><Attachments session=session row=row /></Show>
            <Show when=move || owns.get() || along.with(|along| !along.is_empty())><Sounds session=session /></Show>
            <Show when=move || supervises.get()>{item(Glyph::Transfer, "Reassign…", Ask::Reassign, Command::Reassign)}</Show>
            <Keep session=session row=row />
            <Export session=session />
            <Blocking session=session />
        </MoreMenu>
    }
}

/// Whether the visitor may send files.
#[component]
fn Attachments(session: SessionId, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let allowed = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.attachments)));
    let toggle = move || {
        let Some(id) = browser::client_id() else { return };
        let on = !allowed.get_untracked();
        spawn_local(async move {
            if let Err(error) = files::api::allow_attachments(id, session, on).await {
                live.refused(&error);
            }
        });
    };
    view! {
        <MenuCheck on=allowed toggle=toggle word="Allow attachments" small="the visitor may send pictures" />
    }
}

/// A colleague no longer writes along.
#[component]
fn TakeOut(session: SessionId, agent: AgentId) -> impl IntoView {
    let live = expect_context::<Live>();
    let out = move |_| {
        let Some(id) = browser::client_id() else { return };
        spawn_local(async move {
            if let Err(error) = api::remove_colleague(id, session, agent).await {
                live.refused(&error);
            }
        });
    };
    let word = if live.me.with_untracked(|me| me.id) == agent {
        "Leave the chat".to_owned()
    } else {
        format!("Take {} out of the chat", live.name_of(agent))
    };
    view! {
        <button type="button" role="menuitem" class="dk-menu__item" tabindex="-1" on:click=out>
            <Icon glyph=Glyph::Close small=true />
            {word}
        </button>
    }
}

/// To take along: the address, and paper.
#[component]
fn Keep(session: SessionId, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let copy = move |_| {
        let section = row.with_untracked(|row| row.as_ref().map_or(Section::Recent, Section::of));
        let address = browser::address_of(&section.chat_href(session));
        spawn_local(async move {
            let done = browser::copy(&address).await;
            live.notify(if done { "Link copied".to_owned() } else { format!("The address is {address}") });
        });
    };
    let print = move |_| {
        spawn_local(async move {
            // The whole conversation, not only what has been scrolled to.
            match live.read_all(session).await {
                Ok(()) => browser::print(),
                Err(error) => live.refused(&error),
            }
        });
    };
    view! {
        <button type="button" role="menuitem" class="dk-menu__item" tabindex="-1" on:click=copy>
            <Icon glyph=Glyph::Link small=true />
            "Copy link"
        </button>
        <button type="button" role="menuitem" class="dk-menu__item" tabindex="-1" on:click=print>
            <Icon glyph=Glyph::Print small=true />
            "Print…"
        </button>
    }
}
