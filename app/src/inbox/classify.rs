//! What the chat was worth and about: noted during it and after, saved by itself.

use std::time::Duration;

use domain::{Classification, NOTES_CHARS, SessionId, TAG_CHARS, amount, amount_text};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use wire::{Conflict, Error, agent::Row};

use super::{api, lines::error_line};
use crate::ui::{Glyph, Icon};

/// Saved when nothing was changed for this long.
const PAUSE: Duration = Duration::from_millis(600);

/// Tried again after this when it could not be saved.
const AGAIN: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Quiet,
    Saving,
    Saved,
    /// Not saved, and why; what was typed stays.
    Wrong(String),
    /// Somebody else has changed it meanwhile.
    Changed,
}

#[derive(Clone, Copy)]
struct Form {
    session: SessionId,
    loaded: RwSignal<bool>,
    may_edit: RwSignal<bool>,
    qualified: RwSignal<Option<bool>>,
    tags: RwSignal<Vec<String>>,
    value: RwSignal<String>,
    currency: RwSignal<String>,
    notes: RwSignal<String>,
    in_use: RwSignal<Vec<String>>,
    state: RwSignal<State>,
    rev: StoredValue<u32>,
    /// What was changed is not saved yet.
    unsaved: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

/// Part of the panel beside a chat; nothing for those who may not read it whole.
#[component]
pub fn Classify(session: SessionId, row: Memo<Option<Row>>) -> impl IntoView {
    let form = Form {
        session,
        loaded: RwSignal::new(false),
        may_edit: RwSignal::new(false),
        qualified: RwSignal::new(None),
        tags: RwSignal::default(),
        value: RwSignal::default(),
        currency: RwSignal::default(),
        notes: RwSignal::default(),
        in_use: RwSignal::default(),
        state: RwSignal::new(State::Quiet),
        rev: StoredValue::new(0),
        unsaved: StoredValue::new(false),
        timer: StoredValue::new(None),
    };
    // Whoever takes the chat may classify it from then on.
    let holder = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| (row.owner, row.colleagues.clone()))));
    Effect::new(move |_| {
        holder.track();
        form.load();
    });
    on_cleanup(move || form.save());
    view! {
        <Show when=move || form.loaded.get()>
            <section class="dk-card dk-classify" aria-labelledby="classify-title">
                <h3 id="classify-title">"Classification"</h3>
                <fieldset class="dk-classify__fields" disabled=move || !form.may_edit.get()>
                    <Qualified form=form />
                    <Tags form=form />
                    <Value form=form />
                    <label class="dk-field">
                        <span>"Notes"</span>
                        <textarea
                            rows="3"
                            maxlength=NOTES_CHARS.to_string()
                            dir="auto"
                            prop:value=move || form.notes.get()
                            on:input=move |event| {
                                form.notes.set(event_target_value(&event));
                                form.changed();
                            }
                        ></textarea>
                    </label>
                </fieldset>
                <Outcome form=form />
            </section>
        </Show>
    }
}

#[component]
fn Qualified(form: Form) -> impl IntoView {
    let choice = move |word: &'static str, is: Option<bool>| {
        view! {
            <label class="dk-choice">
                <input
                    type="radio"
                    name="qualified"
                    prop:checked=move || form.qualified.get() == is
                    on:change=move |_| {
                        form.qualified.set(is);
                        form.changed();
                    }
                />
                <span>{word}</span>
            </label>
        }
    };
    view! {
        <div class="dk-field" role="radiogroup" aria-labelledby="qualified-name">
            <span id="qualified-name">"Qualified"</span>
            <div class="dk-choices">{choice("Yes", Some(true))} {choice("No", Some(false))} {choice("Open", None)}</div>
        </div>
    }
}

#[component]
fn Tags(form: Form) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let add = move || {
        let tag = typed.get_untracked().trim().trim_end_matches(',').trim().to_owned();
        typed.set(String::new());
        let known = form.tags.with_untracked(|tags| tags.iter().any(|one| one.to_lowercase() == tag.to_lowercase()));
        if !tag.is_empty() && !known {
            form.tags.update(|tags| tags.push(tag));
            form.changed();
        }
    };
    let remove = move |tag: &str| {
        form.tags.update(|tags| tags.retain(|one| one != tag));
        form.changed();
    };
    view! {
        <div class="dk-field">
            <label for="tag-new">"Tags"</label>
            <ul class="dk-tags" aria-label="Tags of this chat">
                <For each=move || form.tags.get() key=Clone::clone let:tag>
                    <li class="dk-tag">
                        <span dir="auto">{tag.clone()}</span>
                        <button
                            type="button"
                            aria-label=format!("Remove {tag}")
                            on:click={
                                let tag = tag.clone();
                                move |_| remove(&tag)
                            }
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                </For>
            </ul>
            <input
                id="tag-new"
                list="tags-in-use"
                autocomplete="off"
                maxlength=TAG_CHARS.to_string()
                placeholder="Add a tag"
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    if typed.with_untracked(|typed| typed.ends_with(',')) {
                        add();
                    }
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() {
                        event.prevent_default();
                        add();
                    }
                }
                on:change=move |_| add()
            />
            <datalist id="tags-in-use">
                <For each=move || form.in_use.get() key=Clone::clone let:tag>
                    <option value=tag></option>
                </For>
            </datalist>
        </div>
    }
}

