use domain::SessionId;
use leptos::{html, prelude::*, task::spawn_local};

use super::rules::Ask;
use crate::{
    browser,
    inbox::{api, lines::name_or},
    live::Live,
    ui::{close_dialog, open_dialog},
};

/// Ends a chat that is not open on the screen: asks once, and names whose it is.
#[component]
pub fn EndDialog(session: SessionId, done: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let dialog = NodeRef::<html::Dialog>::new();
    let busy = RwSignal::new(false);
    let name = live.row(session).map(|row| name_or(&row.visitor.name).to_owned()).unwrap_or_default();
    open_dialog(dialog);
    let end = move |_| {
        let Some(id) = browser::client_id() else { return };
        busy.set(true);
        spawn_local(async move {
            if let Err(error) = api::end(id, session).await {
                live.refused(&error);
            }
            close_dialog(dialog);
        });
    };
    view! {
        <dialog
            class="dk-dialog dk-dialog--small"
            role="alertdialog"
            node_ref=dialog
            aria-labelledby="end-row"
            aria-describedby="end-row-text"
            on:close=move |_| done.run(())
        >
            <div class="dk-dialog__form">
                <h2 id="end-row">{Ask::End.title("")}</h2>
                <p id="end-row-text" class="dk-dialog__hint">
                    <bdi>{name}</bdi>
                    " is told that it has ended. You cannot reopen it or write in it any more; only the visitor can take \
                     it up again."
                </p>
                <div class="dk-dialog__acts">
                    <button type="button" class="dk-button" on:click=move |_| close_dialog(dialog)>"Keep it open"</button>
                    <button type="button" class="dk-button dk-button--red" disabled=busy on:click=end>{Ask::End.verb()}</button>
                </div>
            </div>
        </dialog>
    }
}
