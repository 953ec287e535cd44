use domain::{MacroId, MacroOwner, clip};
use leptos::{prelude::*, task::spawn_local};
use wire::{Error, composer::Macro};

use super::{api, fields::DeleteButton, macro_form::MacroForm, unsaved::Unsaved};
use crate::{
    browser,
    carried::carried,
    inbox::lines::error_line,
    live::Live,
    ui::{Glyph, Icon},
};

/// Characters of a macro's words in the list.
const WORDS: usize = 160;

/// What is open on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    Nothing,
    New,
    One(MacroId),
}

/// The list, for its rows and its form.
#[derive(Clone, Copy)]
pub struct Page {
    pub shared: bool,
    pub macros: RwSignal<Vec<Macro>>,
    pub edited: RwSignal<Edited>,
    pub unsaved: Unsaved,
}

impl Page {
    /// Opens a form, once what is typed in another one may be lost.
    fn open(self, edited: Edited) {
        if self.unsaved.may_leave() {
            self.edited.set(edited);
            browser::focus("macro-title");
        }
    }

    /// Back to the list.
    pub fn close(self) {
        self.unsaved.clear();
        self.edited.set(Edited::Nothing);
        browser::focus("new-macro");
    }

    /// It has been saved.
    pub fn put(self, one: Macro) {
        self.macros.update(|macros| {
            macros.retain(|other| other.id != one.id);
            macros.push(one);
            macros.sort_by_cached_key(|one| (one.title.to_lowercase(), one.id));
        });
        self.close();
    }
}

/// One's own macros, or those of the queues one supervises and of everyone.
#[component]
pub fn MacrosPage(shared: bool) -> impl IntoView {
    let page =
        Page { shared, macros: RwSignal::default(), edited: RwSignal::new(Edited::Nothing), unsaved: Unsaved::new() };
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
        <h2 class="dk-settings__title">{title}</h2>
        <p class="dk-settings__lead">{lead}</p>
        <Suspense fallback=|| view! { <p role="status">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match listed.await {
                    Ok(macros) => {
                        page.macros.set(macros);
                        view! { <List page=page /> }.into_any()
                    }
                    Err(error) => view! { <NotLoaded status=error.status() line=error_line(&error) /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
pub fn NotLoaded(status: u16, line: String) -> impl IntoView {
    crate::access::page_status(status);
    view! {
        <p role="alert">{line}</p>
        <a class="dk-button" href="" rel="external">"Try again"</a>
    }
}

#[component]
fn List(page: Page) -> impl IntoView {
    let creating = Memo::new(move |_| page.edited.get() == Edited::New);
    let none = Memo::new(move |_| page.macros.with(Vec::is_empty));
    let begin = move |_| page.open(Edited::New);
    view! {
        <div class="dk-settings__acts">
            <button type="button" id="new-macro" class="dk-button dk-button--accent" disabled=creating on:click=begin>
                <Icon glyph=Glyph::Plus small=true /> "New macro"
            </button>
        </div>
        <Show when=move || creating.get()>
            <MacroForm page=page one=None />
        </Show>
        <Show when=move || none.get() && !creating.get()>
            <div class="dk-empty">
                <h3>"No macros yet"</h3>
                <p>"Write down an answer that is needed again and again, and give it a short title to find it by."</p>
            </div>
        </Show>
        <ul class="dk-entries">
            <For each=move || page.macros.get() key=|one| one.clone() let:one>
                <Entry page=page one=one />
            </For>
        </ul>
    }
}

#[component]
fn Entry(page: Page, one: Macro) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = one.id;
    let editing = Memo::new(move |_| page.edited.with(|edited| *edited == Edited::One(id)));
    let kept = StoredValue::new(one.clone());
    let delete = move || {
        spawn_local(async move {
            match api::delete_macro(id).await {
                Ok(()) | Err(Error::NotFound) => page.macros.update(|macros| macros.retain(|one| one.id != id)),
                Err(error) => live.refused(&error),
            }
            page.close();
        });
    };
    let edit = move |_| page.open(Edited::One(id));
    let (title, words, owner) = (one.title.clone(), clip(&one.text, WORDS), one.owner);
    let may = Memo::new(move |_| may_change(live, owner));
    let shown = move || {
        let (title, words) = (title.clone(), words.clone());
        view! {
            <div class="dk-entry">
                <div class="dk-entry__words">
                    <h3 dir="auto">{title.clone()}</h3>
                    {page.shared.then(|| view! { <small>{owner_word(live, owner)}</small> })}
                    <p dir="auto">{words}</p>
                </div>
                <Show when=move || may.get()>
                    <div class="dk-entry__acts">
                        <button type="button" class="dk-button" aria-label=format!("Edit {title}") on:click=edit>"Edit"</button>
                        <DeleteButton name=title.clone() delete=delete />
                    </div>
                </Show>
            </div>
        }
    };
    view! {
        <li>
            <Show when=move || editing.get() fallback=shown>
                <MacroForm page=page one=Some(kept.get_value()) />
            </Show>
        </li>
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
