//! The conversation and what is written in.

use leptos::prelude::*;

use super::{end, icons::icon};
use crate::{parts, ssr::Texts};

pub fn chat(texts: &'static Texts) -> impl IntoView {
    view! {
        <section id=parts::CHAT_VIEW class="view" hidden>
            <div id=parts::BAR class="bar" hidden>
                <span id=parts::BAR_TEXT role="status"></span>
                <span id=parts::BAR_WHEN aria-hidden="true"></span>
            </div>
            <p id=parts::PLACE class="place" role="status"></p>
            <div id=parts::LOG role="log" aria-label=texts.conversation aria-relevant="additions" tabindex="0"></div>
            <button id=parts::JUMP class="jump" type="button" hidden>
                {icon("down")}
                {texts.new_messages}
            </button>
            <p id=parts::TYPING class="typing" role="status"></p>
            {end::end(texts)}
            <form id=parts::COMPOSER class="composer">
                <p id=parts::MESSAGE_ERROR class="error" role="alert"></p>
                <label class="unseen" for=parts::MESSAGE>{texts.message}</label>
                <textarea
                    id=parts::MESSAGE
                    rows="1"
                    placeholder=texts.write_a_message
                    enterkeyhint="send"
                    aria-describedby=parts::MESSAGE_ERROR
                ></textarea>
                <button
                    id=parts::EMOJI
                    class="tool"
                    type="button"
                    aria-label=texts.emoji
                    title=texts.emoji
                    aria-haspopup="dialog"
                    aria-expanded="false"
                >
                    {icon("smile")}
                </button>
                <button id=parts::SEND class="send" aria-label=texts.send_message>
                    {icon("send")}
                </button>
            </form>
            <dialog id=parts::LEAVE class="ask" aria-labelledby="leave-title" aria-describedby="leave-lead">
                <h2 id="leave-title">{texts.leave_question}</h2>
                <p id="leave-lead">{texts.leave_lead}</p>
                <button id=parts::LEAVE_YES class="go danger" type="button">{texts.leave_chat}</button>
                <button id=parts::LEAVE_NO class="ghost" type="button">{texts.stay}</button>
            </dialog>
        </section>
    }
}
