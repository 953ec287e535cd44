//! A list of entries that are made, changed in their own place and deleted: the same for macros and for guarded words.

use std::{future::Future, hash::Hash};

use leptos::{prelude::*, task::spawn_local};
use serde::{Serialize, de::DeserializeOwned};
use wire::Error;

use super::{fields::DeleteButton, loaded::Loaded, unsaved::Unsaved};
use crate::{
    browser,
    carried::Carried,
    live::Live,
    ui::{Glyph, Icon},
};

/// What can stand in such a list.
pub trait Entry: Clone + Eq + Hash + Serialize + DeserializeOwned + Send + Sync + 'static {
    type Id: Copy + Ord + Send + Sync + 'static;

    /// The button that begins another one.
    const NEW: &'static str;
    /// Where the cursor goes in the form, by its id.
    const FIRST_FIELD: &'static str;
    /// Heading and text while there is none.
    const NONE: (&'static str, &'static str);

    fn id(&self) -> Self::Id;

    /// By which the list is in order.
    fn name(&self) -> &str;

    /// Deletes it on the server.
    fn delete(id: Self::Id) -> impl Future<Output = Result<(), Error>> + 'static;
}

/// The list as it stands, and what of it is open.
pub struct Entries<E: Entry> {
    all: RwSignal<Vec<E>>,
    edited: RwSignal<Edited<E::Id>>,
    pub unsaved: Unsaved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edited<Id> {
    Nothing,
    New,
    One(Id),
}

#[expect(clippy::expl_impl_clone_on_copy, reason = "derived, both would ask the same of the entries")]
impl<E: Entry> Clone for Entries<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Entry> Copy for Entries<E> {}

impl<E: Entry> Entries<E> {
    pub fn new() -> Self {
        Self { all: RwSignal::default(), edited: RwSignal::new(Edited::Nothing), unsaved: Unsaved::new() }
    }

    /// Opens a form, once what is typed in another one may be lost.
    fn open(self, edited: Edited<E::Id>) {
        if self.unsaved.may_leave() {
            self.edited.set(edited);
            browser::focus(E::FIRST_FIELD);
        }
    }

    /// Back to the list, once what is typed may be lost.
    pub fn cancel(self) {
        if self.unsaved.may_leave() {
            self.close();
        }
    }

    fn close(self) {
        self.unsaved.clear();
        self.edited.set(Edited::Nothing);
        browser::focus("new-entry");
    }

    /// It has been saved.
    pub fn put(self, one: E) {
        self.all.update(|all| {
            all.retain(|other| other.id() != one.id());
            all.push(one);
            all.sort_by_cached_key(|one| (one.name().to_lowercase(), one.id()));
        });
        self.close();
    }

    fn delete(self, live: Live, id: E::Id) {
        spawn_local(async move {
            match E::delete(id).await {
                Ok(()) | Err(Error::NotFound) => self.all.update(|all| all.retain(|one| one.id() != id)),
                Err(error) => live.refused(&error),
            }
            self.close();
        });
    }
}

/// The page of such a list, once `listed` is there. `words` says what stands below an entry's name, `form` makes one or
/// changes it; only what one `may_change` can be.
#[component]
pub fn EntriesPage<E: Entry>(
    title: &'static str,
    lead: &'static str,
    entries: Entries<E>,
    listed: Carried<Result<Vec<E>, Error>>,
    words: Callback<E, AnyView>,
    form: Callback<Option<E>, AnyView>,
    may_change: Callback<E, bool>,
) -> impl IntoView {
    let body = move |all: Vec<E>| {
        entries.all.set(all);
        view! { <List entries=entries words=words form=form may_change=may_change /> }.into_any()
    };
    view! { <Loaded title=title lead=lead listed=listed body=Callback::new(body) /> }
}

#[component]
fn List<E: Entry>(
    entries: Entries<E>,
    words: Callback<E, AnyView>,
    form: Callback<Option<E>, AnyView>,
    may_change: Callback<E, bool>,
) -> impl IntoView {
    let creating = Memo::new(move |_| entries.edited.get() == Edited::New);
    let none = Memo::new(move |_| entries.all.with(Vec::is_empty));
    view! {
        <div class="dk-settings__acts">
            <button
                type="button"
                id="new-entry"
                class="dk-button dk-button--accent"
                disabled=creating
                on:click=move |_| entries.open(Edited::New)
            >
                <Icon glyph=Glyph::Plus small=true /> {E::NEW}
            </button>
        </div>
        <Show when=move || creating.get()>{form.run(None)}</Show>
        <Show when=move || none.get() && !creating.get()>
            <div class="dk-empty">
                <h3>{E::NONE.0}</h3>
                <p>{E::NONE.1}</p>
            </div>
        </Show>
        <ul class="dk-entries">
            <For each=move || entries.all.get() key=Clone::clone let:one>
                <Row entries=entries one=one words=words form=form may_change=may_change />
            </For>
        </ul>
    }
}

#[component]
fn Row<E: Entry>(
    entries: Entries<E>,
    one: E,
    words: Callback<E, AnyView>,
    form: Callback<Option<E>, AnyView>,
    may_change: Callback<E, bool>,
) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = one.id();
    let editing = Memo::new(move |_| entries.edited.with(|edited| *edited == Edited::One(id)));
    let kept = StoredValue::new(one);
    let may = Memo::new(move |_| may_change.run(kept.get_value()));
    let shown = move || {
        let one = kept.get_value();
        let name = StoredValue::new(one.name().to_owned());
        view! {
            <div class="dk-entry">
                <div class="dk-entry__words">
                    <h3 dir="auto">{name.get_value()}</h3>
                    {words.run(one)}
                </div>
                <Show when=move || may.get()>
                    <div class="dk-entry__acts">
                        <button
                            type="button"
                            class="dk-button"
                            aria-label=format!("Edit {}", name.get_value())
                            on:click=move |_| entries.open(Edited::One(id))
                        >
                            "Edit"
                        </button>
                        <DeleteButton name=name.get_value() delete=move || entries.delete(live, id) />
                    </div>
                </Show>
            </div>
        }
    };
    view! {
        <li>
            <Show when=move || editing.get() fallback=shown>{form.run(Some(kept.get_value()))}</Show>
        </li>
    }
}
