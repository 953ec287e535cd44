use domain::{Channel, SessionId, Status};
use leptos::prelude::*;
use wire::agent::Row;

use super::{
    badges,
    end::{CloseWrapUp, EndChat},
    handover::{Ask, Asking},
    lines::name_or,
    menu::ChatMenu,
};
use crate::{
    keys::{Command, Keyboard, aria_keys},
    live::Live,
    ui::{
        Glyph, Icon, StatusPill,
        time::{duration, seconds_between},
    },
};

/// Under this width the customer panel is a drawer, closed at first.
const DRAWER: f64 = 1100.0;

/// Who, where it stands, since when, and what can be done.
#[component]
pub fn ChatHeader(row: Memo<Option<Row>>, back: Signal<String>, panel: RwSignal<Option<bool>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let keyboard = expect_context::<Keyboard>();
    let name = move || row.with(|row| row.as_ref().map(|row| name_or(&row.visitor.name).to_owned()));
    let status = Signal::derive(move || row.with(|row| row.as_ref().map_or(Status::Resolved, |row| row.status)));
    let outcome = Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.outcome)));
    let mine =
        Memo::new(move |_| live.me.with(|me| row.with(|row| row.as_ref().is_some_and(|row| badges::owns(me, row)))));
    let wrap_up = Memo::new(move |_| {
        live.me.with(|me| row.with(|row| row.as_ref().filter(|row| badges::wraps_up(me, row)).map(|row| row.session)))
    });
    // A memo, and nothing else of the row: the question it brings up has to stay while words come in.
    let writing = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.session)).filter(|_| mine.get()));
    let chat = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.session)));
    let asked_of = Signal::derive(move || name().unwrap_or_default());
    let toggle = move |_| panel.update(|open| *open = Some(!open.unwrap_or_else(wide)));
    view! {
        <header class="dk-thread__head">
            <a class="dk-icon-button dk-thread__back" href=move || back.get() aria-label="Back to the list">
                <Icon glyph=Glyph::Back />
            </a>
            <h1 class="dk-hidden">"Chat"</h1>
            <h2 dir="auto">{name}</h2>
            <StatusPill status=status outcome=outcome />
            <Facts row=row />
            <div class="dk-thread__acts">
                <button
                    type="button"
                    id="customer-toggle"
                    class="dk-icon-button"
                    aria-label="Customer panel"
                    aria-keyshortcuts=aria_keys(Command::Panel)
                    title=keyboard.tip("Customer panel", Command::Panel)
                    aria-controls="customer"
                    aria-pressed=move || panel.get().map(|open| if open { "true" } else { "false" })
                    on:click=toggle
                >
                    <Icon glyph=Glyph::Panel />
                </button>
                {move || writing.get().map(|session| view! { <TransferButton session=session /> })}
                {move || chat.get().map(|session| view! { <ChatMenu session=session row=row /> })}
                {move || wrap_up.get().map(|session| view! { <CloseWrapUp session=session /> })}
                {move || writing.get().map(|session| view! { <EndChat session=session name=asked_of /> })}
            </div>
        </header>
    }
}

#[component]
fn TransferButton(session: SessionId) -> impl IntoView {
    let asking = expect_context::<Asking>();
    let keyboard = expect_context::<Keyboard>();
    view! {
        <button
            type="button"
            class="dk-icon-button dk-thread__wide"
            aria-label="Transfer"
            aria-keyshortcuts=aria_keys(Command::Transfer)
            title=keyboard.tip("Transfer", Command::Transfer)
            on:click=move |_| asking.ask(session, Ask::Transfer)
        >
            <Icon glyph=Glyph::Transfer />
        </button>
    }
}

#[component]
fn Facts(row: Memo<Option<Row>>) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    let lasted = move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| duration(seconds_between(row.waiting_since, row.ended_at.unwrap_or_else(|| clock.now()))))
        })
    };
    let queue = move || row.with(|row| row.as_ref().map(|row| row.queue_name.clone()));
    let by_email = move || row.with(|row| row.as_ref().is_some_and(|row| row.channel == Channel::Email));
    let way = move || if by_email() { "left a message, answered by e-mail" } else { "via website" };
    view! { <span class="dk-thread__facts">{queue} " · " {lasted} " · " {way}</span> }
}

fn wide() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= DRAWER)
}
