//! What the client clones. Each has exactly one element in it, and one node of the log is made of one of them.

use leptos::prelude::*;

use crate::{parts, ssr::Texts};

pub fn templates(texts: &'static Texts) -> impl IntoView {
    view! {
        <template id=parts::T_MESSAGE>
            <div class="turn">
                <p class="day" hidden></p>
                <p class="by">
                    <b dir="auto"></b>
                    " "
                    <time dir="auto"></time>
                </p>
                <div class="bubble" dir="auto"></div>
                <p class="tick" dir="auto"></p>
            </div>
        </template>
        <template id=parts::T_FILE>
            <div class="turn">
                <p class="day" hidden></p>
                <p class="by">
                    <b dir="auto"></b>
                    " "
                    <time dir="auto"></time>
                </p>
                <a class="bubble file" target="_blank" rel="noopener">
                    <img loading="lazy" />
                    <span class="name" dir="auto"></span>
                    <small class="kind" dir="ltr"></small>
                </a>
                <p class="tick" dir="auto"></p>
            </div>
        </template>
        <template id=parts::T_LINE>
            <div class="turn line">
                <p class="day" hidden></p>
                <p class="pill">
                    <i class="face" aria-hidden="true"></i>
                    <span></span>
                    " "
                    <time dir="auto"></time>
                </p>
            </div>
        </template>
        <template id=parts::T_FAILED>
            <div class="failed">
                <span role="alert"></span>
                " "
                <button class="link again" type="button">{texts.retry}</button>
                " "
                <button class="link drop" type="button">{texts.delete}</button>
            </div>
        </template>
    }
}
