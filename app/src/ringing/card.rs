use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    Answer, Call,
    rules::{seconds_left, spent, why_line},
};
use crate::{
    inbox::{Section, last_words, lines::name_or},
    keys::{Command, Keyboard, aria_keys},
    live::Live,
    ui::{Avatar, Glyph, Icon},
};

/// A chat that rings: who, where, why here, the first words, and how long yet. The row as it was when it began to ring;
/// only its words and the time go on.
#[component]
pub fn RingCard(call: Call, answer: Callback<(Call, Answer)>, #[prop(into)] first: Signal<bool>) -> impl IntoView {
    let live = expect_context::<Live>();
    let Some(row) = live.row(call.0) else { return ().into_any() };
    let Some(ring) = row.ring.clone() else { return ().into_any() };
    let name = name_or(&row.visitor.name).to_owned();
    let why = why_line(ring.why, row.owner_name.as_deref());
    let held = row.clone();
    let words = move || live.me.with(|me| live.rows.with(|rows| last_words(me, rows.get(call.0).unwrap_or(&held))));
    let on_key = move |event: KeyboardEvent| {
        let on_card = event.target() == event.current_target();
        match event.key().as_str() {
            "Enter" if on_card => answer.run((call, Answer::Accept)),
            "Escape" => answer.run((call, Answer::Decline)),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let (id, visitor, queue) = (row.session, row.visitor.clone(), row.queue_name.clone());
    let at = if row.owner.is_some() { Section::Active } else { Section::Incoming };
    let (left, gone) = (ring.clone(), ring.clone());
    view! {
        <article class="dk-ring" tabindex="0" aria-label=format!("{name} rings you") on:keydown=on_key>
            <div class="dk-ring__top">
                <Avatar initials=visitor.initials.clone() hue=visitor.hue size="large" />
                <div class="dk-ring__who">
                    <h2 dir="auto">{name.clone()}</h2>
                    <p>{queue}</p>
                </div>
                <span class="dk-ring__time" role="timer" aria-label="Seconds left">
                    <svg viewBox="0 0 40 40" aria-hidden="true">
                        <circle cx="20" cy="20" r="17" class="dk-ring__track"></circle>
                        <circle
                            cx="20"
                            cy="20"
                            r="17"
                            class="dk-ring__left"
                            pathLength="100"
                            stroke-dasharray="100"
                            stroke-dashoffset=move || spent(&gone, live.clock.now())
                        ></circle>
                    </svg>
                    <b>{move || seconds_left(&left, live.clock.now())}</b>
                </span>
            </div>
            <p class="dk-ring__why">{why}</p>
            <Known by=[visitor.phone, visitor.email] href=at.chat_href(id) />
            {ring.note.map(|note| view! {
                <p class="dk-ring__note"><Icon glyph=Glyph::Note small=true /> <span dir="auto">{note}</span></p>
            })}
            <p class="dk-ring__words" dir="auto">{words}</p>
            <div class="dk-ring__acts">
                <button
                    type="button"
                    class="dk-button dk-button--green"
                    aria-keyshortcuts=aria_keys(Command::Accept)
                    on:click=move |_| answer.run((call, Answer::Accept))
                >
                    "Accept" <Keys first=first command=Command::Accept />
                </button>
                <button
                    type="button"
                    class="dk-button dk-button--danger"
                    aria-keyshortcuts=aria_keys(Command::Decline)
                    on:click=move |_| answer.run((call, Answer::Decline))
                >
                    "Decline" <Keys first=first command=Command::Decline />
                </button>
            </div>
        </article>
    }
    .into_any()
}

/// The way to what is known of them: details, pages, earlier chats. Green where they can be named by it (PRODUCT A4).
#[component]
fn Known(by: [String; 2], href: String) -> impl IntoView {
    let by = by.into_iter().filter(|by| !by.is_empty()).collect::<Vec<_>>().join(" · ");
    if by.is_empty() {
        view! { <p class="dk-ring__known"><a class="dk-ring__look" href=href>"Look at the chat first"</a></p> }
            .into_any()
    } else {
        view! {
            <p class="dk-ring__known">
                <a class="dk-mail" href=href title="Details and earlier chats">{by}</a>
            </p>
        }
        .into_any()
    }
}

/// The keys answer the first card only.
#[component]
fn Keys(first: Signal<bool>, command: Command) -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    view! {
        <Show when=move || first.get()>
            <kbd aria-hidden="true">{move || keyboard.chord(command)}</kbd>
        </Show>
    }
}
