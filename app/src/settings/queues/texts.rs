use domain::{AutoTexts, LONGEST_AUTO_TEXT, TimedText};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wire::{Error, Field, queues::Queue};

use super::{
    super::{
        fields::Wrong,
        parts::{Foot, Numeric, number, refused},
    },
    Page, PartsPage, api,
};
use crate::live::Live;

/// What queues say by themselves.
#[component]
pub fn TextsPage() -> impl IntoView {
    view! {
        <PartsPage
            title="Automated responses"
            lead="What a queue says by itself. The greeting belongs to the site."
            line=line
            focus="waiting_text"
            form=|page, queue| view! { <TextsForm page=page queue=queue /> }.into_any()
        />
    }
}

fn line(queue: &Queue) -> String {
    let texts = &queue.settings.texts;
    let said = [
        (texts.waiting.is_some(), "while waiting"),
        (texts.away.is_some(), "when nobody is there"),
        (texts.silence.is_some(), "into a long silence"),
        (texts.closing.is_some(), "at the end"),
    ];
    let said: Vec<_> = said.into_iter().filter_map(|(set, word)| set.then_some(word)).collect();
    let says =
        if said.is_empty() { "Says nothing by itself.".to_owned() } else { format!("Speaks {}.", said.join(", ")) };
    if texts.close_idle > 0 { format!("{says} Closes silent chats.") } else { says }
}

/// The form's fields as they stand. A text that is empty is not sent.
#[derive(Clone, Copy)]
struct Fields {
    waiting_text: RwSignal<String>,
    waiting_after: RwSignal<String>,
    away: RwSignal<String>,
    silence_text: RwSignal<String>,
    silence_after: RwSignal<String>,
    closing: RwSignal<String>,
    closes: RwSignal<bool>,
    close_idle: RwSignal<String>,
}

impl Fields {
    fn of(texts: &AutoTexts) -> Self {
        let text = |text: Option<&String>| RwSignal::new(text.cloned().unwrap_or_default());
        let timed = |timed: Option<&TimedText>, after: u32| {
            (text(timed.map(|timed| &timed.text)), RwSignal::new(timed.map_or(after, |timed| timed.after).to_string()))
        };
        let (waiting_text, waiting_after) = timed(texts.waiting.as_ref(), 60);
        let (silence_text, silence_after) = timed(texts.silence.as_ref(), 300);
        let close_idle = if texts.close_idle == 0 { 900 } else { texts.close_idle };
        Self {
            waiting_text,
            waiting_after,
            away: text(texts.away.as_ref()),
            silence_text,
            silence_after,
            closing: text(texts.closing.as_ref()),
            closes: RwSignal::new(texts.close_idle > 0),
            close_idle: RwSignal::new(close_idle.to_string()),
        }
    }

    fn texts(self) -> Result<AutoTexts, Vec<Field>> {
        let mut wrong = Vec::new();
        let text = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let mut timed = |of: RwSignal<String>, field, after: RwSignal<String>| {
            text(of)
                .map(|text| TimedText { after: after.with_untracked(|after| number(field, after, &mut wrong)), text })
        };
        let waiting = timed(self.waiting_text, "waiting_after", self.waiting_after);
        let silence = timed(self.silence_text, "silence_after", self.silence_after);
        let idle = self.closes.get_untracked();
        let close_idle =
            if idle { self.close_idle.with_untracked(|text| number("close_idle", text, &mut wrong)) } else { 0 };
        if idle && close_idle == 0 && wrong.is_empty() {
            // For the server 0 means never, which the box above says.
            number("close_idle", "-", &mut wrong);
        }
        let texts = AutoTexts { waiting, away: text(self.away), silence, closing: text(self.closing), close_idle };
        if wrong.is_empty() { Ok(texts) } else { Err(wrong) }
    }
}

#[component]
fn TextsForm(page: Page, queue: Queue) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = queue.id;
    let fields = Fields::of(&queue.settings.texts);
    let (wrong, busy) = (RwSignal::new(Wrong::default()), RwSignal::new(false));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let texts = match fields.texts() {
            Ok(texts) => texts,
            Err(found) => return refused(wrong, &Error::Invalid(found)),
        };
        busy.set(true);
        spawn_local(async move {
            match api::save_texts(id, texts).await {
                Ok(queue) => page.put(live, queue),
                Err(error) => refused(wrong, &error),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="dk-panel-card dk-fields"
            aria-label=format!("Automated responses of {}", queue.name)
            novalidate=true
            on:submit=save
            on:input=move |_| page.unsaved.note()
            on:change=move |_| page.unsaved.note()
        >
            <h3 dir="auto">{queue.name.clone()}</h3>
            <p class="dk-field__hint">"A text that is empty is not sent."</p>
            <Text field="waiting_text" label="While waiting" value=fields.waiting_text wrong=wrong />
            <Numeric field="waiting_after" label="Sent after" value=fields.waiting_after wrong=wrong />
            <Text field="away_text" label="When the queue is closed or nobody is there" value=fields.away wrong=wrong />
            <Text field="silence_text" label="When the visitor has not answered for long" value=fields.silence_text wrong=wrong />
            <Numeric field="silence_after" label="Sent after a silence of" value=fields.silence_after wrong=wrong />
            <Text field="closing_text" label="At the end of a chat" value=fields.closing wrong=wrong />
            <label class="dk-check">
                <input
                    type="checkbox"
                    prop:checked=move || fields.closes.get()
                    on:change:target=move |event| fields.closes.set(event.target().checked())
                />
                "Close chats whose visitor does not answer"
            </label>
            <Show when=move || fields.closes.get()>
                <Numeric field="close_idle" label="Closed after a silence of" value=fields.close_idle wrong=wrong />
            </Show>
            <Foot wrong=wrong busy=busy cancel=move || page.close() />
        </form>
    }
}

#[component]
fn Text(field: &'static str, label: &'static str, value: RwSignal<String>, wrong: RwSignal<Wrong>) -> impl IntoView {
    view! {
        <div class="dk-field">
            <label for=field>{label}</label>
            <textarea
                id=field
                rows="2"
                dir="auto"
                maxlength=LONGEST_AUTO_TEXT
                aria-describedby=format!("{field}-wrong")
                aria-invalid=move || wrong.with(|wrong| wrong.problem(field).is_some()).then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            >
                {value.get_untracked()}
            </textarea>
            <p class="dk-field__wrong" id=format!("{field}-wrong") role="alert">
                {move || wrong.with(|wrong| wrong.line(field, ""))}
            </p>
        </div>
    }
}
