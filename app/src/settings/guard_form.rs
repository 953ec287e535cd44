use domain::{EXPRESSION, FieldProblem, GUARD_NAME, GUARD_REASON, GuardPattern, GuardRule};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use wire::composer::GuardDraft;

use super::{
    api,
    entries::Entries,
    fields::{Labelled, Wrong},
};
use crate::inbox::field;

const FIELDS: [&str; 3] = ["name", "reason", "pattern"];

const KINDS: [(&str, &str); 4] = [
    ("card", "Card numbers"),
    ("social_security", "Social security numbers"),
    ("words", "Words and phrases"),
    ("expression", "Own expression"),
];

/// The form's fields as they stand.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    reason: RwSignal<String>,
    kind: RwSignal<String>,
    /// Words, one a line.
    words: RwSignal<String>,
    expression: RwSignal<String>,
    on: RwSignal<bool>,
}

impl Fields {
    fn of(rule: Option<GuardRule>) -> Self {
        let (name, reason, on, pattern) = rule.map_or_else(
            || (String::new(), String::new(), true, GuardPattern::Card),
            |rule| (rule.name, rule.reason, rule.on, rule.pattern),
        );
        let (kind, words, expression) = match pattern {
            GuardPattern::Card => ("card", String::new(), String::new()),
            GuardPattern::SocialSecurity => ("social_security", String::new(), String::new()),
            GuardPattern::Words(words) => ("words", words.join("\n"), String::new()),
            GuardPattern::Expression(source) => ("expression", String::new(), source),
        };
        Self {
            name: RwSignal::new(name),
            reason: RwSignal::new(reason),
            kind: RwSignal::new(kind.to_owned()),
            words: RwSignal::new(words),
            expression: RwSignal::new(expression),
            on: RwSignal::new(on),
        }
    }

    fn draft(self) -> GuardDraft {
        let pattern = match self.kind.get_untracked().as_str() {
            "words" => {
                GuardPattern::Words(self.words.with_untracked(|words| words.lines().map(str::to_owned).collect()))
            }
            "expression" => GuardPattern::Expression(self.expression.get_untracked()),
            "social_security" => GuardPattern::SocialSecurity,
            _ => GuardPattern::Card,
        };
        GuardDraft {
            name: self.name.get_untracked(),
            reason: self.reason.get_untracked(),
            pattern,
            on: self.on.get_untracked(),
        }
    }
}

/// A new rule, or one to be changed, with a field to try it in.
#[component]
pub fn GuardForm(entries: Entries<GuardRule>, rule: Option<GuardRule>) -> impl IntoView {
    let id = rule.as_ref().map(|rule| rule.id);
    let fields = Fields::of(rule);
    let wrong = RwSignal::new(Wrong::default());
    let busy = RwSignal::new(false);
    let area = NodeRef::<html::Textarea>::new();
    let refused = move |error: &wire::Error| {
        let found = Wrong::of(error, &FIELDS);
        if let (Some(FieldProblem::At { from, to, .. }), Some(area)) = (found.problem("pattern"), area.get_untracked())
        {
            field::select(&area, &(from as usize..to as usize));
        }
        wrong.try_set(found);
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let draft = fields.draft();
        busy.set(true);
        spawn_local(async move {
            match api::save_guard_rule(id, draft).await {
                Ok(rule) => entries.put(rule),
                Err(error) => refused(&error),
            }
            busy.try_set(false);
        });
    };
    let line = move |field: &'static str, text: RwSignal<String>| {
        Signal::derive(move || wrong.with(|wrong| text.with(|text| wrong.line(field, text))))
    };
    let invalid =
        move |field: &'static str| move || wrong.with(|wrong| wrong.problem(field).is_some()).then_some("true");
    view! {
        <form class="dk-panel-card dk-fields" aria-label=if id.is_some() { "Change rule" } else { "New rule" } on:submit=save on:input=move |_| entries.unsaved.note() on:change=move |_| entries.unsaved.note()>
            <Labelled id="rule-name" label="Name" wrong=line("name", fields.name)>
                <input
                    id="rule-name"
                    type="text"
                    maxlength=GUARD_NAME
                    autocomplete="off"
                    aria-describedby="rule-name-wrong"
                    aria-invalid=invalid("name")
                    prop:value=move || fields.name.get()
                    on:input:target=move |event| fields.name.set(event.target().value())
                />
            </Labelled>
            <Labelled
                id="rule-reason"
                label="Reason"
                hint="What the agent is told: why not, and what to do instead."
                wrong=line("reason", fields.reason)
            >
                <input
                    id="rule-reason"
                    type="text"
                    maxlength=GUARD_REASON
                    autocomplete="off"
                    aria-describedby="rule-reason-hint rule-reason-wrong"
                    aria-invalid=invalid("reason")
                    prop:value=move || fields.reason.get()
                    on:input:target=move |event| fields.reason.set(event.target().value())
                />
            </Labelled>
            <PatternFields fields=fields wrong=wrong area=area />
            <label class="dk-check">
                <input
                    type="checkbox"
                    prop:checked=move || fields.on.get()
                    on:change:target=move |event| fields.on.set(event.target().checked())
                />
                "In use"
            </label>
            <Try fields=fields refused=refused />
            <p class="dk-field__wrong" role="alert">{move || wrong.with(|wrong| wrong.all.clone())}</p>
            <div class="dk-fields__acts">
                <button type="submit" class="dk-button dk-button--accent" disabled=busy>"Save"</button>
                <button type="button" class="dk-button" on:click=move |_| entries.cancel()>"Cancel"</button>
            </div>
        </form>
    }
}

