//! What is fetched when it is first used, and where it belongs in the panel. Brought to life by `scripts/widget-more.js` and
//! the scripts that it fetches.

use leptos::prelude::*;

use super::{files, icons};
use crate::ssr::Texts;

pub fn more(texts: &'static Texts) -> impl IntoView {
    view! {
        {icons::more()}
        <p id="more-said" class="notice" role="alert" data-before="#form-view"></p>
        {menu(texts)}
        {files::tray(texts)}
        {files::attach(texts)}
        // All that is in it comes with the script.
        <div id="picker" class="picker" role="dialog" aria-label=texts.emoji data-into="#composer" hidden>
            <div id="picker-kinds" class="kinds"></div>
            <div id="picker-list" role="listbox" aria-label=texts.emoji></div>
        </div>
    }
}

/// One item for each act; `data-act` is its name in the script.
fn menu(texts: &'static Texts) -> impl IntoView {
    view! {
        <div id="menu" class="menu" role="menu" aria-label=texts.more_options data-into=".head" hidden>
            <button type="button" role="menuitemcheckbox" tabindex="-1" data-act="size" aria-checked="false">
                {texts.larger_text}
            </button>
            <button type="button" role="menuitemcheckbox" tabindex="-1" data-act="sound" aria-checked="true">
                {texts.sounds}
            </button>
            <button type="button" role="menuitem" tabindex="-1" data-act="window">
                {texts.pop_out}
            </button>
            <button type="button" role="menuitem" tabindex="-1" data-act="download">
                {texts.download}
            </button>
            <button type="button" role="menuitem" tabindex="-1" data-act="leave" class="danger">
                {texts.leave_item}
            </button>
        </div>
    }
}
