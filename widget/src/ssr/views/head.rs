//! Who one talks to, the way to the menu, and the way out.

use leptos::prelude::*;

use super::{FACES, icons::icon};
use crate::{
    parts,
    ssr::{Panel, Texts},
};

pub fn head(panel: &Panel<'_>, texts: &'static Texts) -> impl IntoView + use<> {
    let faces: Vec<_> = panel
        .faces
        .iter()
        .take(FACES)
        .enumerate()
        .map(|(n, face)| view! { <i class=format!("face f{n}")>{face.initials.clone()}</i> })
        .collect();
    let reply = match panel.reply_minutes {
        _ if panel.away.is_some() => String::new(),
        None => texts.reply_soon.to_owned(),
        Some(0 | 1) => texts.reply_within_minute.to_owned(),
        Some(n) => texts.reply_in.with(panel.language.plural_category(n), n),
    };
    view! {
        <header class="head" aria-label=panel.site.to_owned()>
            <div id=parts::FACES class="faces" aria-hidden="true">
                {faces}
            </div>
            <div class="who">
                // Names may be written in the other direction.
                <h1>
                    <bdi id=parts::WHO>{panel.site.to_owned()}</bdi>
                </h1>
                <p>
                    // Nothing at all, not a blank: then there is no dot either.
                    <bdi id=parts::SUB>{(!reply.is_empty()).then_some(reply)}</bdi>
                </p>
            </div>
            <button
                id=parts::MENU_BUTTON
                class="tool"
                type="button"
                aria-label=texts.more_options
                aria-haspopup="menu"
                aria-expanded="false"
                hidden
            >
                {icon("more")}
            </button>
            <button id=parts::CLOSE class="tool" type="button" aria-label=texts.close_chat>
                {icon("down")}
            </button>
        </header>
    }
}
