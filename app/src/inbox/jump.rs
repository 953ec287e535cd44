//! The day that one reads, at the top of the conversation, and the way from there to another one.

use domain::{Span, Timestamp};
use leptos::{
    ev::{self, KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use wasm_bindgen::JsCast;
use web_sys::Node;

use super::{lines::error_line, place::Place};
use crate::{
    live::{Live, Talk},
    ui::{
        Glyph, Icon,
        time::{begin_of_day, day_field, day_word},
    },
};

#[component]
pub fn Jump(talk: Talk, place: Place) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    let open = RwSignal::new(false);
    let around = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let day = Memo::new(move |_| place.top_at.get().map(|at| day_word(at, clock.now(), clock.offset(at))));
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    Effect::new(move |_| {
        let elsewhere = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            if !around.get_untracked().is_some_and(|around| around.contains(target.as_ref())) {
                open.set(false);
            }
        });
        on_cleanup(move || elsewhere.remove());
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            close();
        }
    };
    view! {
        <div class="dk-jump" node_ref=around on:keydown=on_key>
            <Show when=move || day.with(Option::is_some)>
                <button
                    type="button"
                    class="dk-jump__day"
                    node_ref=button
                    aria-haspopup="dialog"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    title="Jump to a date"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon glyph=Glyph::Calendar small=true />
                    {move || day.get()}
                    <span class="dk-hidden">", jump to a date"</span>
                </button>
            </Show>
            <Show when=move || open.get()>
                <Dates talk=talk place=place close=Callback::new(move |()| close()) />
            </Show>
        </div>
    }
}

#[component]
fn Dates(talk: Talk, place: Place, close: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let clock = live.clock;
    let offset = move |at| clock.offset(at);
    let first = talk.details.with_untracked(|details| details.as_ref().map(|details| details.started_at));
    let field = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let go = move |to: Timestamp, wanted: bool| {
        busy.set(true);
        spawn_local(async move {
            match place.go_to_date(to).await {
                Ok(found) => {
                    let now = clock.read();
                    let word = |at| day_word(at, now, clock.offset(at));
                    match found {
                        None => {
                            live.notify("Nothing was written from that day on. These are the last messages.".into());
                        }
                        Some(at) if wanted && at >= to + Span::seconds(86_400) => {
                            live.notify(format!("Nothing was written on {}. The next is of {}.", word(to), word(at)));
                        }
                        Some(_) => {}
                    }
                    close.run(());
                }
                Err(error) => {
                    busy.try_set(false);
                    wrong.try_set(Some(format!("The messages did not come. {}", error_line(&error))));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        if let Some(at) = begin_of_day(&field.value(), offset) {
            go(at, true);
        } else {
            wrong.set(Some("Choose a day.".to_owned()));
            let _ = field.focus();
        }
    };
    let min = first.map(|at| day_field(at, offset));
    let shown = place.top_at.get_untracked().unwrap_or_else(|| clock.read());
    view! {
        <div role="dialog" aria-label="Jump to a date">
            <form class="dk-jump__box" novalidate on:submit=submit>
            <label class="dk-jump__label" for="jump-date">"Day"</label>
            <div class="dk-jump__row">
                <input
                    id="jump-date"
                    class="dk-input"
                    type="date"
                    node_ref=field
                    min=min
                    max=move || day_field(clock.read(), offset)
                    prop:value=day_field(shown, offset)
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    aria-describedby="jump-wrong"
                />
                <button type="submit" class="dk-button dk-button--accent" disabled=move || busy.get()>"Go"</button>
            </div>
            <p class="dk-jump__wrong" id="jump-wrong" role="alert">{move || wrong.get()}</p>
            <div class="dk-jump__row">
                <button
                    type="button"
                    class="dk-button"
                    disabled=move || busy.get()
                    on:click=move |_| go(Timestamp::from_millis(0), false)
                >
                    "First message"
                </button>
                <button
                    type="button"
                    class="dk-button"
                    on:click=move |_| {
                        place.go_to_end();
                        close.run(());
                    }
                >
                    "Newest"
                </button>
            </div>
            </form>
        </div>
    }
}
