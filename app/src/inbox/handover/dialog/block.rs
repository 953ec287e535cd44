use domain::SessionId;
use leptos::{html, prelude::*, task::spawn_local};

use super::super::rules::{Ask, refusal};
use crate::{
    browser,
    inbox::{api, lines::name_or},
    live::Live,
    ui::{close_dialog, open_dialog},
};

/// Wants to hear no more from a visitor: asks once, and names what that means.
#[component]
pub fn BlockDialog(session: SessionId, done: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let dialog = NodeRef::<html::Dialog>::new();
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let talk = live.talk(session);
    let name = talk
        .details
        .with_untracked(|details| details.as_ref().map(|details| name_or(&details.row.visitor.name).to_owned()))
        .unwrap_or_default();
    let title = Ask::Block.title(&name);
    let name = StoredValue::new(name);
    open_dialog(dialog);
    let block = move |_| {
        let Some(id) = browser::client_id() else { return };
        busy.set(true);
        spawn_local(async move {
            match api::block(id, session).await {
                Ok(()) => {
                    close_dialog(dialog);
                    talk.read_details().await;
                }
                Err(error) => {
                    busy.try_set(false);
                    said.try_set(name.with_value(|name| refusal(&error, name)));
                }
            }
        });
    };
    view! {
        <dialog
            class="dk-dialog dk-dialog--small"
            role="alertdialog"
            node_ref=dialog
            aria-labelledby="block"
            aria-describedby="block-text"
            on:close=move |_| done.run(())
        >
            <div class="dk-dialog__form">
                <h2 id="block">{title}</h2>
                <p id="block-text" class="dk-dialog__hint">
                    "A chat that is going on ends at once. From this browser nobody can start a chat any more, until \
                     somebody here lets them in again. What was written stays."
                </p>
                <p class="dk-dialog__said" role="alert">{move || said.get()}</p>
                <div class="dk-dialog__acts">
                    <button type="button" class="dk-button" on:click=move |_| close_dialog(dialog)>"Keep them"</button>
                    <button type="button" class="dk-button dk-button--red" disabled=busy on:click=block>
                        {Ask::Block.verb()}
                    </button>
                </div>
            </div>
        </dialog>
    }
}
