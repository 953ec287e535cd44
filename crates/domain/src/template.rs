//! Reply templates (macros): text with variables such as `{{visitor.name}}`.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{AgentId, Fault, FieldProblem, QueueId};

/// Most characters of a macro's title.
pub const MACRO_TITLE: usize = 60;

/// Most macros of one owner.
pub const MACROS: usize = 500;

/// Whose a macro is: who finds it in the composer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroOwner {
    Agent(AgentId),
    /// The members of this queue are the team.
    Queue(QueueId),
    Everyone,
}

/// What a template may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    VisitorName,
    VisitorFirstName,
    VisitorEmail,
    AgentName,
    AgentFirstName,
    QueueName,
    SiteName,
    PageTitle,
    PageUrl,
}

impl Variable {
    pub const ALL: [Self; 9] = [
        Self::VisitorName,
        Self::VisitorFirstName,
        Self::VisitorEmail,
        Self::AgentName,
        Self::AgentFirstName,
        Self::QueueName,
        Self::SiteName,
        Self::PageTitle,
        Self::PageUrl,
    ];

    /// As it is written between the braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VisitorName => "visitor.name",
            Self::VisitorFirstName => "visitor.first_name",
            Self::VisitorEmail => "visitor.email",
            Self::AgentName => "agent.name",
            Self::AgentFirstName => "agent.first_name",
            Self::QueueName => "queue.name",
            Self::SiteName => "site.name",
            Self::PageTitle => "page.title",
            Self::PageUrl => "page.url",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variable| variable.name() == name)
    }
}

/// A template filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub text: String,
    /// Where no value was known, in bytes of `text`: the variable still stands there as it was written, so that nobody
    /// sends a gap unseen.
    pub missing: Vec<(Variable, Range<usize>)>,
}

/// The first place that is no template: an unknown variable, or braces that are not closed. Places count in bytes.
pub fn check_template(text: &str) -> Result<(), FieldProblem> {
    for part in parts(text) {
        match part {
            Part::Text(_) | Part::Variable(..) => {}
            Part::Unknown(place) => return Err(FieldProblem::at(&place, Fault::UnknownVariable)),
            Part::Unclosed(place) => return Err(FieldProblem::at(&place, Fault::Unclosed)),
        }
    }
    Ok(())
}

/// Puts the values in. They are not read as templates themselves.
pub fn fill_template(text: &str, value: impl Fn(Variable) -> Option<String>) -> Filled {
    let mut filled = Filled { text: String::with_capacity(text.len()), missing: Vec::new() };
    for part in parts(text) {
        match part {
            Part::Text(place) | Part::Unknown(place) | Part::Unclosed(place) => filled.text.push_str(&text[place]),
            Part::Variable(variable, place) => {
                let from = filled.text.len();
                let value = value(variable).unwrap_or_default();
                filled.text.push_str(value.trim());
                if filled.text.len() == from {
                    filled.text.push_str(&text[place]);
                    filled.missing.push((variable, from..filled.text.len()));
                }
            }
        }
    }
    filled
}

/// Variables that still stand in a text, where a value was missing.
pub fn blanks(text: &str) -> Vec<(Variable, Range<usize>)> {
    let known = |part| if let Part::Variable(variable, place) = part { Some((variable, place)) } else { None };
    parts(text).into_iter().filter_map(known).collect()
}

/// Places in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Range<usize>),
    Variable(Variable, Range<usize>),
    Unknown(Range<usize>),
    Unclosed(Range<usize>),
}

fn parts(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|open| from + open) {
        if open > from {
            found.push(Part::Text(from..open));
        }
        let inside = &text[open + 2..];
        // A variable stands on one line: what is opened and not closed there would swallow the rest.
        let line = inside.find('\n').unwrap_or(inside.len());
        let Some(end) = inside[..line].find("}}") else {
            from = open + 2 + line;
            found.push(Part::Unclosed(open..from));
            continue;
        };
        from = open + 2 + end + 2;
        found.push(match Variable::from_name(inside[..end].trim()) {
            Some(variable) => Part::Variable(variable, open..from),
            None => Part::Unknown(open..from),
        });
    }
    if from < text.len() {
        found.push(Part::Text(from..text.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lena(variable: Variable) -> Option<String> {
        match variable {
            Variable::VisitorName => Some("Lena {{agent.name}}".into()),
            Variable::AgentName => Some(" Aki ".into()),
            Variable::VisitorEmail => Some("  ".into()),
            _ => None,
        }
    }

    #[test]
    fn values_stand_where_their_names_stood_and_are_no_templates() {
        let filled = fill_template("Hello {{visitor.name}}, I am {{ agent.name }}.", lena);
        assert_eq!(filled, Filled { text: "Hello Lena {{agent.name}}, I am Aki.".into(), missing: Vec::new() });
    }

    #[test]
    fn a_missing_value_stays_to_be_seen() {
        let filled = fill_template("To {{visitor.email}}: {{queue.name}}", lena);
        assert_eq!(filled.text, "To {{visitor.email}}: {{queue.name}}");
        assert_eq!(filled.missing, [(Variable::VisitorEmail, 3..20), (Variable::QueueName, 22..36)]);
        assert_eq!(blanks(&filled.text), filled.missing);
    }

    #[test]
    fn what_is_no_variable_is_refused_with_its_place() {
        let at = |from, to, fault| Err(FieldProblem::At { from, to, fault });
        assert_eq!(check_template("Hi {{visitor.name}} {single} }}"), Ok(()));
        assert_eq!(check_template("Grüße {{vistor.name}}!"), at(8, 23, Fault::UnknownVariable));
        assert_eq!(check_template("{{}}"), at(0, 4, Fault::UnknownVariable));
        assert_eq!(check_template("a {{agent.name\n}} b"), at(2, 14, Fault::Unclosed));
        assert_eq!(check_template("{{{{agent.name}}}}"), at(0, 16, Fault::UnknownVariable));
    }

    #[test]
    fn every_variable_is_found_by_its_name() {
        for variable in Variable::ALL {
            assert_eq!(Variable::from_name(variable.name()), Some(variable));
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_places_are_whole_characters(
            text in "([a-zü{} \n]|\\{\\{|\\}\\}|visitor.name|agent.name|\u{1F600}){0,40}"
        ) {
            // Without values a template is its own text.
            let filled = fill_template(&text, |_| None);
            prop_assert_eq!(&filled.text, &text);
            for (variable, place) in filled.missing {
                prop_assert!(text[place].contains(variable.name()));
            }
            if let Err(FieldProblem::At { from, to, .. }) = check_template(&text) {
                prop_assert!(text.get(from as usize..to as usize).is_some_and(|place| place.starts_with("{{")));
            }
        }
    }
}
