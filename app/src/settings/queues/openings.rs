use domain::FieldProblem;
use leptos::prelude::*;

use super::{
    super::{fields::Wrong, unsaved::Unsaved},
    plan::{At, Plan},
};
use crate::ui::{Glyph, Icon};

/// The openings of one day, to be changed, added and taken away. `day` names it for screen readers.
#[component]
pub fn Openings(
    at: At,
    #[prop(into)] day: Signal<String>,
    plan: RwSignal<Plan>,
    wrong: RwSignal<Wrong>,
    unsaved: Unsaved,
) -> impl IntoView {
    let keys = Memo::new(move |_| plan.with(|plan| plan.at(at).iter().map(|opening| opening.key).collect::<Vec<_>>()));
    let problem = move || wrong.with(|wrong| plan.with(|plan| wrong.problem(&plan.field(at))));
    let time = move |key: u32, end: bool| {
        let value = move || {
            plan.with(|plan| {
                let found = plan.at(at).iter().find(|opening| opening.key == key);
                found.map(|opening| if end { opening.to.clone() } else { opening.from.clone() }).unwrap_or_default()
            })
        };
        // Of a day in which a time is missing only the empty fields are wrong.
        let invalid = move || match problem() {
            Some(FieldProblem::Missing) => value().is_empty(),
            problem => problem.is_some(),
        };
        let change = move |text: String| {
            plan.update(|plan| {
                if let Some(opening) = plan.opening(at, key) {
                    if end { opening.to = text } else { opening.from = text }
                }
            });
        };
        let word = if end { "closes" } else { "opens" };
        view! {
            <input
                type="time"
                aria-label=move || format!("{} {word}", day.get())
                aria-invalid=move || invalid().then_some("true")
                prop:value=value
                on:input:target=move |event| change(event.target().value())
            />
        }
    };
    let row = move |key: u32| {
        let remove = move |_| {
            unsaved.note();
            plan.update(|plan| plan.remove_opening(at, key));
        };
        view! {
            <li class="dk-opening">
                {time(key, false)} <span aria-hidden="true">"–"</span> {time(key, true)}
                <button
                    type="button"
                    class="dk-icon-button"
                    aria-label=move || format!("Remove this opening of {}", day.get())
                    on:click=remove
                >
                    <Icon glyph=Glyph::Close small=true />
                </button>
            </li>
        }
    };
    let add = move |_| {
        unsaved.note();
        plan.update(|plan| plan.add_opening(at));
    };
    let line = move || wrong.with(|wrong| plan.with(|plan| wrong.line(&plan.field(at), "")));
    view! {
        <div class="dk-openings">
            <Show when=move || keys.with(Vec::is_empty)>
                <span class="dk-openings__closed">"Closed"</span>
            </Show>
            <ul>
                <For each=move || keys.get() key=|key| *key children=row />
            </ul>
            <button
                type="button"
                class="dk-chip"
                aria-label=move || format!("Add an opening to {}", day.get())
                on:click=add
            >
                "Add opening"
            </button>
        </div>
        <p class="dk-field__wrong" role="alert">{line}</p>
    }
}
