//! The fields of a visitors' form while an admin works on them.

use domain::{Field, FieldKind, FieldOption, Form, QueueId};
use leptos::prelude::*;

use crate::browser;

/// The kinds in the order of the list from which one is added.
const KINDS: [FieldKind; 9] = [
    FieldKind::Name,
    FieldKind::Email,
    FieldKind::Phone,
    FieldKind::Text,
    FieldKind::LongText,
    FieldKind::Choice,
    FieldKind::Checkbox,
    FieldKind::Consent,
    FieldKind::Question,
];

/// The fields as they stand, in order.
#[derive(Clone, Copy)]
pub struct FieldList {
    /// Of the form, as its faults are named.
    pub name: &'static str,
    pub all: RwSignal<Vec<Asked>>,
    /// Numbers for rows, so that a row stays the same wherever it stands.
    next: StoredValue<u32>,
    /// Of the whole form: what belongs to a field lives as long as that, and not only as long as the button that added it.
    owner: StoredValue<Owner>,
}

/// One of them. Rows are told apart by `row`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub row: u32,
    pub key: StoredValue<String>,
    pub kind: FieldKind,
    pub label: RwSignal<String>,
    pub required: RwSignal<bool>,
    pub options: RwSignal<Vec<Choice>>,
    pub url: RwSignal<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub row: u32,
    pub label: RwSignal<String>,
    pub queue: RwSignal<String>,
}

impl FieldList {
    pub fn of(name: &'static str, form: Form) -> Self {
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        let list = Self { name, all: RwSignal::default(), next: StoredValue::new(0), owner };
        let fields = form.fields.into_iter().map(|field| list.asked(field)).collect();
        list.all.set(fields);
        list
    }

    pub fn form(self) -> Form {
        Form { fields: self.all.with_untracked(|all| all.iter().map(|asked| asked.field()).collect()) }
    }

    fn number(self) -> u32 {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    fn asked(self, field: Field) -> Asked {
        let choices = field.options.into_iter().map(|option| self.choice(option)).collect();
        self.owner.get_value().with(|| Asked {
            row: self.number(),
            key: StoredValue::new(field.key),
            kind: field.kind,
            label: RwSignal::new(field.label),
            required: RwSignal::new(field.required),
            options: RwSignal::new(choices),
            url: RwSignal::new(field.url),
        })
    }

    pub fn choice(self, option: FieldOption) -> Choice {
        let queue = option.queue.map(|queue| queue.to_string()).unwrap_or_default();
        self.owner.get_value().with(|| Choice {
            row: self.number(),
            label: RwSignal::new(option.label),
            queue: RwSignal::new(queue),
        })
    }

    pub fn add(self, kind: FieldKind) {
        let mut field = Field::of(kind);
        if !kind.once() {
            field.key = self.free_key();
        }
        if kind == FieldKind::Choice {
            field.options = vec![FieldOption { label: String::new(), queue: None }; 2];
        }
        let asked = self.asked(field);
        self.all.update(|all| all.push(asked));
        browser::focus(&self.id(asked, "label"));
    }

    /// A key that no field has, not even one that was removed in this form.
    fn free_key(self) -> String {
        let taken =
            |key: &str| self.all.with_untracked(|all| all.iter().any(|asked| asked.key.with_value(|own| own == key)));
        let mut n = self.number();
        while taken(&format!("q{n}")) {
            n = self.number();
        }
        format!("q{n}")
    }

    pub fn place(self, row: u32) -> Option<usize> {
        self.all.with(|all| all.iter().position(|asked| asked.row == row))
    }

    pub fn swap(self, row: u32, with: isize) {
        let Some(place) = untrack(|| self.place(row)) else { return };
        let other = place.saturating_add_signed(with);
        if other < self.all.with_untracked(Vec::len) {
            self.all.update(|all| all.swap(place, other));
        }
    }

    /// Of the control for a part of a field, unique in the document.
    pub fn id(self, asked: Asked, part: &str) -> String {
        format!("{}-{}-{part}", self.name, asked.row)
    }

    pub fn choice_id(self, choice: Choice) -> String {
        format!("{}-choice-{}", self.name, choice.row)
    }

    /// The kinds that can be added: some are asked only once.
    pub fn addable(self) -> Vec<FieldKind> {
        let has = |kind| self.all.with(|all| all.iter().any(|asked| asked.kind == kind));
        KINDS.into_iter().filter(|kind| !(kind.once() && has(*kind))).collect()
    }
}

impl Asked {
    fn field(self) -> Field {
        let option = |choice: &Choice| FieldOption {
            label: choice.label.get_untracked(),
            queue: choice.queue.with_untracked(|queue| queue.parse::<QueueId>().ok()),
        };
        Field {
            key: self.key.get_value(),
            kind: self.kind,
            label: self.label.get_untracked(),
            required: self.required.get_untracked() || self.kind.always_required(),
            options: self.options.with_untracked(|options| options.iter().map(option).collect()),
            url: self.url.get_untracked(),
        }
    }
}
