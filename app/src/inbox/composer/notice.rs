use leptos::{ev::KeyboardEvent, prelude::*};

use super::findings::{Finding, pieces};
use crate::ui::{Glyph, Icon};

/// The text once more, behind the field, with what was found marked.
#[component]
pub fn Marks(text: RwSignal<String>, found: Memo<Vec<Finding>>) -> impl IntoView {
    let some = Memo::new(move |_| found.with(|found| !found.is_empty()));
    let marked = move || {
        text.with(|text| found.with(|found| pieces(text, found)))
            .into_iter()
            .map(|(marked, part)| if marked { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() })
            .collect_view()
    };
    view! {
        <Show when=move || some.get()>
            <div class="dk-composer__marks" aria-hidden="true">{marked}</div>
        </Show>
    }
}

/// What was found, why it matters, and, once one has tried to send it, the question.
#[component]
pub fn Notice(
    found: Memo<Vec<Finding>>,
    asked: RwSignal<bool>,
    edit: impl Fn() + Copy + Send + Sync + 'static,
    send: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let some = Memo::new(move |_| found.with(|found| !found.is_empty()));
    let reasons = move || {
        found
            .get()
            .into_iter()
            .map(|finding| view! { <li><b>{finding.name}</b> " " {finding.reason}</li> })
            .collect_view()
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            edit();
        }
    };
    view! {
        <div class="dk-guard" class:dk-guard--on=move || some.get()>
            <div role="status" id="composer-guard">
                <Show when=move || some.get()>
                    <Icon glyph=Glyph::Guard small=true />
                    <ul>{reasons}</ul>
                </Show>
            </div>
            <Show when=move || some.get() && asked.get()>
                <div
                    class="dk-guard__ask"
                    role="alertdialog"
                    aria-labelledby="guard-title"
                    aria-describedby="composer-guard"
                    on:keydown=on_key
                >
                    <p id="guard-title">"Not sent yet. Sending it anyway is noted in the chat, for staff only."</p>
                    <button type="button" id="guard-edit" class="dk-button" on:click=move |_| edit()>"Edit"</button>
                    <button type="button" class="dk-button dk-button--danger" on:click=move |_| send()>"Send anyway"</button>
                </div>
            </Show>
        </div>
    }
}
