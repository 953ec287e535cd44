//! Pictures that are about to be sent, as a part of what is fetched when it is used. Brought to life by
//! `scripts/widget-files.js`, and hidden until then.

use leptos::prelude::*;

use super::icons::icon;
use crate::ssr::Texts;

/// Looked at before they are sent, then how far each is.
pub fn tray(texts: &'static Texts) -> impl IntoView {
    view! {
        <p id="drop" class="dropzone" aria-hidden="true" hidden></p>
        <p id="tray-said" class="unseen" role="status" data-before="#end"></p>
        <section id="tray" class="tray" aria-label=texts.files_to_send data-before="#end" hidden>
            <p id="tray-note" class="error" role="alert"></p>
            <ul id="tray-list" role="list"></ul>
            <div class="acts">
                <button id="tray-clear" class="ghost" type="button">{texts.put_files_back}</button>
                <button id="tray-send" class="go" type="button">{texts.send_files}</button>
            </div>
        </section>
    }
}

/// In the composer. What the dialog offers is a help; what is taken is decided by content.
pub fn attach(texts: &'static Texts) -> impl IntoView {
    view! {
        <input id="attach-input" type="file" multiple accept="image/jpeg,image/png,image/gif" data-before="#emoji" hidden />
        <button id="attach" class="tool" type="button" aria-label=texts.attach title=texts.attach data-before="#emoji" hidden>
            {icon("clip")}
        </button>
        {picked(texts)}
    }
}

/// A line of the tray, to be cloned.
fn picked(texts: &'static Texts) -> impl IntoView {
    view! {
        <template id="t-picked">
            <li>
                <span class="thumb">
                    {icon("clip")}
                    <img alt="" decoding="async" />
                </span>
                <div>
                    <p class="name">
                        <bdi></bdi>
                    </p>
                    <small dir="auto"></small>
                    <progress hidden></progress>
                    <p class="error" role="alert"></p>
                    <button class="link again" type="button" hidden>{texts.retry}</button>
                </div>
                <button class="tool drop" type="button">{icon("close")}</button>
            </li>
        </template>
    }
}
