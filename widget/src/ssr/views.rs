//! What stands in the frame, in the order in which it is seen.

mod chat;
mod end;
mod files;
mod form;
mod head;
mod icons;
mod more;
mod templates;

use leptos::prelude::*;

pub use self::more::more;
use super::{Panel, Texts};
use crate::parts;

/// How many faces stand in the head.
pub const FACES: usize = 3;

pub fn body(panel: &Panel<'_>, texts: &'static Texts) -> impl IntoView + use<> {
    view! {
        {icons::sheet()}
        {head::head(panel, texts)}
        // Named, because the host page has landmarks of its own.
        <main aria-label=texts.chat>
            <p id=parts::NOTICE class="notice" role="alert" hidden></p>
            <div id=parts::STUCK class="notice" role="alert" data-never=texts.no_wasm hidden>
                <p>{texts.not_loaded}</p>
                <button class="link" type="button">{texts.retry}</button>
            </div>
            <noscript>
                <p class="notice">{texts.no_script}</p>
            </noscript>
            <p id=parts::LOST class="notice" role="alert" hidden>
                {texts.more_lost}
            </p>
            {form::form(panel, texts)}
            {chat::chat(texts)}
        </main>
        {templates::templates(texts)}
    }
}
