use domain::{MacroOwner, clip};
use leptos::{ev::KeyboardEvent, prelude::*};
use wire::composer::Macro;

use super::{
    slash::{Slash, matching},
    writing::{Popup, Writing},
};
use crate::{browser, inbox::tools::Tools};

/// Characters of a macro's words in the list.
const WORDS: usize = 110;

/// A list of macros of which one is chosen by keys, whoever has the focus.
#[derive(Clone, Copy)]
pub struct Choice {
    /// Of the listbox; its options are `{id}-0`, `{id}-1` …
    id: &'static str,
    pub found: Memo<Vec<Macro>>,
    chosen: RwSignal<usize>,
}

impl Choice {
    pub fn new(id: &'static str, found: Memo<Vec<Macro>>) -> Self {
        let chosen = RwSignal::new(0);
        // Another list begins at its first one.
        Effect::new(move |_| {
            found.track();
            chosen.set(0);
        });
        Self { id, found, chosen }
    }

    pub fn active(self) -> Option<String> {
        let some = self.found.with(|found| !found.is_empty());
        some.then(|| format!("{}-{}", self.id, self.chosen.get()))
    }

    /// The next or the one before, round and round.
    pub fn step(self, down: bool) {
        let n = self.found.with_untracked(Vec::len).max(1);
        let next = (self.chosen.get_untracked() + if down { 1 } else { n - 1 }) % n;
        self.chosen.set(next);
        browser::reveal(&format!("{}-{next}", self.id));
    }

    pub fn taken(self) -> Option<Macro> {
        self.found.with_untracked(|found| found.get(self.chosen.get_untracked()).cloned())
    }
}

/// What "/" brings up: while it is typed the focus stays in the text.
#[derive(Clone, Copy)]
pub struct SlashList {
    pub choice: Choice,
    slash: RwSignal<Option<Slash>>,
    /// A slash that the person does not mean so: the list stays away until it is gone.
    dismissed: StoredValue<Option<usize>>,
    writing: Writing,
}

impl SlashList {
    pub fn new(writing: Writing, tools: Tools) -> Self {
        let slash = RwSignal::new(None::<Slash>);
        let queue = Memo::new(move |_| writing.queue());
        let found = Memo::new(move |_| {
            slash
                .with(|slash| {
                    let query = &slash.as_ref()?.query;
                    Some(tools.macros.with(|macros| matching(macros, query, queue.get())))
                })
                .unwrap_or_default()
        });
        Self { choice: Choice::new("macros", found), slash, dismissed: StoredValue::new(None), writing }
    }

    pub fn open(self) -> bool {
        let none = self.choice.found.with(Vec::is_empty);
        self.slash.with(|slash| slash.as_ref().is_some_and(|slash| !none || slash.may_be_one()))
    }

    /// The text or the cursor has moved.
    pub fn look(self) {
        let cursor = self.writing.selection();
        let found =
            self.writing.text.with_untracked(|text| Slash::before(text, cursor.start).filter(|_| cursor.is_empty()));
        if self.dismissed.get_value() == found.as_ref().map(|slash| slash.at) {
            self.slash.set(None);
            return;
        }
        self.dismissed.set_value(None);
        if self.slash.with_untracked(|before| *before != found) {
            self.slash.set(found);
        }
    }

    /// Also when a composer that has the cursor is taken away: leaving the page, its field is left once more.
    pub fn close(self) {
        let at = self.slash.try_with_untracked(|slash| slash.as_ref().map(|slash| slash.at)).flatten();
        self.dismissed.try_set_value(at);
        self.slash.try_set(None);
    }

    pub fn insert(self, one: &Macro) {
        let Some(slash) = self.slash.get_untracked() else { return };
        self.slash.set(None);
        self.writing.insert(one, &(slash.at..slash.at + 1 + slash.query.len()));
    }

