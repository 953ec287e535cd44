//! The form before the chat.

use leptos::prelude::*;

use crate::{
    parts,
    ssr::{Panel, Texts},
};

pub fn form(panel: &Panel<'_>, texts: &'static Texts) -> impl IntoView + use<> {
    let kept = panel.keep_months.map(|n| texts.kept_for.with(panel.language.plural_category(n), n));
    let privacy = panel
        .privacy_url
        .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
        .map(|url| view! { <a href=url.to_owned() target="_blank" rel="noopener">{texts.privacy}</a> });
    view! {
        <section id=parts::FORM_VIEW class="view">
            <form id=parts::FORM novalidate autocomplete="on">
                <h2 tabindex="-1">{texts.how_can_we_help}</h2>
                <p class="lead">{texts.form_lead}</p>
                // The blank keeps Arabic letters from joining across the two.
                <div class="field">
                    <label for=parts::NAME>{texts.name}</label>
                    " "
                    <small>{texts.optional}</small>
                    <input id=parts::NAME type="text" autocomplete="name" aria-describedby=parts::NAME_ERROR />
                    <p id=parts::NAME_ERROR class="error" role="alert"></p>
                </div>
                <div class="field">
                    <label for=parts::EMAIL>{texts.email}</label>
                    " "
                    <small>{texts.optional}</small>
                    <input
                        id=parts::EMAIL
                        type="email"
                        inputmode="email"
                        autocomplete="email"
                        spellcheck="false"
                        aria-describedby=parts::EMAIL_ERROR
                    />
                    <p id=parts::EMAIL_ERROR class="error" role="alert"></p>
                </div>
                <div class="field">
                    <label for=parts::QUESTION>{texts.question}</label>
                    <textarea
                        id=parts::QUESTION
                        rows="4"
                        required
                        aria-describedby=parts::QUESTION_ERROR
                    ></textarea>
                    <p id=parts::QUESTION_ERROR class="error" role="alert"></p>
                </div>
                <p id=parts::FORM_ERROR class="error" role="alert"></p>
                <button id=parts::START class="go">{texts.start_chat}</button>
                <button id=parts::BACK class="ghost" type="button" hidden>{texts.back_to_chat}</button>
                <p class="fine">{kept} " " {privacy}</p>
            </form>
        </section>
    }
}
