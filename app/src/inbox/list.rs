use domain::{SessionId, Strategy, Timestamp};
use leptos::{html, prelude::*};
use wire::agent::Queue;

use super::{
    Section,
    availability::AvailabilityMenu,
    filter::{FilterChoice, Narrowed, NothingSo, OnlyThese},
    part::{self, Part},
    recent::RecentRows,
    row::LiveRow,
    section::{Group, groups, hold},
};
use crate::{
    browser,
    live::Live,
    ui::time::{duration, seconds_between},
};

/// The second column: sections and their rows.
#[component]
pub fn ListColumn(section: Memo<Section>, session: Memo<Option<SessionId>>) -> impl IntoView {
    let scroll = NodeRef::<html::Div>::new();
    let part = Part::new(scroll);
    Effect::new(move |_| {
        if let Some(element) = scroll.get() {
            browser::on_resize(&element, move || part.moved());
        }
    });
    view! {
        <section class="dk-list" aria-label="Chats">
            <header class="dk-list__head">
                <h1>"Inbox"</h1>
                <AvailabilityMenu />
            </header>
            <Tabs section=section />
            <OnlyThese section=section />
            <div
                class="dk-list__rows"
                role="tabpanel"
                id="chats"
                aria-label=move || section.get().word()
                tabindex="-1"
                node_ref=scroll
                on:scroll=move |_| part.moved()
            >
                {move || match section.get() {
                    Section::Recent => view! { <RecentRows session=session /> }.into_any(),
                    live => view! { <LiveRows section=live session=session part=part /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Tabs(section: Memo<Section>) -> impl IntoView {
    let live = expect_context::<Live>();
    let count = move |of: Section| live.rows.with(|rows| of.count(rows));
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
        <div class="dk-tabs">
            <div class="dk-tabs__list" role="tablist" aria-label="Sections">
                {Section::ALL.map(tab).into_iter().collect_view()}
            </div>
            <FilterChoice section=section />
        </div>
    }
}

/// Rows that the socket keeps current. While the pointer is on them they stay where they are.
#[component]
fn LiveRows(section: Section, session: Memo<Option<SessionId>>, part: Part) -> impl IntoView {
    let live = expect_context::<Live>();
    let narrowed = expect_context::<Narrowed>();
    let hovering = live.hovering;
    let shown = Memo::new(move |before: Option<&Vec<Group>>| {
        let fresh = live.rows.with(|rows| groups(section, rows, narrowed.of(section)));
        match before.filter(|_| hovering.get()) {
            Some(held) => hold(held, fresh),
            None => fresh,
        }
    });
    view! {
        <div on:pointerenter=move |_| hovering.set(true) on:pointerleave=move |_| hovering.set(false)>
            <For each=move || shown.get() key=|group| group.heading.clone() let:group>
                <RowGroup group=group shown=shown section=section session=session part=part />
            </For>
        </div>
        <Show when=move || shown.with(Vec::is_empty)>
            {move || match narrowed.of(section) {
                Some(filter) => view! { <NothingSo filter=filter /> }.into_any(),
                None => view! { <Empty section=section /> }.into_any(),
            }}
        </Show>
    }
}

#[component]
fn RowGroup(
    group: Group,
    shown: Memo<Vec<Group>>,
    section: Section,
    session: Memo<Option<SessionId>>,
    part: Part,
) -> impl IntoView {
    let live = expect_context::<Live>();
    let heading = group.heading;
    let of =
        |heading: &str, groups: &[Group]| groups.iter().find(|group| group.heading == heading).and_then(|g| g.longest);
    let longest = Memo::new({
        let heading = heading.clone();
        move |_| shown.with(|groups| of(&heading, groups))
    });
    let rows = Memo::new({
        let heading = heading.clone();
        move |_| shown.with(|groups| part.of(groups, &heading))
    });
    let picks = Memo::new({
        let heading = heading.clone();
        move |_| section == Section::Incoming && live.queues.with(|queues| picked(queues, &heading))
    });
    let head = NodeRef::<html::H2>::new();
    Effect::new(move |_| {
        if let Some(head) = head.get() {
            let id = browser::on_height(&head, move |height| part.measured_heading(height));
            on_cleanup(move || browser::forget_height(id));
        }
    });
    // Not as the server renders it: the page's policy takes no styles that stand in it.
    let room = move |of: fn(&part::Rows) -> f64| {
        Memo::new(move |_| {
            let height = rows.with(of);
            (live.clock.awake() && height > 0.0).then(|| format!("{height}px"))
        })
    };
    let (above, below) = (room(|rows| rows.above), room(|rows| rows.below));
    view! {
        <h2 class="dk-list__group" node_ref=head>
            {heading}
            <Show when=move || picks.get()>" " <em class="dk-list__pick">"pick list"</em></Show>
            {move || longest.get().map(|since| view! { <Longest since=since /> })}
        </h2>
        <ul
            class="dk-rows"
            style:padding-block-start=move || above.get()
            style:padding-block-end=move || below.get()
        >
            <For each=move || rows.with(|rows| rows.shown.clone()) key=|(_, session)| *session let:one>
                <LiveRow id=one.1 section=section session=session part=part rows=rows />
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
