use domain::SessionId;
use leptos::{ev::KeyboardEvent, prelude::*};

use super::chip::chip_id;
use crate::{
    browser,
    files::Lightbox,
    inbox::{
        Ask, Asking, CloseWrapUp, Foot, Log, Opening, RingBar, Section, keep_current, lines::name_or, owns, row_of,
        wraps_up,
    },
    keys::{Command, Keyboard, Place, aria_keys},
    live::{Docked, Live, Talk},
    ui::{Glyph, Icon, StatusPill},
};

/// A chat in the corner: the same conversation and the same composer as on its own page, with the same draft.
#[component]
pub fn MiniChat(session: SessionId) -> impl IntoView {
    let live = expect_context::<Live>();
    let Docked(docked) = expect_context();
    let row = row_of(live, live.talk(session));
    let name = Memo::new(move |_| {
        row.with(|row| row.as_ref().map(|row| name_or(&row.visitor.name).to_owned())).unwrap_or_default()
    });
    let put_down = move || {
        docked.set(None);
        browser::focus(&chip_id(session));
    };
    // What is open inside takes it for itself, as a picture that is shown large does.
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() && browser::place_of_keys() != Place::Dialog {
            event.stop_propagation();
            put_down();
        }
    };
    let status =
        Signal::derive(move || row.with(|row| row.as_ref().map_or(domain::Status::Resolved, |row| row.status)));
    let outcome = Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.outcome)));
    let full = move || row.with(|row| row.as_ref().map_or(Section::Active, Section::of)).chat_href(session);
    view! {
        <section class="dk-mini" aria-label=move || format!("Chat with {}", name.get()) on:keydown=on_key>
            <header class="dk-mini__head">
                <h2 dir="auto">{move || name.get()}</h2>
                <StatusPill status=status outcome=outcome />
                <div class="dk-mini__acts">
                    <Acts session=session row=row />
                    <a class="dk-icon-button" href=full aria-label="Open the whole chat" title="Open the whole chat">
                        <Icon glyph=Glyph::Expand />
                    </a>
                    <button
                        type="button"
                        class="dk-icon-button"
                        aria-label="Put the chat down"
                        title="Put the chat down (Esc)"
                        on:click=move |_| put_down()
                    >
                        <Icon glyph=Glyph::Down />
                    </button>
                </div>
            </header>
            <Opening
                session=session
                back=Signal::stored(Section::Active.href())
                opened=Callback::new(move |talk: Talk| view! { <Inside talk=talk /> }.into_any())
            />
        </section>
    }
}

#[component]
fn Inside(talk: Talk) -> impl IntoView {
    let live = expect_context::<Live>();
    let row = row_of(live, talk);
    keep_current(live, talk, row);
    view! {
        <Log talk=talk row=row />
        <RingBar session=talk.session row=row />
        <Foot talk=talk row=row />
        <Lightbox talk=talk />
    }
}

/// What is done most; the rest is on the chat's own page.
#[component]
fn Acts(session: SessionId, row: Memo<Option<wire::agent::Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let asking = expect_context::<Asking>();
    let keyboard = expect_context::<Keyboard>();
    let mine = Memo::new(move |_| live.me.with(|me| row.with(|row| row.as_ref().is_some_and(|row| owns(me, row)))));
    let wraps =
        Memo::new(move |_| live.me.with(|me| row.with(|row| row.as_ref().is_some_and(|row| wraps_up(me, row)))));
    let button = move |word: &'static str, glyph: Glyph, class: &'static str, ask: Ask, command: Command| {
        view! {
            <button
                type="button"
                class=class
                aria-label=word
                aria-keyshortcuts=aria_keys(command)
                title=keyboard.tip(word, command)
                on:click=move |_| asking.ask(session, ask)
            >
                <Icon glyph=glyph />
            </button>
        }
    };
    view! {
        <Show when=move || mine.get()>
            {button("Transfer", Glyph::Transfer, "dk-icon-button", Ask::Transfer, Command::Transfer)}
            {button("End chat", Glyph::Check, "dk-icon-button dk-icon-button--red", Ask::End, Command::End)}
        </Show>
        <Show when=move || wraps.get()><CloseWrapUp session=session /></Show>
    }
}
