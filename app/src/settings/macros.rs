use std::future::Future;

use domain::{MacroId, MacroOwner, clip};
use leptos::prelude::*;
use wire::{Error, composer::Macro};

use super::{
    api,
    entries::{Entries, EntriesPage, Entry},
    macro_form::MacroForm,
};
use crate::{carried::carried, live::Live};

/// Characters of a macro's words in the list.
const WORDS: usize = 160;

impl Entry for Macro {
    type Id = MacroId;

    const NEW: &'static str = "New macro";
    const FIRST_FIELD: &'static str = "macro-title";
    const NONE: (&'static str, &'static str) = (
        "No macros yet",
        "Write down an answer that is needed again and again, and give it a short title to find it by.",
    );

    fn id(&self) -> MacroId {
        self.id
    }

    fn name(&self) -> &str {
        &self.title
    }

    fn delete(id: MacroId) -> impl Future<Output = Result<(), Error>> + 'static {
        api::delete_macro(id)
    }
}

/// One's own macros, or those of the queues one supervises and of everyone.
#[component]
pub fn MacrosPage(shared: bool) -> impl IntoView {
    let live = expect_context::<Live>();
    let entries = Entries::<Macro>::new();
    let listed = carried(
        || (),
        move |()| async move { if shared { api::shared_macros().await } else { api::own_macros().await } },
    );
    let (title, lead) = if shared {
        (
            "Macros",
            "Reply templates that agents find with / while they write. Those of a queue are offered to its members, those \
             of everyone to every agent.",
        )
    } else {
        ("My macros", "Reply templates that only you find, with / while you write.")
    };
    view! {
        <EntriesPage
            title=title
            lead=lead
            entries=entries
            listed=listed
            words=Callback::new(move |one: Macro| {
                view! {
                    {shared.then(|| view! { <small>{owner_word(live, one.owner)}</small> })}
                    <p dir="auto">{clip(&one.text, WORDS)}</p>
                }
                    .into_any()
            })
            form=Callback::new(move |one| view! { <MacroForm entries=entries shared=shared one=one /> }.into_any())
            may_change=Callback::new(move |one: Macro| may_change(live, one.owner))
        />
    }
}

/// Everyone's macros are for admins to change; supervisors read them.
fn may_change(live: Live, owner: MacroOwner) -> bool {
    match owner {
        MacroOwner::Agent(_) => true,
        MacroOwner::Everyone => live.me.with(|me| me.roles.admin),
        MacroOwner::Queue(queue) => {
            live.queues.with(|queues| queues.iter().any(|one| one.id == queue && one.supervised))
        }
    }
}

pub fn owner_word(live: Live, owner: MacroOwner) -> String {
    match owner {
        MacroOwner::Agent(_) => "You".to_owned(),
        MacroOwner::Everyone => "Everyone".to_owned(),
        MacroOwner::Queue(queue) => live.queues.with_untracked(|queues| {
            queues
                .iter()
                .find(|one| one.id == queue)
                .map_or_else(String::new, |queue| format!("Members of {}", queue.name))
        }),
    }
}
