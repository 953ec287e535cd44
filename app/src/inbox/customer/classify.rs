//! What the chat was worth and about: noted during it and after, saved by itself (PRODUCT A5, A10).

use domain::{NOTES_CHARS, TAG_CHARS, currency::CURRENCIES};
use leptos::{html, prelude::*};
use wire::agent::Row;

use super::super::current::theirs;
use crate::{
    keys::{Command, aria_keys},
    live::{Line, Live, Noted, NotedState as State, Talk, classification_name},
    ui::{Glyph, Icon, some_text},
};

/// Part of the panel beside a chat; nothing for those who may not read it whole.
#[component]
pub fn Classify(talk: Talk, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let form = talk.noted();
    Effect::new(move |_| form.take_up(classification_name(live.me.with_untracked(|me| me.id), talk.session)));
    // Whoever takes the chat may classify it from then on; whoever hands it over reads no more of it.
    let holder = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| (row.owner, row.colleagues.clone()))));
    let elsewhere = Memo::new(move |_| theirs(live, row));
    let back = Memo::new(move |_| live.line.get() == Line::CaughtUp);
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo that nobody reads hears of nothing.
        let _ = (holder.get(), back.get());
        if elsewhere.get() {
            return form.opened(None);
        }
        // At first it comes with the chat.
        if before.is_some() {
            form.load();
        }
        form.save();
    });
    Effect::new(move |_| form.hear());
    on_cleanup(move || form.save());
    view! {
        <Show when=move || form.loaded.get()>
            <section class="dk-card dk-classify" aria-labelledby="classify-title">
                <div class="dk-classify__head">
                    <h3 id="classify-title">"Classification"</h3>
                    <p role="status">{move || form.state.with(|state| (*state == State::Saved).then_some("Saved"))}</p>
                </div>
                <fieldset class="dk-classify__fields" disabled=move || !form.may_edit.get()>
                    <legend class="dk-hidden">"What this chat was worth and about"</legend>
                    <Qualified form=form />
                    <Tags form=form />
                    <Value form=form />
                    <Notes form=form />
                </fieldset>
                <Trouble form=form />
            </section>
        </Show>
    }
}

/// Two buttons; the one that is pressed takes its word back when it is pressed again.
#[component]
fn Qualified(form: Noted) -> impl IntoView {
    let choice = move |word: &'static str, is: bool| {
        view! {
            <button
                type="button"
                class="dk-classify__choice"
                class:dk-classify__choice--yes=is
                aria-pressed=move || if form.qualified.get() == Some(is) { "true" } else { "false" }
                on:click=move |_| {
                    form.qualified.update(|now| *now = (*now != Some(is)).then_some(is));
                    form.changed();
                }
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="dk-classify__choices" role="group" aria-label="Is it qualified?">
            {choice("Qualified", true)} {choice("Not qualified", false)}
        </div>
    }
}

#[component]
fn Tags(form: Noted) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let add = move || {
        if typed.with_untracked(|typed| form.add_tag(typed)) {
            typed.set(String::new());
        }
    };
    let tag = move |tag: String| {
        let name = format!("Remove the tag {tag}");
        view! {
            <li class="dk-tag">
                <span dir="auto" title=tag.clone()>{tag.clone()}</span>
                <Show when=move || form.may_edit.get()>
                    <button
                        type="button"
                        aria-label=name.clone()
                        on:click={
                            let tag = tag.clone();
                            move |_| {
                                form.remove_tag(&tag);
                                if let Some(field) = field.get_untracked() {
                                    let _ = field.focus();
                                }
                            }
                        }
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </Show>
            </li>
        }
    };
    let wrong = move || !form.wrong_tags.with(String::is_empty);
    view! {
        <div class="dk-classify__tags">
            <ul class="dk-tags" role="list" aria-label="Tags">
                <For each=move || form.tags.get() key=Clone::clone children=tag />
                <li class="dk-tag dk-tag--new">
                    <Icon glyph=Glyph::Plus />
                    <input
                        node_ref=field
                        id="add-tag"
                        aria-label="Add a tag"
                        aria-keyshortcuts=aria_keys(Command::Tag)
                        placeholder="Add"
                        list="tags-in-use"
                        autocomplete="off"
                        maxlength=TAG_CHARS.to_string()
                        dir="auto"
                        aria-invalid=move || wrong().then_some("true")
                        aria-describedby="tags-wrong"
                        prop:value=move || typed.get()
                        on:input=move |event| {
                            typed.set(event_target_value(&event));
                            form.wrong_tags.set(String::new());
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
                </li>
            </ul>
            <datalist id="tags-in-use">
                <For each=move || form.in_use.get() key=Clone::clone let:tag>
                    <option value=tag></option>
                </For>
            </datalist>
            <p class="dk-classify__wrong" id="tags-wrong" role="alert">{move || some_text(form.wrong_tags.get())}</p>
        </div>
    }
}

#[component]
fn Value(form: Noted) -> impl IntoView {
    let wrong = move || !form.wrong_value.with(String::is_empty);
    let option = move |code: &'static str| {
        view! { <option value=code selected=move || form.currency.with(|now| now == code)>{code}</option> }
    };
    view! {
        <div class="dk-classify__value" class:dk-classify__value--wrong=wrong>
            <label for="chat-value">"Value"</label>
            <input
                id="chat-value"
                inputmode="decimal"
                autocomplete="off"
                placeholder="0"
                aria-invalid=move || wrong().then_some("true")
                aria-describedby="value-wrong"
                prop:value=move || form.value.get()
                on:input=move |event| {
                    form.value.set(event_target_value(&event));
                    form.changed();
                }
                on:change=move |_| form.save()
            />
            <select
                aria-label="Currency"
                prop:value=move || form.currency.get()
                on:change=move |event| {
                    form.currency.set(event_target_value(&event));
                    form.changed();
                }
            >
                {CURRENCIES.map(option).into_iter().collect_view()}
            </select>
        </div>
        <p class="dk-classify__wrong" id="value-wrong" role="alert">{move || some_text(form.wrong_value.get())}</p>
    }
}

#[component]
fn Notes(form: Noted) -> impl IntoView {
    view! {
        <textarea
            class="dk-classify__notes"
            rows="3"
            aria-label="Notes"
            placeholder="Notes, for colleagues only"
            maxlength=NOTES_CHARS.to_string()
            dir="auto"
            prop:value=move || form.notes.get()
            on:input=move |event| {
                form.notes.set(event_target_value(&event));
                form.changed();
            }
        >
            {form.notes.get_untracked()}
        </textarea>
    }
}

/// Why it is not saved, and what to do about it.
#[component]
fn Trouble(form: Noted) -> impl IntoView {
    let why = move || match form.state.get() {
        State::Quiet | State::Saved => None,
        State::Wrong(why) => Some(why),
        State::Changed => Some("Somebody else has just changed the same thing.".to_owned()),
    };
    view! {
        <p class="dk-classify__wrong" role="alert">{why}</p>
        <Show when=move || form.state.with(|state| *state == State::Changed)>
            <div class="dk-classify__clash">
                <button type="button" class="dk-button" on:click=move |_| form.keep_mine()>"Keep mine"</button>
                <button type="button" class="dk-button" on:click=move |_| form.take_theirs()>"Show theirs"</button>
            </div>
        </Show>
    }
}
