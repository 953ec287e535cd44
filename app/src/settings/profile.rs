use leptos::prelude::*;

use crate::{
    live::Live,
    ui::{Avatar, availability_dot},
};

/// Who one is here.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let live = expect_context::<Live>();
    let roles = move || {
        live.me.with(|me| {
            let held = [(me.roles.agent, "Agent"), (me.roles.supervisor, "Supervisor"), (me.roles.admin, "Admin")];
            held.into_iter().filter_map(|(held, word)| held.then_some(word)).collect::<Vec<_>>().join(", ")
        })
    };
    let queues = move |of: fn(&wire::agent::Queue) -> bool| {
        let names: Vec<_> =
            live.queues.with(|queues| queues.iter().filter(|q| of(q)).map(|q| q.name.clone()).collect());
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    view! {
        <h2 class="dk-settings__title">"Profile"</h2>
        <section class="dk-panel-card" aria-label="You">
            <div class="dk-person">
                <Avatar
                    initials=Signal::derive(move || live.me.with(|me| me.face.initials.clone()))
                    hue=Signal::derive(move || live.me.with(|me| me.face.hue))
                    dot=Signal::derive(move || live.me.with(|me| availability_dot(me.availability)))
                />
                <div>
                    <h3 dir="auto">{move || live.me.with(|me| me.name.clone())}</h3>
                    <p>{move || live.me.with(|me| me.email.clone())}</p>
                </div>
            </div>
            <dl class="dk-facts">
                <dt>"Roles"</dt>
                <dd>{roles}</dd>
                <dt>"Queues"</dt>
                <dd>{move || queues(|queue| queue.member)}</dd>
                <Show when=move || live.me.with(|me| me.roles.supervisor || me.roles.admin)>
                    <dt>"Supervises"</dt>
                    <dd>{move || queues(|queue| queue.supervised)}</dd>
                </Show>
            </dl>
            <p class="dk-settings__hint">"An admin changes these."</p>
        </section>
    }
}
