use domain::{FieldProblem, MACRO_TITLE, MacroOwner, Variable, check_template};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use wire::composer::{Macro, MacroDraft};

use super::{
    api,
    entries::Entries,
    fields::{Labelled, Wrong},
    macros::owner_word,
};
use crate::{
    inbox::{field, variable_word},
    live::Live,
};

const FIELDS: [&str; 2] = ["title", "text"];

/// A new macro, or one to be changed.
#[component]
pub fn MacroForm(entries: Entries<Macro>, shared: bool, one: Option<Macro>) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = one.as_ref().map(|one| one.id);
    let first = || owners(live, shared).first().copied();
    let owner = RwSignal::new(one.as_ref().map(|one| one.owner).or_else(first));
    let title = RwSignal::new(one.as_ref().map(|one| one.title.clone()).unwrap_or_default());
    let text = RwSignal::new(one.map(|one| one.text).unwrap_or_default());
    let wrong = RwSignal::new(Wrong::default());
    let busy = RwSignal::new(false);
    let area = NodeRef::<html::Textarea>::new();
    let point = move |problem: Option<FieldProblem>| {
        if let (Some(FieldProblem::At { from, to, .. }), Some(area)) = (problem, area.get_untracked()) {
            field::select(&area, &(from as usize..to as usize));
        }
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(owner) = owner.get_untracked() else { return };
        let draft = MacroDraft { owner, title: title.get_untracked(), text: text.get_untracked() };
        busy.set(true);
        spawn_local(async move {
            match api::save_macro(id, draft).await {
                Ok(one) => entries.put(one),
                Err(error) => {
                    let found = Wrong::of(&error, &FIELDS);
                    point(found.problem("text"));
                    wrong.try_set(found);
                }
            }
            busy.try_set(false);
        });
    };
    // Known at once, said calmly: while one is still writing a variable is never complete.
    let hint = move || {
        let problem = text.with(|text| check_template(text)).err();
        let typing = matches!(problem, Some(FieldProblem::At { fault: domain::Fault::Unclosed, .. }));
        if typing { "A variable stands between {{ and }}." } else { "" }
    };
    view! {
        <form class="dk-panel-card dk-fields" aria-label=if id.is_some() { "Change macro" } else { "New macro" } on:submit=save on:input=move |_| entries.unsaved.note() on:change=move |_| entries.unsaved.note()>
            <Labelled
                id="macro-title"
                label="Title"
                hint="Short: it is what one types after the slash."
                wrong=Signal::derive(move || wrong.with(|wrong| title.with(|text| wrong.line("title", text))))
            >
                <input
                    id="macro-title"
                    type="text"
                    maxlength=MACRO_TITLE
                    autocomplete="off"
                    aria-describedby="macro-title-hint macro-title-wrong"
                    aria-invalid=move || wrong.with(|wrong| wrong.problem("title").is_some()).then_some("true")
                    prop:value=move || title.get()
                    on:input:target=move |event| title.set(event.target().value())
                />
            </Labelled>
            {shared.then(|| view! { <OwnerField owner=owner /> })}
            <Labelled
                id="macro-text"
                label="Text"
                wrong=Signal::derive(move || wrong.with(|wrong| text.with(|text| wrong.line("text", text))))
            >
                <textarea
                    id="macro-text"
                    node_ref=area
                    rows="5"
                    dir="auto"
                    aria-describedby="macro-text-hint macro-text-wrong"
                    aria-invalid=move || wrong.with(|wrong| wrong.problem("text").is_some()).then_some("true")
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                >
                    {text.get_untracked()}
                </textarea>
            </Labelled>
            <Chips area=area />
            <p class="dk-field__hint" role="status">{hint}</p>
            <p class="dk-field__wrong" role="alert">{move || wrong.with(|wrong| wrong.all.clone())}</p>
            <div class="dk-fields__acts">
                <button type="submit" class="dk-button dk-button--accent" disabled=busy>"Save"</button>
                <button type="button" class="dk-button" on:click=move |_| entries.cancel()>"Cancel"</button>
            </div>
        </form>
    }
}

/// Whose it is to be.
#[component]
fn OwnerField(owner: RwSignal<Option<MacroOwner>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let choices = owners(live, true).into_iter().map(|one| (one, owner_word(live, one)));
    let choices = choices.collect::<Vec<_>>();
    let choose = move |chosen: String| {
        if let Some(found) = owners(live, true).into_iter().find(|owner| owner_value(*owner) == chosen) {
            owner.set(Some(found));
        }
    };
    view! {
        <Labelled id="macro-owner" label="For" wrong=Signal::derive(String::new)>
                    <select
                        id="macro-owner"
                        aria-describedby="macro-owner-hint"
                        on:change:target=move |event| choose(event.target().value())
                    >
                        {choices.into_iter().map(|(one, word)| view! {
                            <option value=owner_value(one) selected=owner.get_untracked() == Some(one)>{word}</option>
                        }).collect_view()}
                    </select>
                </Labelled>
    }
}

/// The variables, to be put in where the cursor stands.
#[component]
fn Chips(area: NodeRef<html::Textarea>) -> impl IntoView {
    let insert = move |variable: Variable| {
        if let Some(area) = area.get_untracked() {
            let place = field::selection(&area);
            field::replace(&area, &place, &format!("{{{{{}}}}}", variable.name()));
        }
    };
    let chip = move |variable: Variable| {
        view! {
            <button type="button" class="dk-chip" title=variable_word(variable) on:click=move |_| insert(variable)>
                {variable.name()}
            </button>
        }
    };
    view! {
            <div class="dk-chips" role="group" aria-label="Put in a variable">
                {Variable::ALL.map(chip).into_iter().collect_view()}
            </div>
    }
}

/// Whose macros one may write.
fn owners(live: Live, shared: bool) -> Vec<MacroOwner> {
    if !shared {
        return vec![live.me.with_untracked(|me| MacroOwner::Agent(me.id))];
    }
    let queues = live.queues.with_untracked(|queues| {
        queues.iter().filter(|queue| queue.supervised).map(|queue| MacroOwner::Queue(queue.id)).collect::<Vec<_>>()
    });
    let admin = live.me.with_untracked(|me| me.roles.admin);
    admin.then_some(MacroOwner::Everyone).into_iter().chain(queues).collect()
}

fn owner_value(owner: MacroOwner) -> String {
    match owner {
        MacroOwner::Agent(agent) => agent.to_string(),
        MacroOwner::Queue(queue) => queue.to_string(),
        MacroOwner::Everyone => "everyone".to_owned(),
    }
}
