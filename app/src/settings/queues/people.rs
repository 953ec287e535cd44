use domain::{FieldProblem, setting_range};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wire::queues::Person;

use super::{
    super::{
        fields::Wrong,
        parts::{number, refused},
    },
    Page, QueuesLoaded, api,
};
use crate::{live::Live, ui::some_text};

/// How many chats each person may have in hand.
#[component]
pub fn PeoplePage() -> impl IntoView {
    view! {
        <QueuesLoaded
            title="Chat limits"
            lead="How many chats each person may have in hand before they are given another one. The limit of a queue \
                  counts too: the smaller one decides. 0 is no limit."
            page=Page::new()
            body=Callback::new(|page: Page| {
                let agents = move || {
                    page.people.with(|people| people.iter().filter(|one| one.roles.agent).cloned().collect::<Vec<_>>())
                };
                view! {
                    <ul class="dk-entries">
                        <For each=agents key=|person| person.id let:person>
                            <li>
                                <Limit page=page person=person />
                            </li>
                        </For>
                    </ul>
                }
                    .into_any()
            })
        />
    }
}

#[component]
fn Limit(page: Page, person: Person) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = person.id;
    let (field, wrong_id) = (format!("limit-{id}"), format!("limit-{id}-wrong"));
    let value = RwSignal::new(person.chat_limit.to_string());
    let kept = RwSignal::new(person.chat_limit);
    let (wrong, busy) = (RwSignal::new(Wrong::default()), RwSignal::new(false));
    let name = StoredValue::new(person.name.clone());
    let (min, max) = setting_range("chat_limit").unwrap_or_default();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let mut found = Vec::new();
        let limit = value.with_untracked(|text| number("chat_limit", text, &mut found));
        if !found.is_empty() {
            return refused(wrong, &wire::Error::Invalid(found));
        }
        busy.set(true);
        spawn_local(async move {
            match api::set_chat_limit(id, limit).await {
                Ok(person) => {
                    wrong.try_set(Wrong::default());
                    kept.try_set(person.chat_limit);
                    page.unsaved.clear();
                    live.notify(format!("The limit of {} is saved.", person.name));
                }
                Err(error) => refused(wrong, &error),
            }
            busy.try_set(false);
        });
    };
    let line = move || match wrong.with(|wrong| wrong.problem("chat_limit")) {
        Some(FieldProblem::Missing) => "This is needed; 0 is no limit.".to_owned(),
        _ => wrong.with(|wrong| {
            let line = wrong.line("chat_limit", "");
            if line.is_empty() { wrong.all.clone() } else { line }
        }),
    };
    let changed = move || value.with(|text| text.trim().parse() != Ok(kept.get()));
    view! {
        <form class="dk-entry" novalidate=true on:submit=save on:input=move |_| page.unsaved.note()>
            <div class="dk-entry__words">
                <h3 dir="auto">{person.name.clone()}</h3>
                <p>{person.email}</p>
            </div>
            <div class="dk-field dk-field--number">
                <div class="dk-number">
                    <input
                        id=field
                        type="number"
                        inputmode="numeric"
                        min=min
                        max=max
                        aria-label=format!("Chats of {}", person.name)
                        aria-describedby=wrong_id.clone()
                        aria-invalid=move || wrong.with(|wrong| wrong.problem("chat_limit").is_some()).then_some("true")
                        value=person.chat_limit
                        prop:value=move || value.get()
                        on:input:target=move |event| value.set(event.target().value())
                    />
                    <span>"chats"</span>
                    <button
                        type="submit"
                        class="dk-button"
                        aria-label=move || name.with_value(|name| format!("Save the limit of {name}"))
                        disabled=move || busy.get() || !changed()
                    >
                        "Save"
                    </button>
                </div>
                <p class="dk-field__wrong" id=wrong_id role="alert">{move || some_text(line())}</p>
            </div>
        </form>
    }
}