#[component]
fn Value(form: Form) -> impl IntoView {
    view! {
        <div class="dk-field">
            <label for="chat-value">"Value"</label>
            <div class="dk-classify__value">
                <input
                    id="chat-value"
                    inputmode="decimal"
                    autocomplete="off"
                    placeholder="0.00"
                    prop:value=move || form.value.get()
                    on:input=move |event| {
                        form.value.set(event_target_value(&event));
                        form.changed();
                    }
                />
                <input
                    aria-label="Currency"
                    list="currencies"
                    maxlength="3"
                    autocomplete="off"
                    placeholder="EUR"
                    prop:value=move || form.currency.get()
                    on:input=move |event| {
                        form.currency.set(event_target_value(&event));
                        form.changed();
                    }
                />
                <datalist id="currencies">
                    {["EUR", "USD", "GBP", "CHF", "JPY", "CNY", "SEK", "PLN", "INR", "BRL"]
                        .map(|code| view! { <option value=code></option> })}
                </datalist>
            </div>
        </div>
    }
}

/// Whether it is saved, and what to do when it is not.
#[component]
fn Outcome(form: Form) -> impl IntoView {
    let words = move || match form.state.get() {
        State::Quiet => String::new(),
        State::Saving => "Saving…".to_owned(),
        State::Saved => "Saved".to_owned(),
        State::Wrong(why) => why,
        State::Changed => "Somebody else changed this at the same time.".to_owned(),
    };
    view! {
        <p
            class="dk-classify__state"
            class:dk-classify__state--wrong=move || {
                form.state.with(|state| matches!(state, State::Wrong(_) | State::Changed))
            }
            role="status"
        >
            {words}
        </p>
        <Show when=move || form.state.with(|state| *state == State::Changed)>
            <div class="dk-classify__choice">
                <button type="button" class="dk-button" on:click=move |_| form.keep_mine()>"Keep mine"</button>
                <button type="button" class="dk-button" on:click=move |_| form.take_theirs()>"Show theirs"</button>
            </div>
        </Show>
    }
}

impl Form {
    fn load(self) {
        if self.unsaved.get_value() {
            return;
        }
        spawn_local(async move {
            let Ok(read) = api::read_classification(self.session).await else { return };
            if self.loaded.is_disposed() {
                return;
            }
            self.may_edit.set(read.may_edit);
            self.in_use.set(read.tags);
            if !self.unsaved.get_value() {
                self.rev.set_value(read.rev);
                self.show(read.given);
            }
            self.loaded.set(true);
        });
    }

    fn show(self, given: Classification) {
        self.qualified.set(given.qualified);
        self.tags.set(given.tags);
        self.value.set(given.value.map(amount_text).unwrap_or_default());
        self.currency.set(given.currency);
        self.notes.set(given.notes);
    }

    fn changed(self) {
        self.unsaved.set_value(true);
        self.later(PAUSE);
    }

    fn later(self, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.save(), pause).ok();
        if let Some(before) = self.timer.try_update_value(|held| std::mem::replace(held, timer)).flatten() {
            before.clear();
        }
    }

    /// As it stands, or what is wrong with it.
    fn given(self) -> Result<Classification, String> {
        let value = self.value.get_untracked();
        let value = match value.trim() {
            "" => None,
            text => Some(amount(text).ok_or("The value is no amount. Write it like 1234.50.")?),
        };
        let currency = self.currency.get_untracked();
        if value.is_some() && currency.trim().len() != 3 {
            return Err("The value needs a currency of three letters, like EUR.".to_owned());
        }
        Ok(Classification {
            qualified: self.qualified.get_untracked(),
            tags: self.tags.get_untracked(),
            value,
            currency,
            notes: self.notes.get_untracked(),
        })
    }

    fn save(self) {
        // Saving already: whatever was changed since is seen when that returns.
        if !self.unsaved.try_get_value().unwrap_or(false) || self.state.with_untracked(|state| *state == State::Saving)
        {
            return;
        }
        let given = match self.given() {
            Ok(given) => given,
            Err(why) => return self.state.set(State::Wrong(why)),
        };
        self.unsaved.set_value(false);
        self.state.set(State::Saving);
        spawn_local(async move {
            let done = api::classify(self.session, self.rev.try_get_value().unwrap_or(0), given).await;
            // The panel may be gone by now; it is saved all the same.
            if self.state.is_disposed() {
                return;
            }
            match done {
                Ok(rev) => {
                    self.rev.set_value(rev);
                    self.state.set(State::Saved);
                    if self.unsaved.get_value() {
                        self.later(PAUSE);
                    }
                }
                Err(Error::Conflict(Conflict::Changed)) => {
                    self.unsaved.set_value(true);
                    self.state.set(State::Changed);
                }
                Err(error) => {
                    self.unsaved.set_value(true);
                    self.state.set(State::Wrong(format!("Not saved yet. {}", error_line(&error))));
                    if !matches!(error, Error::Invalid(_) | Error::Forbidden | Error::NotFound) {
                        self.later(AGAIN);
                    }
                }
            }
        });
    }

    fn keep_mine(self) {
        spawn_local(async move {
            if let Ok(read) = api::read_classification(self.session).await {
                self.rev.set_value(read.rev);
                self.state.set(State::Quiet);
                self.save();
            }
        });
    }

    fn take_theirs(self) {
        self.unsaved.set_value(false);
        self.state.set(State::Quiet);
        self.load();
    }
}
