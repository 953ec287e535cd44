use std::future::Future;

use domain::{GuardId, GuardPattern, GuardRule};
use leptos::prelude::*;
use wire::Error;

use super::{
    api,
    entries::{Entries, EntriesPage, Entry},
    guard_form::GuardForm,
};
use crate::carried::carried;

impl Entry for GuardRule {
    type Id = GuardId;

    const NEW: &'static str = "New rule";
    const FIRST_FIELD: &'static str = "rule-name";
    const NONE: (&'static str, &'static str) = (
        "Nothing is guarded yet",
        "A first rule could look for card numbers: they are told from other numbers by their checksum.",
    );

    fn id(&self) -> GuardId {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn delete(id: GuardId) -> impl Future<Output = Result<(), Error>> + 'static {
        api::delete_guard_rule(id)
    }
}

/// What agents are not to send unseen.
#[component]
pub fn GuardPage() -> impl IntoView {
    let entries = Entries::<GuardRule>::new();
    view! {
        <EntriesPage
            title="Guarded words"
            lead="What these rules find is marked while an agent writes, with your reason. It can still be sent; then the \
                  chat notes for staff which rule was overridden, and by whom."
            entries=entries
            listed=carried(|| (), |()| api::guard_rules())
            words=Callback::new(|rule: GuardRule| {
                view! {
                    <small>{if rule.on { "" } else { "Resting · " }} {pattern_word(&rule.pattern)}</small>
                    <p dir="auto">{rule.reason}</p>
                }
                    .into_any()
            })
            form=Callback::new(move |rule| view! { <GuardForm entries=entries rule=rule /> }.into_any())
            may_change=Callback::new(|_| true)
        />
    }
}

fn pattern_word(pattern: &GuardPattern) -> String {
    match pattern {
        GuardPattern::Words(words) => {
            let some: Vec<_> = words.iter().take(5).map(String::as_str).collect();
            let more = if words.len() > some.len() { " …" } else { "" };
            format!("Words: {}{more}", some.join(", "))
        }
        GuardPattern::Card => "Card numbers".to_owned(),
        GuardPattern::SocialSecurity => "Social security numbers".to_owned(),
        GuardPattern::Expression(source) => format!("Expression: {source}"),
    }
}
