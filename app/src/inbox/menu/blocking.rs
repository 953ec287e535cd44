use domain::SessionId;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    inbox::{
        api,
        handover::{Ask, Asking},
    },
    live::Live,
    ui::{Glyph, Icon},
};

/// Hear no more from this visitor, or again.
#[component]
pub fn Blocking(session: SessionId) -> impl IntoView {
    let live = expect_context::<Live>();
    let asking = expect_context::<Asking>();
    let talk = live.talk(session);
    // Whether they are blocked, where the viewer has a say in it.
    let blocked = Memo::new(move |_| {
        let details = talk.details.get()?;
        details.may_block.then_some(details.blocked.is_some())
    });
    let let_in = move |_| {
        spawn_local(async move {
            match api::unblock(session).await {
                Ok(()) => {
                    live.notify("They may chat again".to_owned());
                    talk.read_details().await;
                }
                Err(error) => live.refused(&error),
            }
        });
    };
    let item = move |blocked: bool| {
        let word = if blocked { "Unblock visitor" } else { "Block visitor…" };
        view! {
            <div class="dk-menu__group" role="presentation">
                <button
                    type="button"
                    role="menuitem"
                    class="dk-menu__item"
                    class:dk-menu__item--danger=!blocked
                    tabindex="-1"
                    on:click=move |event| if blocked { let_in(event) } else { asking.ask(session, Ask::Block) }
                >
                    <Icon glyph=Glyph::Ban small=true />
                    {word}
                </button>
            </div>
        }
    };
    move || blocked.get().map(item)
}