    /// Whether the key was for the list.
    pub fn key(self, event: &KeyboardEvent) -> bool {
        if !self.open() {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" => self.choice.step(event.key() == "ArrowDown"),
            "Enter" | "Tab" if !event.shift_key() => match self.choice.taken() {
                Some(one) => self.insert(&one),
                None => return false,
            },
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }
}

/// The macros that fit, for the composer on the screen; none where there is none to put them into.
pub fn macros_for(tools: Tools, typed: &str) -> Vec<Macro> {
    let Some(writing) = tools.writing() else { return Vec::new() };
    tools.macros.with(|macros| matching(macros, typed, writing.queue()))
}

#[component]
pub fn SlashPopup(list: SlashList) -> impl IntoView {
    let count = move || match (list.open(), list.choice.found.with(Vec::len)) {
        (false, _) => String::new(),
        (true, 0) => "No macro fits".to_owned(),
        (true, 1) => "1 macro".to_owned(),
        (true, n) => format!("{n} macros"),
    };
    view! {
        <span class="dk-hidden" role="status">{count}</span>
        <Show when=move || list.open()>
            <div class="dk-pop dk-pop--macros">
                <Listed choice=list.choice writing=list.writing pick=move |one: Macro| list.insert(&one) />
            </div>
        </Show>
    }
}

/// The same list for the mouse, with a field of its own to search in.
#[component]
pub fn Templates(writing: Writing, tools: Tools) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let place = writing.selection();
    let queue = untrack(|| writing.queue());
    let found = Memo::new(move |_| query.with(|query| tools.macros.with(|macros| matching(macros, query, queue))));
    let choice = Choice::new("templates", found);
    let place = StoredValue::new(place);
    let pick = move |one: Macro| {
        writing.open.set(Popup::None);
        writing.insert(&one, &place.get_value());
    };
    let on_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" => choice.step(event.key() == "ArrowDown"),
            "Enter" => {
                if let Some(one) = choice.taken() {
                    pick(one);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <input
            id="templates-search"
            class="dk-pop__search"
            type="search"
            role="combobox"
            aria-label="Search reply templates"
            aria-autocomplete="list"
            aria-expanded="true"
            aria-controls="templates"
            aria-activedescendant=move || choice.active()
            placeholder="Search"
            autocomplete="off"
            on:input:target=move |event| query.set(event.target().value())
            on:keydown=on_key
        />
        <Listed choice=choice writing=writing pick=pick />
    }
}

#[component]
fn Listed(choice: Choice, writing: Writing, pick: impl Fn(Macro) + Copy + Send + Sync + 'static) -> impl IntoView {
    let option = move |(n, one): (usize, Macro)| {
        let words = clip(&writing.filled(&one).text, WORDS);
        let owner = owner_word(writing, one.owner);
        let title = one.title.clone();
        view! {
            <li
                role="option"
                id=format!("{}-{n}", choice.id)
                class="dk-pop__option"
                aria-selected=move || if choice.chosen.get() == n { "true" } else { "false" }
                on:mousedown=move |event| event.prevent_default()
                on:mousemove=move |_| if choice.chosen.get_untracked() != n { choice.chosen.set(n) }
                on:click=move |_| pick(one.clone())
            >
                <b dir="auto">{title}</b>
                <small>{owner}</small>
                <span dir="auto">{words}</span>
            </li>
        }
    };
    view! {
        <ul id=choice.id class="dk-pop__list" role="listbox" aria-label="Macros">
            {move || choice.found.get().into_iter().enumerate().map(option).collect_view()}
        </ul>
        <Show when=move || choice.found.with(Vec::is_empty)>
            <p class="dk-pop__none">
                "No macro fits. " <a href="/settings/my-macros">"Write your own"</a> " in the settings."
            </p>
        </Show>
    }
}

fn owner_word(writing: Writing, owner: MacroOwner) -> String {
    match owner {
        MacroOwner::Agent(_) => "yours".to_owned(),
        MacroOwner::Everyone => "everyone".to_owned(),
        MacroOwner::Queue(queue) => writing.queue_name(queue),
    }
}
