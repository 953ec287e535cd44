use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    browser,
    inbox::{blue, oldest, use_claim},
    keys::{Command, Keyboard, aria_keys},
    live::{Live, UNSENT},
    ui::{Avatar, Count, Glyph, Icon, availability_dot},
};

/// The first column: where one can go, and what asks for attention.
#[component]
pub fn Rail(unread: Memo<u32>) -> impl IntoView {
    let live = expect_context::<Live>();
    let path = use_location().pathname;
    let on = move |start: &'static str| path.with(|path| path.starts_with(start)).then_some("page");
    let sees_resolved = move || live.me.with(|me| me.roles.supervisor || me.roles.admin);
    let inbox_label = move || match unread.get() {
        0 => "Inbox".to_owned(),
        1 => "Inbox, 1 chat wants attention".to_owned(),
        n => format!("Inbox, {n} chats want attention"),
    };
    view! {
        <nav class="dk-rail" aria-label="Main">
            <span class="dk-rail__mark" aria-hidden="true"><Icon glyph=Glyph::Bell /></span>
            <Find />
            <a class="dk-rail__link" href="/inbox" aria-label=inbox_label aria-current=move || on("/inbox")>
                <Icon glyph=Glyph::Inbox />
                <span class="dk-rail__tip" aria-hidden="true">"Inbox"</span>
                <Count n=unread class="dk-badge dk-rail__badge" />
            </a>
            <Show when=sees_resolved>
                <a class="dk-rail__link" href="/resolved" aria-label="Resolved chats" aria-current=move || on("/resolved")>
                    <Icon glyph=Glyph::Archive />
                    <span class="dk-rail__tip" aria-hidden="true">"Resolved chats"</span>
                </a>
            </Show>
            <span class="dk-rail__push"></span>
            <a class="dk-rail__link" href="/settings" aria-label="Settings" aria-current=move || on("/settings")>
                <Icon glyph=Glyph::Settings />
                <span class="dk-rail__tip" aria-hidden="true">"Settings"</span>
            </a>
            <TakeOldest />
            <Account />
        </nav>
    }
}

/// The way to the palette for those who do not know its keys, or have none.
#[component]
fn Find() -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    view! {
        <button
            type="button"
            class="dk-rail__link dk-rail__find"
            aria-label="Commands and search"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| keyboard.show_commands()
        >
            <Icon glyph=Glyph::Search />
            <span class="dk-rail__tip" aria-hidden="true">{keyboard.palette_tip()}</span>
        </button>
    }
}

/// The blue number; pressing it takes the chat that waits longest.
#[component]
fn TakeOldest() -> impl IntoView {
    let live = expect_context::<Live>();
    let keyboard = expect_context::<Keyboard>();
    let claim = use_claim();
    let n = Memo::new(move |_| live.me.with(|me| live.rows.with(|rows| blue(me, rows.iter()))));
    let label = move || match n.get() {
        1 => "1 new unassigned chat, take the oldest".to_owned(),
        n => format!("{n} new unassigned chats, take the oldest"),
    };
    let take = move |_| {
        let first = live.me.with_untracked(|me| live.rows.with_untracked(|rows| oldest(me, rows.iter())));
        if let Some(session) = first {
            claim(session);
        }
    };
    view! {
        <Show when=move || { n.get() > 0 }>
            <button
                type="button"
                class="dk-rail__take"
                aria-label=label
                aria-keyshortcuts=aria_keys(Command::Oldest)
                title=move || format!("{} ({})", label(), keyboard.chord(Command::Oldest))
                on:click=take.clone()
            >
                {move || crate::ui::count_text(n.get())}
            </button>
        </Show>
    }
}

#[component]
fn Account() -> impl IntoView {
    let live = expect_context::<Live>();
    let keyboard = expect_context::<Keyboard>();
    let name = move || live.me.with(|me| me.name.clone());
    // What is lost by it is named where it is asked for.
    let sign_out = move || match live.unsent.get() {
        0 => "Sign out".to_owned(),
        1 => "Sign out and drop 1 unsent message".to_owned(),
        n => format!("Sign out and drop {n} unsent messages"),
    };
    view! {
        <button
            type="button"
            class="dk-rail__me"
            popovertarget="account"
            aria-haspopup="dialog"
        >
            <span class="dk-hidden">"Account of " {name}</span>
            <Avatar
                initials=Signal::derive(move || live.me.with(|me| me.face.initials.clone()))
                hue=Signal::derive(move || live.me.with(|me| me.face.hue))
                dot=Signal::derive(move || live.me.with(|me| availability_dot(me.availability)))
            />
        </button>
        <div id="account" class="dk-menu dk-menu--account" popover="auto" role="dialog" aria-label="Account">
            <p class="dk-menu__who"><b dir="auto">{name}</b> <small>{move || live.me.with(|me| me.email.clone())}</small></p>
            <Theme />
            <button
                type="button"
                class="dk-menu__item"
                popovertarget="account"
                popovertargetaction="hide"
                on:click=move |_| keyboard.show_help()
            >
                <Icon glyph=Glyph::Keyboard small=true />
                {Command::Help.word()}
                <kbd class="dk-menu__keys" aria-hidden="true">"?"</kbd>
            </button>
            <form method="post" action="/sign-out" on:submit=move |_| browser::forget_all(UNSENT)>
                <button type="submit" class="dk-menu__item"><Icon glyph=Glyph::SignOut small=true /> {sign_out}</button>
            </form>
        </div>
    }
}

/// Light, dark, or as the system has it.
#[component]
fn Theme() -> impl IntoView {
    let chosen = RwSignal::new("auto".to_owned());
    Effect::new(move |_| chosen.set(browser::stored_theme()));
    let option = move |(theme, word): (&'static str, &'static str)| {
        let glyph = match theme {
            "light" => Glyph::Sun,
            "dark" => Glyph::Moon,
            _ => Glyph::Monitor,
        };
        view! {
            <button
                type="button"
                class="dk-theme__option"
                aria-label=word
                title=word
                aria-pressed=move || if chosen.with(|chosen| chosen == theme) { "true" } else { "false" }
                on:click=move |_| {
                    browser::set_theme(theme);
                    chosen.set(theme.to_owned());
                }
            >
                <Icon glyph=glyph small=true />
            </button>
        }
    };
    view! {
        <div class="dk-theme" role="group" aria-label="Colours">
            {browser::THEMES.map(option).into_iter().collect_view()}
        </div>
    }
}
