use domain::Outcome;
use leptos::prelude::*;
use leptos_router::components::Form;
use wire::agent::{Resolved, ResolvedFilter};

use super::query::{day_field, last_day};
use crate::{live::Clock, ui::outcome_word};

/// A plain form: it works without scripts too.
#[component]
pub fn Filters(filter: ResolvedFilter, #[prop(into)] all: Choices) -> impl IntoView {
    let stars = filter.stars.map(u8::from);
    let clock = expect_context::<Clock>();
    let offset = move |at| untrack(|| clock.offset(at));
    let (agent, queue, outcome) = (filter.agent, filter.queue, filter.outcome);
    let chosen = |id: Option<String>| id.unwrap_or_default();
    let (from, to) = (day_field(filter.from, offset), day_field(last_day(&filter), offset));
    // Each value twice: the attribute is what the server can send, the property what a field shows that was changed.
    view! {
        <Form method="GET" action="/resolved">
            <div class="dk-filters" role="search" aria-label="Filter">
                <label>
                    "Search"
                    <input type="search" name="text" value=filter.text.clone() prop:value=filter.text placeholder="Visitor or agent" />
                </label>
                <label>"From" <input type="date" name="from" value=from.clone() prop:value=from /></label>
                <label>"To" <input type="date" name="to" value=to.clone() prop:value=to /></label>
                <label>
                    "Rating"
                    <select name="stars" prop:value=chosen(stars.map(|stars| stars.to_string()))>
                        <option value="">"Any"</option>
                        {(1..=5).rev().map(|n: u8| view! {
                            <option value=n selected=stars == Some(n)>{"★".repeat(usize::from(n))}</option>
                        }).collect_view()}
                    </select>
                </label>
                <label>
                    "Agent"
                    <select name="agent" prop:value=chosen(agent.map(|agent| agent.to_string()))>
                        <option value="">"Any"</option>
                        {all.agents.into_iter().map(|(id, name)| view! {
                            <option selected=agent.is_some_and(|agent| agent.to_string() == id) value=id>{name}</option>
                        }).collect_view()}
                    </select>
                </label>
                <label>
                    "Queue"
                    <select name="queue" prop:value=chosen(queue.map(|queue| queue.to_string()))>
                        <option value="">"Any"</option>
                        {all.queues.into_iter().map(|(id, name)| view! {
                            <option selected=queue.is_some_and(|queue| queue.to_string() == id) value=id>{name}</option>
                        }).collect_view()}
                    </select>
                </label>
                <label>
                    "Outcome"
                    <select name="outcome" prop:value=chosen(outcome.map(|outcome| outcome.name().to_owned()))>
                        <option value="">"Any"</option>
                        {Outcome::ALL.into_iter().map(|one| view! {
                            <option value=one.name() selected=outcome == Some(one)>{outcome_word(one)}</option>
                        }).collect_view()}
                    </select>
                </label>
                <div class="dk-filters__acts">
                    <button type="submit" class="dk-button dk-button--accent">"Apply"</button>
                    <a class="dk-button" href="/resolved">"Clear"</a>
                </div>
            </div>
        </Form>
    }
}

/// Whom and what one can choose: id and name.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    agents: Vec<(String, String)>,
    queues: Vec<(String, String)>,
}

impl From<&Resolved> for Choices {
    fn from(resolved: &Resolved) -> Self {
        Self {
            agents: resolved.agents.iter().map(|agent| (agent.id.to_string(), agent.face.name.clone())).collect(),
            queues: resolved.queues.iter().map(|queue| (queue.id.to_string(), queue.name.clone())).collect(),
        }
    }
}
