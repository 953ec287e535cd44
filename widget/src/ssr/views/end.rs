//! After the end: the rating, and how to go on.

use leptos::prelude::*;

use super::icons::icon;
use crate::{parts, ssr::Texts};

pub fn end(texts: &'static Texts) -> impl IntoView {
    let stars: Vec<_> = (1..)
        .zip(texts.stars)
        .map(|(n, label)| {
            view! {
                <label>
                    <input type="radio" name="stars" value=n.to_string() aria-label=label />
                    {icon("star")}
                </label>
            }
        })
        .collect();
    view! {
        <div id=parts::END class="end" hidden>
            <form id=parts::RATING>
                <fieldset>
                    <legend>{texts.how_was_it}</legend>
                    <div id=parts::STARS class="stars">
                        {stars}
                    </div>
                </fieldset>
                <label class="unseen" for=parts::WORDS>{texts.anything_to_add}</label>
                <textarea
                    id=parts::WORDS
                    rows="2"
                    maxlength="2000"
                    placeholder=texts.anything_to_add
                ></textarea>
                <label class="check">
                    <input id=parts::ANONYMOUS type="checkbox" />
                    {texts.without_my_name}
                </label>
                <p id=parts::RATING_ERROR class="error" role="alert"></p>
                <button class="go">{texts.send_rating}</button>
            </form>
            <div id=parts::THANKED class="thanked" hidden>
                <p id=parts::THANKS role="status">{texts.thank_you}</p>
                <button id=parts::CHANGE class="link" type="button">{texts.change_rating}</button>
            </div>
            <div class="next">
                <p id=parts::KEPT class="fine" hidden>{texts.text_kept}</p>
                <button id=parts::RESUME class="ghost" type="button">{texts.resume_chat}</button>
                <button id=parts::ANEW class="ghost" type="button">{texts.new_chat}</button>
            </div>
        </div>
    }
}
