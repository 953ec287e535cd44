//! Choices in the form of a queue.

use std::collections::BTreeSet;

use domain::{AgentId, Strategy};
use leptos::prelude::*;
use wire::queues::Person;

use super::{super::fields::Wrong, words::STRATEGIES};

/// How the queue finds an agent, each way with what it means.
#[component]
pub fn StrategyChoice(strategy: RwSignal<Strategy>) -> impl IntoView {
    let one = move |(n, (value, name, means)): (usize, (Strategy, &'static str, &'static str))| {
        let hint = format!("strategy-{n}");
        view! {
            <label class="dk-option">
                <input
                    type="radio"
                    name="strategy"
                    aria-describedby=hint.clone()
                    prop:checked=move || strategy.get() == value
                    on:change=move |_| strategy.set(value)
                />
                <span>{name}</span>
                <small id=hint>{means}</small>
            </label>
        }
    };
    view! {
        <fieldset class="dk-group">
            <legend>"How a chat finds its agent"</legend>
            {STRATEGIES.into_iter().enumerate().map(one).collect_view()}
        </fieldset>
    }
}

/// People as a list to tick.
#[component]
pub fn PeopleChoice(
    legend: &'static str,
    field: &'static str,
    /// Who may be chosen.
    people: Vec<Person>,
    nobody: &'static str,
    chosen: RwSignal<BTreeSet<AgentId>>,
    wrong: RwSignal<Wrong>,
) -> impl IntoView {
    let empty = people.is_empty();
    let one = move |person: Person| {
        let id = person.id;
        let tick = move |on: bool| {
            chosen.update(|chosen| {
                if on {
                    chosen.insert(id)
                } else {
                    chosen.remove(&id)
                };
            });
        };
        view! {
            <label class="dk-check">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    on:change:target=move |event| tick(event.target().checked())
                />
                <bdi>{person.name}</bdi>
                <small>{person.email}</small>
            </label>
        }
    };
    let line = move || {
        let wrong = wrong.with(|wrong| wrong.problem(field).is_some());
        if wrong { "Somebody chosen here no longer works here, or has another role. Load the page again." } else { "" }
    };
    view! {
        <fieldset class="dk-group">
            <legend>{legend}</legend>
            {empty.then(|| view! { <p class="dk-field__hint">{nobody}</p> })}
            {people.into_iter().map(one).collect_view()}
            <p class="dk-field__wrong" role="alert">{line}</p>
        </fieldset>
    }
}
