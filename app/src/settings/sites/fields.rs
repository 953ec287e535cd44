//! What the widget asks before a chat: fields that are added, put in order, worded and removed.

use domain::{FIELD_LABEL, FIELD_OPTIONS, FORM_FIELDS, FieldKind, FieldOption, FieldPart, FieldProblem, QueueId};
use leptos::prelude::*;

use super::{
    super::fields::Wrong,
    list::{Asked, Choice, FieldList},
    look::Check,
};
use crate::{
    browser,
    ui::{Glyph, Icon},
};

/// The fields, each a card, and the list to add another one from.
#[component]
pub fn Builder(
    list: FieldList,
    legend: &'static str,
    queues: RwSignal<Vec<(QueueId, String)>>,
    wrong: RwSignal<Wrong>,
    noted: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let full = move || list.all.with(Vec::len) >= FORM_FIELDS;
    let add = move |kind: FieldKind| {
        view! {
            <li>
                <button
                    type="button"
                    class="dk-chip"
                    on:click=move |_| {
                        list.add(kind);
                        noted();
                    }
                >
                    <Icon glyph=Glyph::Plus small=true /> {word(kind)}
                </button>
            </li>
        }
    };
    view! {
        <fieldset class="dk-group" id=list.name tabindex="-1">
            <legend>{legend}</legend>
            <ol class="dk-asked">
                <For each=move || list.all.get() key=|asked| asked.row let:asked>
                    <Card list=list asked=asked queues=queues wrong=wrong noted=noted />
                </For>
            </ol>
            <Show when=move || !full() fallback=|| view! { <p class="dk-field__hint">"A form can ask no more than this."</p> }>
                <ul class="dk-chips" aria-label="Add a field">
                    <For each=move || list.addable() key=|kind| *kind children=add />
                </ul>
            </Show>
        </fieldset>
    }
}

#[component]
fn Card(
    list: FieldList,
    asked: Asked,
    queues: RwSignal<Vec<(QueueId, String)>>,
    wrong: RwSignal<Wrong>,
    noted: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let kind = asked.kind;
    let place = Memo::new(move |_| list.place(asked.row).unwrap_or_default());
    let last = move || place.get() + 1 == list.all.with(Vec::len);
    let problem = move |part: FieldPart| {
        wrong.with(|wrong| wrong.problem(&format!("{}.{}.{}", list.name, place.get(), part.name())))
    };
    let label_wrong = move || problem(FieldPart::Label).map(|_| "Say what is asked, in at most 200 characters.");
    let options_wrong = move || problem(FieldPart::Options).map(options_line);
    let url_wrong = move || problem(FieldPart::Url).map(|_| "This is not the address of a page.");
    let (label_id, url_id) = (list.id(asked, "label"), list.id(asked, "url"));
    let step = move |with: isize, words: &'static str, off: Signal<bool>| {
        view! {
            <button
                type="button"
                class="dk-button"
                aria-label=move || format!("{words}: {}", name(asked))
                disabled=off
                on:click=move |_| {
                    list.swap(asked.row, with);
                    noted();
                }
            >
                {if with < 0 { "↑" } else { "↓" }}
            </button>
        }
    };
    let remove = (kind != FieldKind::Question).then(|| {
        view! {
            <button
                type="button"
                class="dk-button"
                aria-label=move || format!("Remove: {}", name(asked))
                on:click=move |_| {
                    list.all.update(|all| all.retain(|other| other.row != asked.row));
                    noted();
                    browser::focus(list.name);
                }
            >
                "Remove"
            </button>
        }
    });
    view! {
        <li class="dk-asked__card">
            <div class="dk-asked__head">
                <b>{word(kind)}</b>
                {step(-1, "Move up", Signal::derive(move || place.get() == 0))}
                {step(1, "Move down", Signal::derive(last))}
                {remove}
            </div>
            <div class="dk-field">
                <label for=label_id.clone()>"What is asked"</label>
                <input
                    id=label_id.clone()
                    maxlength=FIELD_LABEL
                    dir="auto"
                    placeholder=if kind.once() { "In our words, in the visitor’s language" } else { "" }
                    aria-describedby=format!("{label_id}-wrong")
                    aria-invalid=move || label_wrong().map(|_| "true")
                    prop:value=move || asked.label.get()
                    on:input:target=move |event| asked.label.set(event.target().value())
                />
                <p class="dk-field__wrong" id=format!("{label_id}-wrong") role="alert">{label_wrong}</p>
            </div>
            {(kind == FieldKind::Choice).then(|| view! {
                <Options list=list asked=asked queues=queues noted=noted />
                <p class="dk-field__wrong" role="alert">{options_wrong}</p>
            })}
            {(kind == FieldKind::Consent).then(|| view! {
                <div class="dk-field">
                    <label for=url_id.clone()>"Page with what is agreed to"</label>
                    <input
                        id=url_id.clone()
                        type="url"
                        placeholder="https://"
                        aria-describedby=format!("{url_id}-wrong")
                        aria-invalid=move || url_wrong().map(|_| "true")
                        prop:value=move || asked.url.get()
                        on:input:target=move |event| asked.url.set(event.target().value())
                    />
                    <p class="dk-field__wrong" id=format!("{url_id}-wrong") role="alert">{url_wrong}</p>
                </div>
            })}
            {(!kind.always_required()).then(|| view! { <Check value=asked.required label="It has to be answered" /> })}
        </li>
    }
}

