//! Where an agent writes: text, macros, emoji, what is pasted, and what the guard says to it.

pub mod emoji;
pub mod field;
mod findings;
mod macros;
mod notice;
mod paste;
mod slash;
mod tidy;
mod toolbar;
mod writing;

pub use findings::{pieces_of, word as variable_word};
pub use macros::macros_for;
pub use toolbar::popup;
pub use writing::{Popup, Writing};

use domain::{Channel, MAX_BYTES, MAX_CHARS, message_text};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use sync::TypingOut;
use wire::agent::ClientFrame;

use self::{
    macros::{SlashList, SlashPopup},
    notice::{Marks, Notice},
    toolbar::Toolbar,
};
use super::tools::Tools;
use crate::{
    browser,
    files::{AttachButton, DropPlace, TrayPanel, paste_files},
    live::{Live, Saved, Say, Talk},
};

/// From this many characters on, the count is shown.
const COUNT_FROM: usize = MAX_CHARS - 1_000;

/// One box: Enter sends, Shift+Enter breaks the line, and while a word is still being composed neither does anything.
#[component]
pub fn Composer(talk: Talk) -> impl IntoView {
    let live = expect_context::<Live>();
    let tools = expect_context::<Tools>();
    let text = talk.draft.text;
    let area = NodeRef::<html::Textarea>::new();
    let writing = Writing::new(live, talk, area);
    let typing = Typing { live, talk, state: StoredValue::new(TypingOut::default()) };
    let slash = SlashList::new(writing, tools);
    let found = Memo::new(move |_| text.with(|text| tools.guard.with(|guard| findings::find(guard, text))));
    let asked = RwSignal::new(false);
    Effect::new(move |_| tools.read_again());
    tools.stands(writing);
    let too_long = Memo::new(move |_| text.with(|text| text.len() > MAX_BYTES || text.chars().count() > MAX_CHARS));
    let on_input = move |value: String| {
        typing.key(!value.is_empty());
        live.write_draft(talk.session, value);
        asked.set(false);
        writing.said.set(String::new());
        slash.look();
    };
    let send = move |anyway: bool| {
        let Ok(clean) = text.with_untracked(|text| message_text(text)) else { return };
        let stops = found.with_untracked(|found| !found.is_empty());
        if stops && !anyway {
            asked.set(true);
            browser::focus("guard-edit");
            return;
        }
        let overridden = found.with_untracked(|found| found.iter().filter_map(|finding| finding.rule).collect());
        asked.set(false);
        typing.key(false);
        // The message is kept before the draft goes: a page that ends in between has it once more, not once less.
        live.send(talk.session, clean, overridden);
        live.replace_draft(talk.session, String::new());
        writing.focus();
    };
    let edit = move || {
        asked.set(false);
        let first = found.with_untracked(|found| found.first().and_then(|finding| finding.places.first().cloned()));
        if let Some(place) = first {
            writing.select(&place);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // 229: a key that an input method is still working on; some browsers end the composition before this event.
        let composing = event.is_composing() || event.key_code() == 229;
        if composing || slash.key(&event) {
            return;
        }
        if event.key() == "Enter" && !event.shift_key() {
            event.prevent_default();
            send(false);
        }
    };
    Effect::new(move |_| {
        live.clock.now();
        typing.tick();
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
        <DropPlace files=talk.files() />
        <div class="dk-composer" class:dk-composer--wrong=move || too_long.get()>
            <TrayPanel files=talk.files() />
            <SlashPopup list=slash />
            // The pseudo-element repeats the text, so that the field grows with it.
            <div class="dk-composer__grow" data-text=move || text.get()>
                <Marks text=text found=found />
                <textarea
                    id="composer"
                    node_ref=area
                    rows="1"
                    dir="auto"
                    aria-label="Message"
                    aria-describedby="composer-guard composer-state"
                    aria-invalid=move || too_long.get().then_some("true")
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-controls=move || slash.open().then_some("macros")
                    aria-activedescendant=move || if slash.open() { slash.choice.active() } else { None }
                    placeholder=hint(live, talk)
                    autocomplete="off"
                    prop:value=move || text.get()
                    on:input:target=move |event| on_input(event.target().value())
                    on:keydown=on_key
                    on:keyup=move |_| slash.look()
                    on:click=move |_| slash.look()
                    on:blur=move |_| slash.close()
                    on:paste=move |event| pasted(writing, tools, talk, &event)
                >
                    {written}
                </textarea>
            </div>
            <Notice found=found asked=asked edit=edit send=move || send(true) />
            <Bar writing=writing tools=tools talk=talk too_long=too_long send=move || send(false) />
        </div>
    }
}

/// In the empty field.
fn hint(live: Live, talk: Talk) -> Memo<&'static str> {
    Memo::new(move |_| {
        let row = |row: &wire::agent::Row| row.channel == Channel::Email;
        if live.rows.with(|rows| rows.shown(talk.session).is_some_and(row)) {
            "Write an answer; it goes to the visitor by e-mail"
        } else {
            "Write a message, or / for a macro"
        }
    })
}

/// The foot of the box: tools, what has become of the text, and Send.
#[component]
fn Bar(
    writing: Writing,
    tools: Tools,
    talk: Talk,
    too_long: Memo<bool>,
    send: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let length = Memo::new(move |_| writing.text.with(|text| text.chars().count()));
    let state = move || match (too_long.get(), writing.said.get(), talk.draft.saved.get()) {
        (true, ..) => "Too long to send: shorten it, or send it in parts.".to_owned(),
        (_, said, _) if !said.is_empty() => said,
        (.., Saved::Done) => "Draft saved".to_owned(),
        (.., Saved::Failed) => "Draft not saved yet: kept in this browser".to_owned(),
        (.., Saved::Quiet) => String::new(),
    };
    view! {
        <div class="dk-composer__bar">
            <AttachButton files=talk.files() />
            <Toolbar writing=writing tools=tools />
            <span id="composer-state" class="dk-composer__state" role="status">{state}</span>
            <Show when=move || { length.get() > COUNT_FROM }>
                <span class="dk-composer__count">{move || count_word(length.get())}</span>
            </Show>
            <span class="dk-composer__hint" aria-hidden="true">"Enter sends, Shift+Enter breaks the line"</span>
            <button
                type="button"
                class="dk-button dk-button--accent"
                disabled=move || too_long.get() || writing.text.with(|text| text.trim().is_empty())
                on:click=move |_| send()
            >
                "Send"
            </button>
        </div>
    }
}

/// Files go to where they are looked at; words into the field.
fn pasted(writing: Writing, tools: Tools, talk: Talk, event: &leptos::ev::ClipboardEvent) {
    if !paste_files(talk.files(), event) {
        paste::on_paste(writing, tools, event);
    }
}

/// Tells the visitor that somebody is typing.
#[derive(Clone, Copy)]
struct Typing {
    live: Live,
    talk: Talk,
    state: StoredValue<TypingOut>,
}

impl Typing {
    fn key(self, some: bool) {
        let now = self.live.clock.read().millis();
        self.say(self.state.try_update_value(|typing| typing.key(some, now)).flatten());
    }

    /// Time has passed: whoever has stopped is not typing any more.
    fn tick(self) {
        let now = self.live.clock.read().millis();
        self.say(self.state.try_update_value(|typing| typing.tick(now)).flatten());
    }

    fn say(self, said: Option<bool>) {
        if let Some(on) = said {
            self.live.say(Say::Frame(ClientFrame::Typing { session: self.talk.session, on }));
        }
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
