//! The form before a chat, as an admin has made it (PRODUCT V3, M6), and what a visitor filled in.

mod kind;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

pub use self::kind::{FieldKind, YES, plausible_email, plausible_phone};
use crate::{FieldProblem, QueueId, one_line};

/// Most fields of a form, most options of a choice, and most characters of their words.
pub const FORM_FIELDS: usize = 20;
pub const FIELD_OPTIONS: usize = 30;
pub const FIELD_LABEL: usize = 200;
/// Most characters of a key.
const KEY: usize = 40;

/// A page the visitor looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageVisit {
    /// Without its fragment; at most 500 characters are kept.
    pub url: String,
    #[serde(default)]
    pub title: String,
}

/// In the order of its fields. One of them is the question.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Form {
    pub fields: Vec<Field>,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Field {
    /// Unique within its form: lower-case letters, digits, dashes and underscores. Stays when the label changes.
    pub key: String,
    pub kind: FieldKind,
    /// In the site's words. Empty: in ours, in the visitor's language; only name, e-mail, phone and question can be that.
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub required: bool,
    /// Of a choice.
    #[serde(default)]
    pub options: Vec<FieldOption>,
    /// Of a consent: the page with what is agreed to.
    #[serde(default)]
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldOption {
    pub label: String,
    /// Whoever chooses it comes to this queue instead of the site's own (DECISIONS: Tenancy).
    #[serde(default)]
    pub queue: Option<QueueId>,
}

/// What a visitor filled in: texts by the keys of their fields. On the wire an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers(pub Vec<(String, String)>);

/// One answer as it is kept with the chat: with the words it was asked in, because forms change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub kind: FieldKind,
    #[serde(default)]
    pub label: String,
    pub value: String,
}

/// Answers that are right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub question: String,
    /// Another queue than the site's own.
    pub queue: Option<QueueId>,
    /// All that was answered, but for the question, in the form's order.
    pub answers: Vec<Answer>,
}

impl Default for Form {
    fn default() -> Self {
        Self { fields: [FieldKind::Name, FieldKind::Email, FieldKind::Question].map(Field::of).into() }
    }
}

impl Field {
    /// One that is asked in our words, under the key that bears its kind's name.
    pub fn of(kind: FieldKind) -> Self {
        let required = kind.always_required();
        Self { key: kind.name().into(), kind, label: String::new(), required, options: Vec::new(), url: String::new() }
    }
}

impl Answers {
    pub fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(of, _)| of == key).map_or("", |(_, value)| value)
    }
}

impl Form {
    /// What is asked with a message that is answered by e-mail, where the site has not said otherwise.
    pub fn of_messages() -> Self {
        let mut form = Self::default();
        for field in form.fields.iter_mut().filter(|field| field.kind == FieldKind::Email) {
            field.required = true;
        }
        form
    }

    /// What was filled in, or everything that is wrong with it by the fields' keys. Fields of the kinds in `known` need not be
    /// answered: what they ask is known of this visitor. The question, and what has to be agreed to, is needed all the same.
    pub fn check(&self, raw: &Answers, known: &[FieldKind]) -> Result<Filled, Vec<(String, FieldProblem)>> {
        let mut filled = Filled::default();
        let mut wrong = Vec::new();
        for field in &self.fields {
            let required = field.required && !known.contains(&field.kind);
            match field.check(required, raw.get(&field.key)) {
                Ok((value, queue)) => filled.take_in(field, value, queue),
                Err(problem) => wrong.push((field.key.clone(), problem)),
            }
        }
        if wrong.is_empty() { Ok(filled) } else { Err(wrong) }
    }

