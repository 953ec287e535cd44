use domain::{SessionId, Timestamp};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Error,
    agent::{Recent, Row},
};

use super::{
    Section, api,
    filter::{Filter, Narrowed, NothingSo},
    lines::{error_line, name_or},
    row::last_words,
};
use crate::{
    carried::carried,
    live::Live,
    ui::{Avatar, StarsView, outcome_word, status_dot, time::Ago},
};

/// One's own ended chats with their ratings.
#[component]
pub fn RecentRows(session: Memo<Option<SessionId>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let narrowed = expect_context::<Narrowed>();
    let filter = move || narrowed.of(Section::Recent);
    let recent = carried(
        move || (live.ended.get(), filter().and_then(Filter::outcome)),
        |(_, outcome)| api::recent(outcome, None),
    );
    view! {
        <Transition fallback=|| view! { <RowsSkeleton /> }>
            {move || Suspend::new(async move {
                match recent.await {
                    Ok(recent) if recent.rows.is_empty() => match untrack(filter) {
                        Some(filter) => view! { <NothingSo filter=filter /> }.into_any(),
                        None => view! { <NothingYet /> }.into_any(),
                    },
                    Ok(recent) => view! { <Loaded recent=recent session=session /> }.into_any(),
                    Err(error) => view! { <NoRecent error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(recent: Recent, session: Memo<Option<SessionId>>) -> impl IntoView {
    let narrowed = expect_context::<Narrowed>();
    let rows = RwSignal::new(recent.rows);
    let more = RwSignal::new(recent.more);
    let load = move |_| {
        let before = rows.with_untracked(|rows| rows.last().map(place));
        let outcome = untrack(|| narrowed.of(Section::Recent)).and_then(Filter::outcome);
        spawn_local(async move {
            if let Ok(next) = api::recent(outcome, before).await {
                more.try_set(next.more);
                rows.try_update(|rows| rows.extend(next.rows));
            }
        });
    };
    view! {
        {recent.average.map(|(average, n)| view! { <Average average=average n=n /> })}
        <ul class="dk-rows">
            <For each=move || rows.get() key=|row| (row.session, row.rev) let:row>
                <ListRow row=row session=session />
            </For>
        </ul>
        <Show when=move || more.get()>
            <button type="button" class="dk-button dk-list__more" on:click=load>"Earlier chats"</button>
        </Show>
    }
}

#[component]
fn Average(average: f32, n: u32) -> impl IntoView {
    let ratings = ratings_word(n);
    view! {
        <p class="dk-list__average">
            "Your average " <b>{format!("{average:.1}")}</b> " ★ · " {ratings}
        </p>
    }
}

/// An ended chat: name, when, last words, how it ended, its rating.
#[component]
pub fn ListRow(row: Row, session: Memo<Option<SessionId>>) -> impl IntoView {
    let id = row.session;
    let open = move || session.get() == Some(id);
    let href = Section::Recent.chat_href(id);
    let at = row.ended_at.unwrap_or(row.last_at);
    let live = expect_context::<Live>();
    let words = live.me.with_untracked(|me| last_words(me, &row));
    view! {
        <li class="dk-row" class:dk-row--open=open>
            <Avatar initials=row.visitor.initials hue=row.visitor.hue dot=status_dot(row.status) />
            <div class="dk-row__who">
                <a class="dk-row__link" href=href aria-current=move || open().then_some("true") dir="auto">
                    {name_or(&row.visitor.name).to_owned()}
                </a>
                {row.outcome.map(|outcome| view! { <span class="dk-row__outcome">{outcome_word(outcome)}</span> })}
            </div>
            <span class="dk-row__time"><Ago at=at /></span>
            <p class="dk-row__words" dir="auto">{words}</p>
            <span class="dk-row__end"></span>
            {row.rating.map(|rating| view! {
                <p class="dk-row__rating">
                    <StarsView stars=rating.stars />
                    " "
                    <span dir="auto" title=rating.words.clone()>{rating.words.clone()}</span>
                </p>
            })}
        </li>
    }
}

/// `1 rating`, `12 ratings`.
pub fn ratings_word(n: u32) -> String {
    if n == 1 { "1 rating".to_owned() } else { format!("{n} ratings") }
}

#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <div class="dk-empty">
            <h2>"No finished chats yet"</h2>
            <p>"Chats that you had appear here when they are over, with the stars and words that visitors gave."</p>
        </div>
    }
}

#[component]
fn NoRecent(error: Error) -> impl IntoView {
    let (title, text) = if error == Error::Forbidden {
        (
            "Not for your role",
            "Recent lists the chats that an agent had. All ended chats are under Resolved chats.".into(),
        )
    } else {
        ("The list did not come", error_line(&error))
    };
    view! {
        <div class="dk-empty">
            <h2>{title}</h2>
            <p>{text}</p>
        </div>
    }
}

#[component]
pub fn RowsSkeleton() -> impl IntoView {
    view! {
        <div class="dk-skeleton" role="status" aria-label="Loading">
            {(0..6).map(|_| view! { <div class="dk-skeleton__row"><i></i><b></b></div> }).collect_view()}
        </div>
    }
}

/// What the next page begins after.
fn place(row: &Row) -> (Timestamp, SessionId) {
    (row.ended_at.unwrap_or(row.last_at), row.session)
}
