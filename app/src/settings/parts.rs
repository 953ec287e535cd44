//! What the forms of queues and sites share: numbers with their range, what is wrong, and the buttons.

use domain::{FieldProblem, setting_range};
use leptos::prelude::*;
use wire::{Conflict, Error, Field};

use super::fields::Wrong;
use crate::browser;

/// What is wrong, tied to the fields of a form; the first of them gets the focus.
pub fn refused(wrong: RwSignal<Wrong>, error: &Error) {
    // A name that another queue has is something to mend in the field of the name.
    let twice = Error::invalid("name", FieldProblem::Twice);
    let error = if *error == Error::Conflict(Conflict::Exists) { &twice } else { error };
    let named: Vec<String> = match error {
        Error::Invalid(fields) => fields.iter().map(|field| field.field.clone()).collect(),
        _ => Vec::new(),
    };
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let mut found = Wrong::of(error, &named);
    if *error == Error::Invalid(Vec::new()) {
        "The server could not read this form.".clone_into(&mut found.all);
    }
    wrong.try_set(found);
    browser::focus_first_invalid();
}

/// A number as it was typed, or what is wrong with it. Whether it is in range is said here too, because what is no number
/// at all can be told in no other way.
pub fn number(field: &'static str, text: &str, wrong: &mut Vec<Field>) -> u32 {
    let problem = match (text.trim().parse::<u32>(), setting_range(field)) {
        (Ok(number), _) => return number,
        (Err(_), _) if text.trim().is_empty() => FieldProblem::Missing,
        (Err(_), Some((min, max))) => FieldProblem::OutOfRange { min, max },
        (Err(_), None) => FieldProblem::Unknown,
    };
    wrong.push(Field { field: field.to_owned(), problem });
    0
}

/// A number with its unit and range. The id is the field's name.
#[component]
pub fn Numeric(
    field: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] hint: &'static str,
    #[prop(default = "seconds")] unit: &'static str,
    value: RwSignal<String>,
    wrong: RwSignal<Wrong>,
) -> impl IntoView {
    let (min, max) = setting_range(field).unwrap_or((0, u32::MAX));
    let said = move || {
        let lasts = value.with(|text| text.trim().parse().map(lasting).unwrap_or_default());
        if unit != "seconds" || lasts.is_empty() { String::new() } else { format!(" = {lasts}") }
    };
    view! {
        <div class="dk-field dk-field--number">
            <label for=field>{label}</label>
            <div class="dk-number">
                <input
                    id=field
                    type="number"
                    inputmode="numeric"
                    min=min
                    max=max
                    aria-describedby=format!("{field}-hint {field}-wrong")
                    aria-invalid=move || wrong.with(|wrong| wrong.problem(field).is_some()).then_some("true")
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
                <span>{unit}{said}</span>
            </div>
            <p class="dk-field__hint" id=format!("{field}-hint")>{hint} {format!(" {min} to {max}.")}</p>
            <p class="dk-field__wrong" id=format!("{field}-wrong") role="alert">
                {move || wrong.with(|wrong| wrong.line(field, ""))}
            </p>
        </div>
    }
}

/// A choice from a list of words.
#[component]
pub fn Select(
    field: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    /// The words are in the language of the value.
    #[prop(optional)]
    tongues: bool,
    /// Values and words.
    options: Vec<(String, String)>,
    value: RwSignal<String>,
    wrong: RwSignal<Wrong>,
) -> impl IntoView {
    let option = move |(of, word): (String, String)| {
        let selected = value.with_untracked(|value| *value == of);
        let lang = tongues.then(|| of.clone());
        view! { <option value=of lang=lang selected=selected>{word}</option> }
    };
    view! {
        <div class="dk-field">
            <label for=field>{label}</label>
            <select
                id=field
                aria-describedby=format!("{field}-hint {field}-wrong")
                aria-invalid=move || wrong.with(|wrong| wrong.problem(field).is_some()).then_some("true")
                on:change:target=move |event| value.set(event.target().value())
            >
                {options.into_iter().map(option).collect_view()}
            </select>
            <p class="dk-field__hint" id=format!("{field}-hint")>{hint}</p>
            <p class="dk-field__wrong" id=format!("{field}-wrong") role="alert">
                {move || wrong.with(|wrong| wrong.problem(field)).map(|_| "This is no more. Choose another one.")}
            </p>
        </div>
    }
}

/// What concerns no field, and the buttons.
#[component]
pub fn Foot(
    wrong: RwSignal<Wrong>,
    busy: RwSignal<bool>,
    cancel: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <p class="dk-field__wrong" role="alert">{move || wrong.with(|wrong| wrong.all.clone())}</p>
        <div class="dk-fields__acts">
            <button type="submit" class="dk-button dk-button--accent" disabled=busy>"Save"</button>
            <button type="button" class="dk-button" on:click=move |_| cancel()>"Cancel"</button>
        </div>
    }
}

/// `300 s` as people say it; empty below two minutes, where nobody needs it.
pub fn lasting(seconds: u32) -> String {
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(h, "h"), (m, "min"), (s, "s")];
    let said: Vec<_> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if seconds < 120 { String::new() } else { said.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_said_as_people_say_them() {
        assert_eq!([60, 120, 300, 3_690, 86_400].map(lasting), ["", "2 min", "5 min", "1 h 1 min 30 s", "24 h"]);
    }

    #[test]
    fn what_is_no_number_is_told_with_the_range() {
        let mut wrong = Vec::new();
        assert_eq!([number("ring", " 20 ", &mut wrong), number("ring", "7000", &mut wrong)], [20, 7000]);
        assert_eq!(wrong, [], "the range is the server's to judge");
        for text in ["-1", "2.5", "many", ""] {
            number("ring", text, &mut wrong);
        }
        let problems: Vec<_> = wrong.into_iter().map(|field| field.problem).collect();
        let range = FieldProblem::OutOfRange { min: 5, max: 300 };
        assert_eq!(problems, [range, range, range, FieldProblem::Missing]);
    }
}
