//! What is fetched when it is first used, and where it belongs in the panel. Brought to life by `scripts/widget-more.js` and
//! the scripts that it fetches.

use leptos::prelude::*;

use super::{
    files,
    icons::{self, icon},
};
use crate::ssr::Texts;

pub fn more(texts: &'static Texts) -> impl IntoView {
    view! {
        {icons::more()}
        <p id="more-said" class="notice" role="alert" data-before="#form-view"></p>
        {menu(texts)}
        {files::tray(texts)}
        {files::attach(texts)}
        {earlier(texts)}
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
            <button type="button" role="menuitem" tabindex="-1" data-act="earlier" hidden>
                {texts.earlier_chats}
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

/// A list of earlier chats, and in its place the one that is read.
fn earlier(texts: &'static Texts) -> impl IntoView {
    view! {
        <dialog id="earlier" class="whole" aria-labelledby="earlier-title">
            <div class="top">
                <button id="earlier-back" class="tool" type="button" aria-label=texts.earlier_back hidden>
                    {icon("back")}
                </button>
                <h2 id="earlier-title" dir="auto">{texts.earlier_chats}</h2>
                <button id="earlier-close" class="tool" type="button" aria-label=texts.close>
                    {icon("close")}
                </button>
            </div>
            <div class="inner">
                <button id="earlier-more" class="ghost" type="button" hidden></button>
                <ul id="earlier-list" role="list"></ul>
                <div id="earlier-log" role="region" aria-labelledby="earlier-title" tabindex="0" hidden></div>
                <p id="earlier-said" role="status"></p>
            </div>
        </dialog>
    }
}
