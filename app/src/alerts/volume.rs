use leptos::prelude::*;

use super::{Tell, tell};
use crate::browser;

/// The name under which the script finds it.
const KEPT: &str = "alerts-volume";

const STEPS: [(&str, &str); 4] = [("off", "Muted"), ("low", "Low"), ("medium", "Medium"), ("high", "High")];

/// How loud alerts are in this browser; a part of the availability menu.
#[component]
pub fn Volume() -> impl IntoView {
    let chosen = RwSignal::new("medium".to_owned());
    Effect::new(move |_| {
        if let Some(kept) = browser::kept(KEPT) {
            chosen.set(kept);
        }
    });
    let step = move |(value, word): (&'static str, &'static str)| {
        view! {
            <button
                type="button"
                role="menuitemradio"
                class="dk-volume__step"
                aria-checked=move || if chosen.with(|chosen| chosen == value) { "true" } else { "false" }
                on:click=move |_| {
                    browser::keep(KEPT, Some(value));
                    chosen.set(value.to_owned());
                    // Heard at once, so that one knows how loud it is.
                    tell(&Tell::Do(if value == "off" { "health" } else { "test-sound" }));
                }
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="dk-menu__group" role="group" aria-labelledby="alert-volume">
            <p id="alert-volume" class="dk-menu__title" role="presentation">"Sound of alerts"</p>
            <div class="dk-volume" role="presentation">{STEPS.map(step).into_iter().collect_view()}</div>
        </div>
    }
}
