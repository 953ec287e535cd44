use domain::{SessionId, Strategy, Timestamp};
use leptos::prelude::*;
use wire::agent::Queue;

use super::{
    Section,
    availability::AvailabilityMenu,
    recent::RecentRows,
    row::LiveRow,
    section::{Group, groups, hold},
};
use crate::{
    live::Live,
    ui::time::{duration, seconds_between},
};

/// The second column: sections and their rows.
#[component]
pub fn ListColumn(section: Memo<Section>, session: Memo<Option<SessionId>>) -> impl IntoView {
    view! {
        <section class="dk-list" aria-label="Chats">
            <header class="dk-list__head">
                <h1>"Inbox"</h1>
                <AvailabilityMenu />
            </header>
            <Tabs section=section />
            <div class="dk-list__rows" role="tabpanel" id="chats" aria-label=move || section.get().word() tabindex="-1">
                {move || match section.get() {
                    Section::Recent => view! { <RecentRows session=session /> }.into_any(),
                    live => view! { <LiveRows section=live session=session /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Tabs(section: Memo<Section>) -> impl IntoView {
    let live = expect_context::<Live>();
    let count = move |of: Section| {
        live.me.with(|me| live.rows.with(|rows| rows.iter().filter(|row| of.holds(me, row)).count()))
    };
    let tab = move |of: Section| {
        let n = Memo::new(move |_| count(of));
        view! {
            <a
                role="tab"
                class="dk-tab"
                href=of.href()
                aria-controls="chats"
                aria-selected=move || if section.get() == of { "true" } else { "false" }
            >
                {of.word()}
                <Show when=move || { n.get() > 0 }>
                    " "
                    <span class="dk-tab__n">{move || n.get()}</span>
                </Show>
            </a>
        }
    };
    view! {
        <div class="dk-tabs" role="tablist" aria-label="Sections">
            {Section::ALL.map(tab).into_iter().collect_view()}
        </div>
    }
}

/// Rows that the socket keeps current. While the pointer is on them they stay where they are.
#[component]
fn LiveRows(section: Section, session: Memo<Option<SessionId>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let hovering = live.hovering;
    let shown = Memo::new(move |before: Option<&Vec<Group>>| {
        let fresh = live.me.with(|me| live.rows.with(|rows| groups(section, me, rows.shown())));
        match before.filter(|_| hovering.get()) {
            Some(held) => hold(held, fresh),
            None => fresh,
        }
    });
    view! {
        <div on:pointerenter=move |_| hovering.set(true) on:pointerleave=move |_| hovering.set(false)>
            <For each=move || shown.get() key=|group| group.heading.clone() let:group>
                <RowGroup group=group shown=shown section=section session=session />
            </For>
        </div>
        <Show when=move || shown.with(Vec::is_empty)>
            <Empty section=section />
        </Show>
    }
}

#[component]
fn RowGroup(
    group: Group,
    shown: Memo<Vec<Group>>,
    section: Section,
    session: Memo<Option<SessionId>>,
) -> impl IntoView {
    let live = expect_context::<Live>();
    let heading = group.heading;
    let now = Memo::new({
        let heading = heading.clone();
        move |_| shown.with(|groups| groups.iter().find(|group| group.heading == heading).cloned())
    });
    let sessions = move || now.with(|group| group.as_ref().map(|group| group.sessions.clone()).unwrap_or_default());
    let picks = Memo::new({
        let heading = heading.clone();
        move |_| section == Section::Incoming && live.queues.with(|queues| picked(queues, &heading))
    });
    let longest = Memo::new(move |_| now.with(|group| group.as_ref().and_then(|group| group.longest)));
    view! {
        <h2 class="dk-list__group">
            {heading}
            <Show when=move || picks.get()>" " <em class="dk-list__pick">"pick list"</em></Show>
            {move || longest.get().map(|since| view! { <Longest since=since /> })}
        </h2>
        <ul class="dk-rows">
            <For each=sessions key=|session| *session let:one>
                <LiveRow id=one section=section session=session />
            </For>
        </ul>
    }
}

/// Whether the chats of this queue ring nobody, so that agents pick them.
fn picked(queues: &[Queue], name: &str) -> bool {
    queues.iter().any(|queue| queue.name == name && queue.strategy == Strategy::Pick)
}

#[component]
fn Longest(since: Timestamp) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    view! { <span>"longest " {move || duration(seconds_between(since, clock.now()))}</span> }
}

#[component]
fn Empty(section: Section) -> impl IntoView {
    let live = expect_context::<Live>();
    let agent = move || live.me.with(|me| me.roles.agent);
    let serving = move || live.me.with(|me| !me.serving.is_empty());
    view! {
        <div class="dk-empty">
            <h2>{if section == Section::Incoming { "Nobody is waiting" } else { "No active chats" }}</h2>
            <p>
                {move || match (section, agent(), serving()) {
                    (Section::Incoming, true, false) => {
                        "You serve no queue now. Choose your queues under your availability above, and their waiting \
                         chats appear here."
                    }
                    (Section::Incoming, ..) => {
                        "Visitors who start a chat appear here, the longest wait first. Point at one and press Respond."
                    }
                    (_, true, _) => {
                        "Chats that you take appear here until they are finished. Take one from Incoming."
                    }
                    (_, false, _) => "Chats that agents have taken in your queues appear here.",
                }}
            </p>
        </div>
    }
}
