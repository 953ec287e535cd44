use domain::SessionId;
use leptos::prelude::*;

use crate::browser;

/// The whole chat as a file.
#[component]
pub fn Export(session: SessionId) -> impl IntoView {
    let link = move |(ending, word): (&'static str, &'static str)| {
        let zone = String::from(js_sys::encode_uri_component(&browser::zone()));
        let href = format!("/agent/chats/{session}/transcript/{ending}?zone={zone}");
        // Not for the router: it is a file.
        view! {
            <a role="menuitem" class="dk-volume__step" tabindex="-1" href=href download="" rel="external">{word}</a>
        }
    };
    view! {
        <div class="dk-menu__group" role="group" aria-labelledby="export-title">
            <p id="export-title" class="dk-menu__title" role="presentation">"Export"</p>
            <div class="dk-volume" role="presentation">
                {[("txt", "Text"), ("json", "JSON"), ("csv", "CSV")].map(link).into_iter().collect_view()}
            </div>
        </div>
    }
}
