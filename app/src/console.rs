//! The frame around every page: rail, line, what is said in passing.

use std::time::Duration;

use domain::Span;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_location};
use wire::{Error, agent::Inbox};

use crate::{
    access::page_status,
    alerts, browser,
    carried::Carried,
    dock::Dock,
    inbox::{Asking, Dialogs, lines::error_line, red},
    keys::Keys,
    live::{Line, Live, Say},
    rail::Rail,
    ringing::{Ringing, Rings},
};

/// The inbox as it comes with the page.
#[derive(Clone, Copy)]
pub struct Loading(pub Carried<Result<Inbox, Error>>);

/// A row that somebody else took stands for this many seconds.
const LEAVING: i64 = 4;

/// A remark stays for this long.
const REMARK: Duration = Duration::from_secs(6);

#[component]
pub fn Console(name: &'static str, children: ChildrenFn) -> impl IntoView {
    let live = expect_context::<Live>();
    let Loading(inbox) = expect_context::<Loading>();
    let location = use_location();
    let children = StoredValue::new(children);
    let here = move || {
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        if search.is_empty() { path } else { format!("{path}?{search}") }
    };
    view! {
        <Suspense fallback=|| ()>
            {move || {
                Suspend::new(async move {
                    match inbox.await {
                        Ok(inbox) => {
                            if live.untouched() {
                                live.fill(inbox);
                            }
                            view! { <Frame name=name>{children.with_value(|children| children())}</Frame> }.into_any()
                        }
                        Err(Error::Unauthenticated) => {
                            view! { <Redirect path=sign_in_address(&here()) /> }.into_any()
                        }
                        Err(error) => view! { <Trouble error=error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Frame(name: &'static str, children: Children) -> impl IntoView {
    let live = expect_context::<Live>();
    awake(live);
    provide_context(Asking::new());
    provide_context(Rings::new(live));
    crate::later::ahead();
    let unread = Memo::new(move |_| {
        live.me.with(|me| live.queues.with(|queues| live.rows.with(|rows| red(me, queues, rows.iter()))))
    });
    let badge = alerts::follow(live);
    Effect::new(move |_| browser::set_icon(badge.get() > 0));
    // Held by whoever reads it, and not by this frame: the server writes the page's head last, when the frame and all
    // its signals may be gone already.
    let title = ArcRwSignal::new(title(name, badge.get_untracked()));
    let shown = title.clone();
    Effect::new(move |_| title.set(self::title(name, badge.get())));
    view! {
        <Title text=move || shown.get() />
        <a class="dk-skip" href="#main">"Skip to the content"</a>
        <Ringing />
        <div class="dk-console">
            <Rail unread=unread />
            {children()}
        </div>
        <Dock />
        <LineBar />
        <Remark />
        <Dialogs />
        <Keys />
    }
}

fn title(name: &str, unread: u32) -> String {
    if unread == 0 { format!("{name} · Deskbell") } else { format!("({unread}) {name} · Deskbell") }
}

/// Time begins to pass, and the socket opens.
fn awake(live: Live) {
    Effect::new(move |_| {
        if !live.wake() {
            return;
        }
        set_interval(
            move || {
                live.clock.tick();
                let leaving = live.rows.with_untracked(crate::live::Rows::any_leaving);
                if leaving && !live.hovering.get_untracked() {
                    let before = live.clock.read() + Span::seconds(-LEAVING);
                    live.rows.update(|rows| rows.sweep(before));
                }
            },
            Duration::from_secs(1),
        );
        live.take_up();
        live.start();
    });
}

/// What is happening to the line, and when the next try is.
#[component]
fn LineBar() -> impl IntoView {
    let live = expect_context::<Live>();
    let lost = move || matches!(live.line.get(), Line::Lost { .. } | Line::Trying);
    let words = move || match live.line.get() {
        Line::Opening | Line::Up => String::new(),
        Line::Trying => "Connection lost. Trying now…".to_owned(),
        Line::CaughtUp => "Caught up".to_owned(),
        Line::Lost { next } => {
            // Ticks with the clock; measured by the browser's own.
            live.clock.now();
            let seconds = (next - browser::clock()).whole_seconds().max(1);
            format!("Connection lost. Trying again in {seconds} s.")
        }
    };
    view! {
        <div
            class="dk-line-bar"
            class:dk-line-bar--lost=lost
            class:dk-line-bar--back=move || live.line.get() == Line::CaughtUp
        >
            <span role="status">{words}</span>
            <Show when=move || matches!(live.line.get(), Line::Lost { .. })>
                <button type="button" class="dk-link" on:click=move |_| live.say(Say::Now)>"Retry now"</button>
            </Show>
        </div>
    }
}

/// Something said in passing, politely.
#[component]
fn Remark() -> impl IntoView {
    let live = expect_context::<Live>();
    let turn = StoredValue::new(0u32);
    Effect::new(move |_| {
        if live.toast.with(String::is_empty) {
            return;
        }
        let mine = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        set_timeout(
            move || {
                if turn.try_get_value() == mine {
                    live.toast.set(String::new());
                }
            },
            REMARK,
        );
    });
    view! {
        <div class="dk-remark" class:dk-remark--on=move || live.toast.with(|text| !text.is_empty()) role="status">
            {move || live.toast.get()}
        </div>
    }
}

#[component]
fn Trouble(error: Error) -> impl IntoView {
    page_status(error.status());
    view! {
        <main class="dk-void dk-void--alone">
            <h1>"Deskbell cannot show this now"</h1>
            <p>{error_line(&error)}</p>
            <a class="dk-button dk-button--accent" href="" rel="external">"Try again"</a>
        </main>
    }
}

/// Where to sign in so as to come back here.
pub fn sign_in_address(here: &str) -> String {
    let mut address = String::from("/sign-in?next=");
    for byte in here.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            _ => {
                address.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    address.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase());
                }
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::sign_in_address;

    #[test]
    fn the_way_back_is_escaped() {
        assert_eq!(sign_in_address("/resolved?text=a&b=ü"), "/sign-in?next=/resolved%3Ftext%3Da%26b%3D%C3%BC");
    }
}
