use domain::Availability;
use leptos::prelude::*;
use wire::agent::{Colleague, Destination};

use super::rules::{To, online_word};
use crate::{
    inbox::availability::availability_word,
    ui::{Avatar, Glyph, Icon, availability_dot},
};

/// The colleagues to choose from. Who is not online is shown, so that nobody looks for them, but cannot be chosen.
#[component]
pub fn People(people: Memo<Vec<Colleague>>, chosen: RwSignal<Option<To>>) -> impl IntoView {
    let nobody = move || people.with(|people| people.iter().all(|one| one.availability != Availability::Online));
    view! {
        <fieldset class="dk-choices">
            <legend class="dk-hidden">"Colleague"</legend>
            <Show when=nobody>
                <p class="dk-choices__none">"No other agent is online now."</p>
            </Show>
            <For each=move || people.get() key=|one| (one.id, one.availability) let:one>
                <Person one=one chosen=chosen />
            </For>
        </fieldset>
    }
}

#[component]
fn Person(one: Colleague, chosen: RwSignal<Option<To>>) -> impl IntoView {
    let to = To::Agent(one.id);
    let online = one.availability == Availability::Online;
    view! {
        <label class="dk-choice" class:dk-choice--off=!online>
            <input
                type="radio"
                name="to"
                disabled=!online
                prop:checked=move || chosen.get() == Some(to)
                on:change=move |_| chosen.set(Some(to))
            />
            <Avatar initials=one.face.initials hue=one.face.hue dot=availability_dot(one.availability) />
            <span class="dk-choice__name"><bdi>{one.face.name}</bdi></span>
            <small>{availability_word(one.availability)}</small>
        </label>
    }
}

/// The queues to choose from.
#[component]
pub fn Queues(queues: Memo<Vec<Destination>>, chosen: RwSignal<Option<To>>) -> impl IntoView {
    view! {
        <fieldset class="dk-choices">
            <legend class="dk-hidden">"Queue"</legend>
            <For each=move || queues.get() key=|one| (one.queue, one.online) let:one>
                <label class="dk-choice">
                    <input
                        type="radio"
                        name="to"
                        prop:checked=move || chosen.get() == Some(To::Queue(one.queue))
                        on:change=move |_| chosen.set(Some(To::Queue(one.queue)))
                    />
                    <span class="dk-choice__sign"><Icon glyph=Glyph::Inbox small=true /></span>
                    <span class="dk-choice__name"><bdi>{one.name}</bdi></span>
                    <small>{online_word(one.online)}</small>
                </label>
            </For>
        </fieldset>
    }
}
