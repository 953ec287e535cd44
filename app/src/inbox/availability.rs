use domain::{Availability, QueueId};
use leptos::{prelude::*, task::spawn_local};

use super::api;
use crate::{live::Live, ui::availability_dot};

/// Online, away, offline, and the queues that are served now. For agents only.
#[component]
pub fn AvailabilityMenu() -> impl IntoView {
    let live = expect_context::<Live>();
    let now = Memo::new(move |_| live.me.with(|me| me.availability));
    let option = move |to: Availability| {
        view! {
            <button
                type="button"
                role="menuitemradio"
                class="dk-menu__item"
                popovertarget="availability"
                popovertargetaction="hide"
                aria-checked=move || if now.get() == to { "true" } else { "false" }
                on:click=move |_| be(live, to)
            >
                <i class=format!("dk-dot dk-dot--{}", availability_dot(to))></i>
                <span>{availability_word(to)} " " <small>{hint(to)}</small></span>
            </button>
        }
    };
    view! {
        <Show when=move || live.me.with(|me| me.roles.agent)>
            <button
                type="button"
                class=move || format!("dk-pill dk-pill--{} dk-available", availability_dot(now.get()))
                popovertarget="availability"
                aria-haspopup="menu"
            >
                <i class=move || format!("dk-dot dk-dot--{}", availability_dot(now.get()))></i>
                {move || availability_word(now.get())}
            </button>
            <div id="availability" class="dk-menu dk-menu--availability" popover="auto" role="menu" aria-label="Availability">
                {Availability::ALL.map(option).into_iter().collect_view()}
                <QueueChoice />
                <Colleagues />
                <crate::alerts::Volume />
            </div>
        </Show>
    }
}

/// Says so here at once, and to everybody.
pub fn be(live: Live, to: Availability) {
    live.me.update(|me| me.availability = to);
    spawn_local(async move {
        match api::set_availability(to).await {
            Ok(me) => live.me.set(me),
            Err(error) => live.refused(&error),
        }
    });
}

#[component]
fn QueueChoice() -> impl IntoView {
    let live = expect_context::<Live>();
    let mine =
        move || live.queues.with(|queues| queues.iter().filter(|queue| queue.member).cloned().collect::<Vec<_>>());
    let serves = move |queue: QueueId| live.me.with(|me| me.serving.contains(&queue));
    let toggle = move |queue: QueueId| {
        let mut serving = live.me.with_untracked(|me| me.serving.clone());
        if serving.contains(&queue) {
            serving.retain(|one| *one != queue);
        } else {
            serving.push(queue);
        }
        live.me.update(|me| me.serving.clone_from(&serving));
        spawn_local(async move {
            match api::serve(serving).await {
                Ok(me) => live.me.set(me),
                Err(error) => live.refused(&error),
            }
        });
    };
    view! {
        <div class="dk-menu__group" role="group" aria-labelledby="queues-served">
            <p id="queues-served" class="dk-menu__title" role="presentation">"Queues I serve now"</p>
            <For each=mine key=|queue| queue.id let:queue>
                <button
                    type="button"
                    role="menuitemcheckbox"
                    class="dk-menu__item"
                    aria-checked=move || if serves(queue.id) { "true" } else { "false" }
                    on:click=move |_| toggle(queue.id)
                >
                    <i class="dk-menu__check"></i>
                    <span>{queue.name.clone()}</span>
                </button>
            </For>
            <Show when=move || mine().is_empty()>
                <p class="dk-menu__none" role="presentation">"You are in no queue yet. An admin can add you."</p>
            </Show>
        </div>
    }
}

/// Who else is here: online first.
#[component]
fn Colleagues() -> impl IntoView {
    let live = expect_context::<Live>();
    let all = Memo::new(move |_| {
        let me = live.me.with(|me| me.id);
        let mut all = live.colleagues.get();
        all.retain(|one| one.id != me);
        all.sort_by_key(|one| (rank(one.availability), one.face.name.to_lowercase(), one.id));
        all
    });
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <div class="dk-menu__group" role="group" aria-labelledby="colleagues-here">
                <p id="colleagues-here" class="dk-menu__title" role="presentation">"Colleagues"</p>
                <For each=move || all.get() key=|one| (one.id, one.availability) let:one>
                    <p class="dk-menu__line" role="presentation">
                        <i class=format!("dk-dot dk-dot--{}", availability_dot(one.availability))></i>
                        <bdi>{one.face.name}</bdi>
                        " "
                        <small>{availability_word(one.availability)}</small>
                    </p>
                </For>
            </div>
        </Show>
    }
}

const fn rank(availability: Availability) -> u8 {
    match availability {
        Availability::Online => 0,
        Availability::Away => 1,
        Availability::Offline => 2,
    }
}

pub const fn availability_word(availability: Availability) -> &'static str {
    match availability {
        Availability::Online => "Online",
        Availability::Away => "Away",
        Availability::Offline => "Offline",
    }
}

const fn hint(availability: Availability) -> &'static str {
    match availability {
        Availability::Online => "gets new chats",
        Availability::Away => "keeps open ones",
        Availability::Offline => "not at work",
    }
}
