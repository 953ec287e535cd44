use domain::SessionId;
use leptos::{prelude::*, task::spawn_local};
use wire::agent::Row;

use crate::{browser, files::api, live::Live, ui::MoreMenu};

/// What the owner can do with the chat besides writing and ending it.
#[component]
pub fn ChatMenu(session: SessionId, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let allowed = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.attachments)));
    let toggle = move |_| {
        let Some(id) = browser::client_id() else { return };
        let on = !allowed.get_untracked();
        spawn_local(async move {
            if let Err(error) = api::allow_attachments(id, session, on).await {
                live.refused(&error);
            }
        });
    };
    view! {
        <MoreMenu label="Chat menu">
            <button
                type="button"
                role="menuitemcheckbox"
                class="dk-menu__item"
                tabindex="-1"
                aria-checked=move || if allowed.get() { "true" } else { "false" }
                on:click=toggle
            >
                <i class="dk-menu__check"></i>
                <span>"Allow attachments " <small>"the visitor may send pictures"</small></span>
            </button>
        </MoreMenu>
    }
}