/// What one can choose from, and where that leads.
#[component]
fn Options(
    list: FieldList,
    asked: Asked,
    queues: RwSignal<Vec<(QueueId, String)>>,
    noted: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let option = move |choice: Choice| {
        let id = list.choice_id(choice);
        let place =
            move || asked.options.with(|all| all.iter().position(|one| one.row == choice.row)).unwrap_or_default() + 1;
        view! {
            <li class="dk-asked__option">
                <input
                    id=id
                    maxlength=FIELD_LABEL
                    dir="auto"
                    aria-label=move || format!("Option {}", place())
                    prop:value=move || choice.label.get()
                    on:input:target=move |event| choice.label.set(event.target().value())
                />
                <select
                    aria-label=move || format!("Queue of option {}", place())
                    prop:value=move || choice.queue.get()
                    on:change:target=move |event| choice.queue.set(event.target().value())
                >
                    <option value="">"the site’s queue"</option>
                    {move || queues.get().into_iter().map(|(id, name)| {
                        let id = id.to_string();
                        let chosen = choice.queue.with_untracked(|queue| *queue == id);
                        view! { <option value=id selected=chosen>{name}</option> }
                    }).collect_view()}
                </select>
                <button
                    type="button"
                    class="dk-icon-button"
                    aria-label=move || format!("Remove option {}", place())
                    on:click=move |_| {
                        asked.options.update(|all| all.retain(|one| one.row != choice.row));
                        noted();
                    }
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </li>
        }
    };
    let full = move || asked.options.with(Vec::len) >= FIELD_OPTIONS;
    view! {
        <ul class="dk-asked__options" aria-label="Options">
            <For each=move || asked.options.get() key=|choice| choice.row children=option />
        </ul>
        <button
            type="button"
            class="dk-button dk-asked__more"
            disabled=full
            on:click=move |_| {
                let choice = list.choice(FieldOption { label: String::new(), queue: None });
                asked.options.update(|all| all.push(choice));
                noted();
                browser::focus(&list.choice_id(choice));
            }
        >
            <Icon glyph=Glyph::Plus small=true /> "Another option"
        </button>
    }
}

/// A field as one speaks of it.
fn name(asked: Asked) -> String {
    let label = asked.label.get();
    if label.is_empty() { word(asked.kind).to_owned() } else { label }
}

const fn word(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Name => "Name",
        FieldKind::Email => "E-mail",
        FieldKind::Phone => "Phone",
        FieldKind::Text => "Short text",
        FieldKind::LongText => "Long text",
        FieldKind::Choice => "Choice",
        FieldKind::Checkbox => "Checkbox",
        FieldKind::Consent => "Consent",
        FieldKind::Question => "Question",
    }
}

const fn options_line(problem: FieldProblem) -> &'static str {
    match problem {
        FieldProblem::Missing => "A choice needs at least two options.",
        FieldProblem::Twice => "Two options are the same.",
        FieldProblem::Unknown => "A queue that an option leads to is there no more.",
        _ => "Each option needs some words, at most 200 characters.",
    }
}