/// What the rule looks for.
#[component]
fn PatternFields(fields: Fields, wrong: RwSignal<Wrong>, area: NodeRef<html::Textarea>) -> impl IntoView {
    let line = move |text: RwSignal<String>| {
        Signal::derive(move || wrong.with(|wrong| text.with(|text| wrong.line("pattern", text))))
    };
    let invalid = move || wrong.with(|wrong| wrong.problem("pattern").is_some()).then_some("true");
    view! {
            <Labelled id="rule-kind" label="Looks for" wrong=Signal::derive(String::new)>
                <select id="rule-kind" on:change:target=move |event| fields.kind.set(event.target().value())>
                    {KINDS.map(|(value, word)| view! {
                        <option value=value selected=fields.kind.get_untracked() == value>{word}</option>
                    }).into_iter().collect_view()}
                </select>
            </Labelled>
            <Show when=move || fields.kind.with(|kind| kind == "words")>
                <Labelled
                    id="rule-words"
                    label="Words"
                    hint="One a line. Found as whole words, in any case of letters."
                    wrong=line(fields.words)
                >
                    <textarea
                        id="rule-words"
                        rows="5"
                        dir="auto"
                        aria-describedby="rule-words-hint rule-words-wrong"
                        aria-invalid=invalid
                        prop:value=move || fields.words.get()
                        on:input:target=move |event| fields.words.set(event.target().value())
                    >
                        {fields.words.get_untracked()}
                    </textarea>
                </Labelled>
            </Show>
            <Show when=move || fields.kind.with(|kind| kind == "expression")>
                <Labelled
                    id="rule-expression"
                    label="Expression"
                    hint="A regular expression, for example (?i)\\bORD-\\d{6}\\b. No look-around, no back references."
                    wrong=line(fields.expression)
                >
                    <textarea
                        id="rule-expression"
                        class="dk-code"
                        node_ref=area
                        rows="2"
                        spellcheck="false"
                        maxlength=EXPRESSION
                        aria-describedby="rule-expression-hint rule-expression-wrong"
                        aria-invalid=invalid
                        prop:value=move || fields.expression.get()
                        on:input:target=move |event| fields.expression.set(event.target().value())
                    >
                        {fields.expression.get_untracked()}
                    </textarea>
                </Labelled>
            </Show>
    }
}

/// What the rule would find in a text of one's own.
#[component]
fn Try(fields: Fields, refused: impl Fn(&wire::Error) + Copy + Send + Sync + 'static) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(None::<(String, Vec<(bool, String)>)>);
    let look = move |_| {
        let (draft, tried) = (fields.draft(), text.get_untracked());
        spawn_local(async move {
            match api::try_guard_rule(draft, tried.clone()).await {
                Ok(hits) => {
                    let said = match hits.len() {
                        0 => "Nothing is found.".to_owned(),
                        1 => "Found once:".to_owned(),
                        n => format!("Found {n} times:"),
                    };
                    let places = hits.iter().map(|hit| hit.from as usize..hit.to as usize);
                    found.try_set(Some((said, crate::inbox::pieces_of(&tried, places))));
                }
                Err(error) => refused(&error),
            }
        });
    };
    let shown = move || {
        found.get().map(|(said, parts)| {
            let parts = parts
                .into_iter()
                .map(|(marked, part)| if marked { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() });
            view! { <p>{said}</p> <p class="dk-try__text" dir="auto">{parts.collect_view()}</p> }
        })
    };
    view! {
        <div class="dk-try">
            <Labelled id="rule-try" label="Try it" hint="Nothing of this is kept." wrong=Signal::derive(String::new)>
                <textarea
                    id="rule-try"
                    rows="2"
                    dir="auto"
                    aria-describedby="rule-try-hint"
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        found.set(None);
                        text.set(event.target().value());
                    }
                ></textarea>
            </Labelled>
            <button type="button" class="dk-button" on:click=look>"Look for it"</button>
            <div role="status">{shown}</div>
        </div>
    }
}
