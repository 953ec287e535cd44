//! Earlier conversations with the same person, above the one that is open (PRODUCT A5).

use leptos::{prelude::*, task::spawn_local};
use wire::agent::Earlier;

use super::{
    Section, api,
    items::{Look, lay_out},
    message::ItemView,
    place::{Place, key},
};
use crate::{
    live::{Live, Outgoing, Talk},
    ui::time::Moment,
};

/// The newest earlier chat comes by itself as soon as the open one stands whole; those before it when asked for.
#[component]
pub fn Before(talk: Talk, visitor: Memo<String>, place: Place) -> impl IntoView {
    let live = expect_context::<Live>();
    // Oldest first, as they stand.
    let shown = RwSignal::new(Vec::<Earlier>::new());
    let readable = Memo::new(move |_| {
        let earlier = talk.details.with(|details| details.as_ref().map(|details| details.earlier.clone()));
        earlier.unwrap_or_default().into_iter().filter(|chat| chat.may_read).collect::<Vec<_>>()
    });
    let next = Memo::new(move |_| {
        let is_shown = |chat: &Earlier| shown.with(|shown| shown.iter().any(|one| one.session == chat.session));
        readable.with(|all| all.iter().find(|chat| !is_shown(chat)).cloned())
    });
    let show = move || {
        let Some(chat) = next.get_untracked().filter(|_| !place.loading.get_untracked()) else { return };
        place.loading.set(true);
        spawn_local(async move {
            let came = api::thread(chat.session, 0, String::new()).await;
            place.keeping(move || {
                if let Ok(thread) = came {
                    live.talk(chat.session).absorb(thread);
                    shown.try_update(|shown| shown.insert(0, chat));
                }
            });
        });
    };
    Effect::new(move |_| {
        if shown.with(Vec::is_empty) && next.with(Option::is_some) && talk.here.get() && !talk.earlier.get() {
            show();
        }
    });
    let some = Memo::new(move |_| shown.with(|shown| !shown.is_empty()));
    view! {
        <Show when=move || some.get() && !talk.earlier.get()>
            <Show when=move || next.with(Option::is_some)>
                <button type="button" class="dk-button dk-log__earlier" on:click=move |_| show()>
                    "Show the chat before"
                </button>
            </Show>
            <For each=move || shown.get() key=|chat| chat.session let:chat>
                <EarlierChat chat=chat visitor=visitor />
            </For>
            <p class="dk-day dk-day--now"><span>"This chat"</span></p>
        </Show>
    }
}

#[component]
fn EarlierChat(chat: Earlier, visitor: Memo<String>) -> impl IntoView {
    let live = expect_context::<Live>();
    let talk = live.talk(chat.session);
    let items = Memo::new(move |_| {
        let visitor = visitor.get();
        let look = Look { visitor: &visitor, me: live.me.with(|me| me.id) };
        let nothing = Outgoing::default();
        talk.events.with(|events| lay_out(events, &nothing, look, |at| live.clock.offset(at)))
    });
    let with = chat.agent.map(|agent| view! { " with " <bdi>{agent}</bdi> });
    view! {
        <section class="dk-before" role="region" aria-label="Earlier chat">
            <p class="dk-before__head">
                <a href=Section::Recent.chat_href(chat.session)>"Earlier chat"</a>
                {with} ", " <Moment at=chat.at />
            </p>
            <Show when=move || talk.earlier.get()>
                <p class="dk-line">
                    <a class="dk-link" href=Section::Recent.chat_href(chat.session)>"Read it from its beginning"</a>
                </p>
            </Show>
            <For each=move || items.get() key=|item| key(item) let:item>
                <ItemView item=item talk=talk />
            </For>
        </section>
    }
}
