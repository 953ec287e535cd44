use domain::{AgentId, SessionId, Timestamp};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Error,
    agent::{AnonymousRating, Colleague, Resolved, ResolvedFilter, Row},
};

use super::{
    api,
    filters::{Choices, Filters},
};
use crate::{
    carried::carried,
    inbox::{
        last_words,
        lines::{error_line, name_or},
        ratings_word,
    },
    live::Live,
    ui::{
        Avatar, StarsView, outcome_word, status_dot,
        time::{Moment, day_word},
    },
};

#[component]
pub fn ResolvedList(filter: Memo<ResolvedFilter>, search: Memo<String>) -> impl IntoView {
    let found = carried(move || filter.get(), api::resolved);
    view! {
        <main class="dk-resolved" id="main">
            <h1>"Resolved chats"</h1>
            <Transition fallback=|| view! { <p class="dk-empty" role="status">"Loading…"</p> }>
                {move || Suspend::new(async move {
                    let filter = filter.get_untracked();
                    match found.await {
                        Ok(found) => view! { <Found found=found filter=filter search=search /> }.into_any(),
                        Err(error) => view! { <NotFound error=error /> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
}

#[component]
fn Found(found: Resolved, filter: ResolvedFilter, search: Memo<String>) -> impl IntoView {
    let choices = Choices::from(&found);
    let Resolved { rows, more, agents, averages, anonymous, .. } = found;
    let nothing = rows.is_empty();
    let narrowed = filter != ResolvedFilter::default();
    view! {
        <Filters filter=filter.clone() all=choices />
        <div class="dk-resolved__columns">
            <section aria-label="Chats">
                {nothing.then(|| view! { <Nothing narrowed=narrowed /> })}
                {(!nothing).then(|| view! { <Table rows=rows more=more filter=filter search=search /> })}
            </section>
            <aside class="dk-resolved__side" aria-label="Ratings">
                <Averages averages=averages agents=agents />
                <Anonymous ratings=anonymous />
            </aside>
        </div>
    }
}

#[component]
fn Table(rows: Vec<Row>, more: bool, filter: ResolvedFilter, search: Memo<String>) -> impl IntoView {
    let (rows, more) = (RwSignal::new(rows), RwSignal::new(more));
    let load = move |_| {
        let place = |row: &Row| (row.ended_at.unwrap_or(row.last_at), row.session);
        let before: Option<(Timestamp, SessionId)> = rows.with_untracked(|rows| rows.last().map(place));
        let filter = ResolvedFilter { before, ..filter.clone() };
        spawn_local(async move {
            if let Ok(next) = api::resolved(filter).await {
                more.try_set(next.more);
                rows.try_update(|rows| rows.extend(next.rows));
            }
        });
    };
    view! {
        <div class="dk-table-wrap" tabindex="0" role="region" aria-label="Resolved chats, table">
            <table class="dk-table" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">"Visitor"</th>
                        <th scope="col" role="columnheader">"Outcome"</th>
                        <th scope="col" role="columnheader">"Agent"</th>
                        <th scope="col" role="columnheader">"Queue"</th>
                        <th scope="col" role="columnheader">"Rating"</th>
                        <th scope="col" role="columnheader">"Ended"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || rows.get() key=|row| (row.session, row.rev) let:row>
                        <TableRow row=row search=search />
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || more.get()>
            <button type="button" class="dk-button dk-list__more" on:click=load.clone()>"Earlier chats"</button>
        </Show>
    }
}

#[component]
fn TableRow(row: Row, search: Memo<String>) -> impl IntoView {
    let session = row.session;
    let words = expect_context::<Live>().me.with_untracked(|me| last_words(me, &row));
    // The roles are said, because on a phone the rows are boxes, and the browser would take them for nothing else.
    view! {
        <tr role="row">
            <td role="cell" class="dk-table__first">
                <div class="dk-table__who">
                    <Avatar initials=row.visitor.initials hue=row.visitor.hue dot=status_dot(row.status) />
                    <div>
                        <a href=move || format!("/resolved/{session}{}", search.get()) dir="auto">
                            {name_or(&row.visitor.name).to_owned()}
                        </a>
                        <p dir="auto">{words}</p>
                    </div>
                </div>
            </td>
            <td role="cell">{row.outcome.map(outcome_word)}</td>
            <td role="cell" dir="auto">{row.owner_name.unwrap_or_else(|| "–".to_owned())}</td>
            <td role="cell" dir="auto">{row.queue_name}</td>
            <td role="cell" class="dk-table__rating">
                {match row.rating {
                    Some(rating) => view! { <StarsView stars=rating.stars /> <p dir="auto">{rating.words}</p> }.into_any(),
                    None => view! { <span class="dk-unknown">"not rated"</span> }.into_any(),
                }}
            </td>
            <td role="cell" class="dk-table__at"><Moment at=row.ended_at.unwrap_or(row.last_at) /></td>
        </tr>
    }
}

#[component]
fn Averages(averages: Vec<(AgentId, f32, u32)>, agents: Vec<Colleague>) -> impl IntoView {
    let none = averages.is_empty();
    let name = move |id: AgentId| {
        agents.iter().find(|agent| agent.id == id).map_or_else(|| "Former agent".to_owned(), |a| a.face.name.clone())
    };
    let line = move |(id, average, n): (AgentId, f32, u32)| {
        view! {
            <li>
                <bdi>{name(id)}</bdi>
                <span><b>{format!("{average:.1}")}</b> " ★ · " {ratings_word(n)}</span>
            </li>
        }
    };
    view! {
        <section class="dk-card">
            <h2>"Average by agent"</h2>
            {none.then(|| view! { <p class="dk-unknown">"No ratings yet."</p> })}
            <ul class="dk-averages">{averages.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Anonymous(ratings: Vec<AnonymousRating>) -> impl IntoView {
    let none = ratings.is_empty();
    let clock = expect_context::<crate::live::Clock>();
    let line = move |rating: AnonymousRating| {
        let day = rating.day;
        view! {
            <li>
                <p><StarsView stars=rating.stars /> " " <span>{move || day_word(day, clock.now(), 0)}</span></p>
                <p dir="auto">{rating.words}</p>
                <p class="dk-unknown">{rating.agent}</p>
            </li>
        }
    };
    view! {
        <section class="dk-card">
            <h2>"Without a name"</h2>
            {none.then(|| view! { <p class="dk-unknown">"Ratings that belong to no chat appear here."</p> })}
            <ul class="dk-anonymous">{ratings.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Nothing(narrowed: bool) -> impl IntoView {
    let (title, text) = if narrowed {
        ("Nothing matches", "Widen the dates, or clear the filter.")
    } else {
        ("No resolved chats yet", "Chats of your queues appear here when they are over, with their ratings.")
    };
    view! {
        <div class="dk-empty">
            <h2>{title}</h2>
            <p>{text}</p>
        </div>
    }
}

#[component]
fn NotFound(error: Error) -> impl IntoView {
    let text = if error == Error::Forbidden {
        "This list is for supervisors and admins.".to_owned()
    } else {
        error_line(&error)
    };
    view! {
        <div class="dk-empty" role="alert">
            <h2>"The list did not come"</h2>
            <p>{text}</p>
        </div>
    }
}
