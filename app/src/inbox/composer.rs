use domain::{MAX_BYTES, MAX_CHARS, message_text};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use sync::TypingOut;
use wire::agent::ClientFrame;

use crate::live::{Live, Saved, Say, Talk};

/// From this many characters on, the count is shown.
const COUNT_FROM: usize = MAX_CHARS - 1_000;

/// One box: Enter sends, Shift+Enter breaks the line, and while a word is still being composed neither does anything.
#[component]
pub fn Composer(talk: Talk) -> impl IntoView {
    let live = expect_context::<Live>();
    let (session, text) = (talk.session, talk.draft.text);
    let area = NodeRef::<html::Textarea>::new();
    let typing = StoredValue::new(TypingOut::default());
    let say_typing = move |said: Option<bool>| {
        if let Some(on) = said {
            live.say(Say::Frame(ClientFrame::Typing { session, on }));
        }
    };
    let length = Memo::new(move |_| text.with(|text| text.chars().count()));
    let too_long = Memo::new(move |_| length.get() > MAX_CHARS || text.with(|text| text.len() > MAX_BYTES));
    let on_input = move |value: String| {
        let now = live.clock.read().millis();
        say_typing(typing.try_update_value(|typing| typing.key(!value.is_empty(), now)).flatten());
        live.write_draft(session, value);
    };
    let send = move || {
        let Ok(clean) = text.with_untracked(|text| message_text(text)) else { return };
        let now = live.clock.read().millis();
        say_typing(typing.try_update_value(|typing| typing.key(false, now)).flatten());
        // The message is kept before the draft goes: a page that ends in between has it once more, not once less.
        live.send(session, clean);
        live.replace_draft(session, String::new());
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // 229: a key that an input method is still working on; some browsers end the composition before this event.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send();
        }
    };
    Effect::new(move |_| {
        live.clock.now();
        let now = live.clock.read().millis();
        say_typing(typing.try_update_value(|typing| typing.tick(now)).flatten());
    });
    Effect::new(move |_| {
        if let Some(area) = area.get()
            && talk.wants_focus.try_update_value(std::mem::take) == Some(true)
        {
            let _ = area.focus();
        }
    });
    Effect::new(move |_| live.look_for_draft(talk));
    let written = text.get_untracked();
    view! {
        <div class="dk-composer" class:dk-composer--wrong=move || too_long.get()>
            // The pseudo-element repeats the text, so that the field grows with it.
            <div class="dk-composer__grow" data-text=move || text.get()>
                <textarea
                    id="composer"
                    node_ref=area
                    rows="1"
                    dir="auto"
                    aria-label="Message"
                    aria-describedby="composer-state"
                    aria-invalid=move || too_long.get().then_some("true")
                    placeholder="Write a message"
                    autocomplete="off"
                    prop:value=move || text.get()
                    on:input:target=move |event| on_input(event.target().value())
                    on:keydown=on_key
                >
                    {written}
                </textarea>
            </div>
            <div class="dk-composer__bar">
                <span id="composer-state" class="dk-composer__state" role="status">
                    {move || match (too_long.get(), talk.draft.saved.get()) {
                        (true, _) => "Too long to send: shorten it, or send it in parts.",
                        (_, Saved::Done) => "Draft saved",
                        (_, Saved::Failed) => "Draft not saved yet: kept in this browser",
                        (_, Saved::Quiet) => "",
                    }}
                </span>
                <Show when=move || { length.get() > COUNT_FROM }>
                    <span class="dk-composer__count">{move || count_word(length.get())}</span>
                </Show>
                <span class="dk-composer__hint" aria-hidden="true">"Enter sends, Shift+Enter breaks the line"</span>
                <button
                    type="button"
                    class="dk-button dk-button--accent"
                    disabled=move || too_long.get() || text.with(|text| text.trim().is_empty())
                    on:click=move |_| send()
                >
                    "Send"
                </button>
            </div>
        </div>
    }
}

/// `9,532 / 10,000`.
fn count_word(length: usize) -> String {
    format!("{} / {}", thousands(length), thousands(MAX_CHARS))
}

fn thousands(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_readable() {
        assert_eq!(count_word(9_032), "9,032 / 10,000");
        assert_eq!(thousands(7), "7");
    }
}
