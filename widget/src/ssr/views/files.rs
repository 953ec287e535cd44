//! Pictures that are about to be sent. All of it is brought to life by `scripts/widget-files.js`, and hidden until then.

use leptos::prelude::*;

use super::icons::icon;
use crate::{parts, ssr::Texts};

/// Looked at before they are sent, then how far each is.
pub fn tray(texts: &'static Texts) -> impl IntoView {
    view! {
        <p id=parts::TRAY_SAID class="unseen" role="status"></p>
        <section id=parts::TRAY class="tray" aria-label=texts.files_to_send hidden>
            <p id=parts::TRAY_NOTE class="error" role="alert"></p>
            <ul id=parts::TRAY_LIST role="list"></ul>
            <div class="acts">
                <button id=parts::TRAY_CLEAR class="ghost" type="button">{texts.put_files_back}</button>
                <button id=parts::TRAY_SEND class="go" type="button">{texts.send_files}</button>
            </div>
        </section>
    }
}

/// In the composer. What the dialog offers is a help; what is taken is decided by content.
pub fn attach(texts: &'static Texts) -> impl IntoView {
    view! {
        <input id=parts::ATTACH_INPUT type="file" multiple accept="image/jpeg,image/png,image/gif" hidden />
        <button id=parts::ATTACH class="tool" type="button" aria-label=texts.attach title=texts.attach hidden>
            {icon("clip")}
        </button>
    }
}

/// A line of the tray, to be cloned.
pub fn picked(texts: &'static Texts) -> impl IntoView {
    view! {
        <template id=parts::T_PICKED>
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
