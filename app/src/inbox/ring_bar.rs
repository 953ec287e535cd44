use domain::SessionId;
use leptos::{prelude::*, task::spawn_local};
use wire::agent::{Ring, Row};

use super::api;
use crate::{
    browser,
    live::Live,
    ringing::{ring_word, seconds_left},
    ui::{Glyph, Icon},
};

/// Above the composer: whom the chat rings, how long yet, and for who hands it over the way back.
#[component]
pub fn RingBar(session: SessionId, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let me = Memo::new(move |_| live.me.with(|me| me.id));
    // What rings oneself is on its card.
    let ring: Memo<Option<Ring>> = Memo::new(move |_| {
        let me = me.get();
        row.with(|row| row.as_ref().and_then(|row| row.ring.clone())).filter(|ring| !ring.to.contains(&me))
    });
    let own = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.owner == Some(me.get()))));
    let word = move || ring.with(|ring| ring.as_ref().map(|ring| ring_word(&ring.to, me.get(), |id| live.name_of(id))));
    let left = move || ring.with(|ring| ring.as_ref().map(|ring| seconds_left(ring, live.clock.now())));
    let cancel = move |_| {
        let Some(id) = browser::client_id() else { return };
        spawn_local(async move {
            if let Err(error) = api::cancel_transfer(id, session).await {
                live.refused(&error);
            }
        });
    };
    view! {
        <Show when=move || ring.with(Option::is_some)>
            <div class="dk-ringing" role="group" aria-label="Ringing">
                <Icon glyph=Glyph::Bell small=true />
                <span role="status">{word} "…"</span>
                <span class="dk-ringing__left" aria-hidden="true">{left} " s"</span>
                <Show when=move || own.get()>
                    <button type="button" class="dk-button" on:click=cancel>"Cancel transfer"</button>
                </Show>
            </div>
        </Show>
    }
}
