//! What is fetched when it is first used, and where it belongs in the panel. Brought to life by `scripts/widget-more.js` and
//! the scripts that it fetches.

use leptos::prelude::*;

use super::{
    files,
    icons::{self, icon},
};
use crate::ssr::Texts;

pub fn more(texts: &'static Texts, letters: bool) -> impl IntoView {
    view! {
        {icons::more()}
        <p id="more-said" class="notice" role="alert" data-before="#form-view"></p>
        {menu(texts, letters)}
        {letters.then(|| view! { {mail(texts)} {my_data(texts)} })}
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
fn menu(texts: &'static Texts, letters: bool) -> impl IntoView {
    let by_mail = letters.then(|| {
        view! {
            <button type="button" role="menuitem" tabindex="-1" data-act="mail">
                {texts.mail_item}
            </button>
            <button type="button" role="menuitem" tabindex="-1" data-act="data">
                {texts.data_item}
            </button>
        }
    });
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
            {by_mail}
            <button type="button" role="menuitem" tabindex="-1" data-act="leave" class="danger">
                {texts.leave_item}
            </button>
        </div>
    }
}

/// Where the chat is sent to.
fn mail(texts: &'static Texts) -> impl IntoView {
    view! {
        <dialog id="mail" class="ask" aria-labelledby="mail-title">
            <h2 id="mail-title">{texts.mail_item.trim_end_matches('…')}</h2>
            <form novalidate>
                <div class="field">
                    <label for="mail-to">{texts.email}</label>
                    <input id="mail-to" type="email" autocomplete="email" maxlength="254" dir="auto" aria-describedby="mail-error" />
                    <p id="mail-error" class="error" role="alert"></p>
                </div>
                <button class="go">{texts.send}</button>
                <button class="ghost" type="button" data-close>{texts.cancel}</button>
            </form>
        </dialog>
    }
}

/// What one may ask for about oneself; the field is for the address first, where it is not known, and then for the code.
fn my_data(texts: &'static Texts) -> impl IntoView {
    view! {
        <dialog id="my-data" class="ask" aria-labelledby="my-data-title" aria-describedby="my-data-lead">
            <h2 id="my-data-title">{texts.data_item.trim_end_matches('…')}</h2>
            <p id="my-data-lead"></p>
            <div id="my-data-choices">
                <button class="go" type="button" data-ask="copy">{texts.data_copy}</button>
                <button class="go danger" type="button" data-ask="erase">{texts.data_erase}</button>
            </div>
            <form novalidate hidden>
                <div class="field">
                    <label id="my-data-label" for="my-data-field"></label>
                    <input id="my-data-field" maxlength="254" dir="auto" aria-describedby="my-data-error" />
                    <p id="my-data-error" class="error" role="alert"></p>
                </div>
                <button id="my-data-go" class="go">{texts.code_go}</button>
            </form>
            <button class="ghost" type="button" data-close>{texts.cancel}</button>
        </dialog>
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