    /// What is wrong with the form itself: by the number of the field, and which part of it.
    pub fn faults(&self) -> Vec<(usize, FieldPart, FieldProblem)> {
        let mut wrong = Vec::new();
        for (n, field) in self.fields.iter().enumerate() {
            let earlier = &self.fields[..n];
            if earlier.iter().any(|other| other.key == field.key || other.kind.once() && other.kind == field.kind) {
                wrong.push((n, FieldPart::Key, FieldProblem::Twice));
            }
            wrong.extend(field.faults().into_iter().map(|(part, problem)| (n, part, problem)));
        }
        if self.fields.len() > FORM_FIELDS {
            wrong.push((FORM_FIELDS, FieldPart::Key, FieldProblem::TooLong));
        }
        if !self.fields.iter().any(|field| field.kind == FieldKind::Question) {
            wrong.push((self.fields.len(), FieldPart::Key, FieldProblem::Missing));
        }
        wrong
    }
}

/// A part of a field that something can be wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPart {
    Key,
    Label,
    Options,
    Url,
}

impl FieldPart {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Label => "label",
            Self::Options => "options",
            Self::Url => "url",
        }
    }
}

impl FieldKind {
    /// Whether a form can ask it only once: what becomes part of the visitor's record, and the question.
    pub const fn once(self) -> bool {
        matches!(self, Self::Name | Self::Email | Self::Phone | Self::Question)
    }
}

impl Field {
    fn check(&self, required: bool, raw: &str) -> Result<(String, Option<QueueId>), FieldProblem> {
        let value = self.kind.check(required, raw)?;
        if self.kind != FieldKind::Choice || value.is_empty() {
            return Ok((value, None));
        }
        let chosen = self.options.iter().find(|option| option.label == value).ok_or(FieldProblem::Unknown)?;
        Ok((value, chosen.queue))
    }

    fn faults(&self) -> Vec<(FieldPart, FieldProblem)> {
        let mut wrong = Vec::new();
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        if self.key.is_empty() || self.key.len() > KEY || !self.key.bytes().all(letter) {
            wrong.push((FieldPart::Key, FieldProblem::Unknown));
        }
        if !tidy(&self.label, FIELD_LABEL) {
            wrong.push((FieldPart::Label, FieldProblem::TooLong));
        } else if self.label.is_empty() && !self.kind.once() {
            wrong.push((FieldPart::Label, FieldProblem::Missing));
        }
        if self.kind == FieldKind::Choice {
            let labels: Vec<_> = self.options.iter().map(|option| option.label.as_str()).collect();
            let twice = labels.iter().enumerate().any(|(n, label)| labels[..n].contains(label));
            let problem = match labels.len() {
                ..2 => Some(FieldProblem::Missing),
                n if n > FIELD_OPTIONS => Some(FieldProblem::TooLong),
                _ if labels.iter().any(|label| label.is_empty() || !tidy(label, FIELD_LABEL)) => {
                    Some(FieldProblem::TooLong)
                }
                _ => twice.then_some(FieldProblem::Twice),
            };
            wrong.extend(problem.map(|problem| (FieldPart::Options, problem)));
        }
        let link = self.url.is_empty() || self.url.starts_with("https://") || self.url.starts_with("http://");
        if !link || !tidy(&self.url, 500) {
            wrong.push((FieldPart::Url, FieldProblem::Unknown));
        }
        wrong
    }
}

impl Filled {
    fn take_in(&mut self, field: &Field, value: String, queue: Option<QueueId>) {
        if value.is_empty() {
            return;
        }
        self.queue = self.queue.or(queue);
        match field.kind {
            FieldKind::Question => {
                self.question = value;
                return;
            }
            FieldKind::Name => self.name.clone_from(&value),
            FieldKind::Email => self.email.clone_from(&value),
            FieldKind::Phone => self.phone.clone_from(&value),
            _ => {}
        }
        self.answers.push(Answer { kind: field.kind, label: field.label.clone(), value });
    }
}

/// One line as it would be kept.
fn tidy(text: &str, most: usize) -> bool {
    one_line(text, most) == text
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> serde::de::Visitor<'de> for Object {
            type Value = Answers;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object of texts")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Answers, A::Error> {
                let mut answers = Vec::new();
                while let Some(answer) = map.next_entry()? {
                    answers.push(answer);
                }
                Ok(Answers(answers))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests;
