//! Parts of settings forms: a field with what is wrong with it, a question before something is deleted.

use domain::{Fault, FieldProblem};
use leptos::{ev::KeyboardEvent, prelude::*};
use wire::{Conflict, Error};

use crate::{browser, inbox::lines::error_line, ui::some_text};

/// What is wrong with a form, from the server's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrong {
    fields: Vec<(String, FieldProblem)>,
    /// What concerns no field.
    pub all: String,
}

impl Wrong {
    /// `fields` are those that the form shows.
    pub fn of(error: &Error, fields: &[&str]) -> Self {
        match error {
            Error::Invalid(found) => {
                let (shown, other): (Vec<_>, Vec<_>) =
                    found.iter().partition(|found| fields.contains(&found.field.as_str()));
                let all =
                    if other.is_empty() { String::new() } else { "There are as many as there may be.".to_owned() };
                Self { fields: shown.into_iter().map(|one| (one.field.clone(), one.problem)).collect(), all }
            }
            Error::Conflict(Conflict::Exists) if !fields.is_empty() => {
                Self { fields: Vec::new(), all: "There is one of this name already.".to_owned() }
            }
            error => Self { fields: Vec::new(), all: error_line(error) },
        }
    }

    pub fn problem(&self, field: &str) -> Option<FieldProblem> {
        self.fields.iter().find(|(of, _)| of == field).map(|(_, problem)| *problem)
    }

    /// The words for a field whose text this is; empty when nothing is wrong.
    pub fn line(&self, field: &str, text: &str) -> String {
        self.problem(field).map(|problem| problem_line(problem, text)).unwrap_or_default()
    }
}

fn problem_line(problem: FieldProblem, text: &str) -> String {
    match problem {
        FieldProblem::Missing => "This is needed.".to_owned(),
        FieldProblem::TooLong => "This is too long.".to_owned(),
        FieldProblem::TooShort => "This is too short.".to_owned(),
        FieldProblem::NotAnEmail => "This address is not complete.".to_owned(),
        FieldProblem::NotAPhone => "This is not a telephone number.".to_owned(),
        FieldProblem::Unknown => "There is a name in it that cannot be one.".to_owned(),
        FieldProblem::OutOfRange { min, max } => format!("This has to be between {min} and {max}."),
        FieldProblem::BadHours => "These hours overlap, or end before they begin.".to_owned(),
        FieldProblem::BadDate => "This is no date.".to_owned(),
        FieldProblem::Twice => "There is this one already.".to_owned(),
        FieldProblem::TooMany => "These are too many.".to_owned(),
        FieldProblem::Expired | FieldProblem::TooFar => "This is not the time for it.".to_owned(),
        FieldProblem::NotAfterSilence => "This has to come after the question into the silence.".to_owned(),
        FieldProblem::At { from, to, fault } => {
            let (from, to) = (from as usize, to as usize);
            let quoted = text.get(from..to).unwrap_or_default();
            let whole = from == 0 && to == text.len();
            match (whole, fault) {
                (_, Fault::MatchesNothing) => "This would be found everywhere: it is met by nothing at all.".to_owned(),
                (_, Fault::TooLarge) => "This would take too long to look for. Make its numbers smaller.".to_owned(),
                (true, _) => format!("{}.", fault_word(fault)),
                (false, _) => format!("{}: “{quoted}”, {}.", fault_word(fault), place_word(text, from)),
            }
        }
    }
}

const fn fault_word(fault: Fault) -> &'static str {
    match fault {
        Fault::UnknownVariable => "There is no such variable",
        Fault::Unclosed => "This has no other half",
        Fault::NothingToRepeat => "There is nothing to repeat before this",
        Fault::UnknownEscape => "This means nothing after a backslash",
        Fault::BadRange => "This ends before it begins",
        Fault::Unsupported => "This is not supported here",
        Fault::TooLarge => "This is too large",
        Fault::MatchesNothing => "This is met by nothing at all",
        Fault::Malformed => "This cannot be read",
    }
}

/// `line 2, character 5`; of one line only the character.
fn place_word(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let character = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    if text.contains('\n') { format!("line {line}, character {character}") } else { format!("character {character}") }
}

/// A label with its field, and below it what is wrong or what to know. `field` gets the id and the id of that line.
#[component]
pub fn Labelled(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] wrong: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="dk-field">
            <label for=id>{label}</label>
            {children()}
            <p class="dk-field__hint" id=format!("{id}-hint")>{some_text(hint.to_owned())}</p>
            <p class="dk-field__wrong" id=format!("{id}-wrong") role="alert">{move || some_text(wrong.get())}</p>
        </div>
    }
}

/// A button that asks once, in place, naming what will be lost.
#[component]
pub fn DeleteButton(name: String, delete: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let asking = RwSignal::new(false);
    let name = StoredValue::new(name);
    let label = move || name.with_value(|name| format!("Delete {name}"));
    let question = move || name.with_value(|name| format!("Delete “{name}” for good?"));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            asking.set(false);
        }
    };
    let ask = move |_| {
        asking.set(true);
        browser::focus("delete-keep");
    };
    view! {
        <Show
            when=move || asking.get()
            fallback=move || view! {
                <button type="button" class="dk-button" aria-label=label on:click=ask>"Delete"</button>
            }
        >
            <div class="dk-sure" role="alertdialog" aria-label=question on:keydown=on_key>
                <span>{question}</span>
                <button type="button" id="delete-keep" class="dk-button" on:click=move |_| asking.set(false)>"Keep"</button>
                <button type="button" class="dk-button dk-button--red" on:click=move |_| delete()>"Delete"</button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use wire::Field;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let at = |from, to, fault| FieldProblem::At { from, to, fault };
        let text = "Hallo\nGrüße {{vistor.name}}";
        assert_eq!(
            problem_line(at(14, 29, Fault::UnknownVariable), text),
            "There is no such variable: “{{vistor.name}}”, line 2, character 7."
        );
        assert_eq!(problem_line(at(2, 3, Fault::Unclosed), "ab(c"), "This has no other half: “(”, character 3.");
        assert!(problem_line(at(0, 2, Fault::MatchesNothing), "a*").starts_with("This would be found everywhere"));
    }

    #[test]
    fn an_error_goes_to_the_field_it_speaks_of() {
        let field = |field: &str, problem| Field { field: field.into(), problem };
        let error = Error::Invalid(vec![field("title", FieldProblem::Missing), field("macros", FieldProblem::TooLong)]);
        let wrong = Wrong::of(&error, &["title", "text"]);
        assert_eq!(wrong.line("title", ""), "This is needed.");
        assert_eq!(wrong.line("text", ""), "");
        assert_eq!(wrong.all, "There are as many as there may be.");
        assert_eq!(Wrong::of(&Error::Transport, &["title"]).all, "There is no connection.");
    }
}
