//! Queues, their hours and what they say by themselves, and how many chats a person may have (PRODUCT M1 to M4).
//!
//! Three pages speak of the same queues, each of its own part. To add a setting: its field in the form that it belongs
//! to, its rule and range in `domain::queue`.

mod api;
mod choices;
mod form;
mod hours;
mod openings;
mod people;
mod plan;
mod texts;
mod words;

use domain::QueueId;
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Error,
    queues::{Person, Queue, Queues},
};

use self::form::QueueForm;
pub use self::{hours::HoursPage, people::PeoplePage, texts::TextsPage};
use super::{fields::DeleteButton, loaded::Loaded, unsaved::Unsaved};
use crate::{
    browser,
    carried::carried,
    inbox::lines::error_line,
    live::Live,
    ui::{Glyph, Icon},
};

/// What is open on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edited {
    Nothing,
    New,
    One(QueueId),
}

/// What a page shows, for its rows and its form.
#[derive(Clone, Copy)]
struct Page {
    all: RwSignal<Vec<Queue>>,
    people: RwSignal<Vec<Person>>,
    edited: RwSignal<Edited>,
    unsaved: Unsaved,
}

impl Page {
    fn new() -> Self {
        let (all, people) = (RwSignal::default(), RwSignal::default());
        Self { all, people, edited: RwSignal::new(Edited::Nothing), unsaved: Unsaved::new() }
    }

    /// Opens a form, once what is typed in another one may be lost.
    fn open(self, edited: Edited, focus: &'static str) {
        if self.unsaved.may_leave() {
            self.edited.set(edited);
            browser::focus(focus);
        }
    }

    /// Back to the list, once what is typed may be lost.
    fn close(self) {
        if self.unsaved.may_leave() {
            self.edited.set(Edited::Nothing);
        }
    }

    /// It has been saved.
    fn put(self, live: Live, queue: Queue) {
        self.unsaved.clear();
        live.notify(format!("{} is saved and holds from now on.", queue.name));
        self.all.update(|all| {
            all.retain(|other| other.id != queue.id);
            all.push(queue);
            all.sort_by_cached_key(|queue| (queue.name.to_lowercase(), queue.id));
        });
        self.edited.set(Edited::Nothing);
    }

    fn queue(self, id: QueueId) -> Option<Queue> {
        self.all.with(|all| all.iter().find(|queue| queue.id == id).cloned())
    }

    fn ids(self) -> Vec<QueueId> {
        self.all.with(|all| all.iter().map(|queue| queue.id).collect())
    }
}

/// A page of settings of queues: its head, and what is below it once the queues are there.
#[component]
fn QueuesLoaded(title: &'static str, lead: &'static str, page: Page, body: Callback<Page, AnyView>) -> impl IntoView {
    let body = move |listed: Queues| {
        page.all.set(listed.queues);
        page.people.set(listed.people);
        body.run(page)
    };
    let listed = carried(|| (), |()| api::all_queues());
    view! { <Loaded title=title lead=lead listed=listed body=Callback::new(body) /> }
}

/// How chats find their agent.
#[component]
pub fn QueuesPage() -> impl IntoView {
    view! {
        <QueuesLoaded
            title="Queues"
            lead="Chats wait in a queue until one of its members has them. What you save holds at once, for chats that wait \
                  already too."
            page=Page::new()
            body=Callback::new(|page| view! { <List page=page /> }.into_any())
        />
    }
}

#[component]
fn List(page: Page) -> impl IntoView {
    let creating = Memo::new(move |_| page.edited.get() == Edited::New);
    view! {
        <div class="dk-settings__acts">
            <button
                type="button"
                class="dk-button dk-button--accent"
                disabled=creating
                on:click=move |_| page.open(Edited::New, "queue-name")
            >
                <Icon glyph=Glyph::Plus small=true /> "New queue"
            </button>
        </div>
        <Show when=move || creating.get()>
            <QueueForm page=page queue=None />
        </Show>
        <ul class="dk-entries">
            <For each=move || page.ids() key=|id| *id let:id>
                <Entry page=page id=id />
            </For>
        </ul>
    }
}

#[component]
fn Entry(page: Page, id: QueueId) -> impl IntoView {
    let live = expect_context::<Live>();
    let editing = Memo::new(move |_| page.edited.get() == Edited::One(id));
    let delete = move || {
        spawn_local(async move {
            match api::delete_queue(id).await {
                Ok(()) | Err(Error::NotFound) => {
                    let name = page.queue(id).map(|queue| queue.name).unwrap_or_default();
                    live.notify(format!("{name} is deleted."));
                    page.all.update(|all| all.retain(|queue| queue.id != id));
                }
                Err(error) => live.notify(error_line(&error)),
            }
        });
    };
    let row = move |queue: Queue| {
        let name = queue.name.clone();
        view! {
            <div class="dk-entry">
                <div class="dk-entry__words">
                    <h3 dir="auto">{name.clone()}</h3>
                    <p>{words::summary(&queue)}</p>
                    <p>{words::used_by(&queue)}</p>
                    {queue.members.is_empty().then(|| view! { <p class="dk-warning">{words::NOBODY}</p> })}
                </div>
                <div class="dk-entry__acts">
                    <button
                        type="button"
                        class="dk-button"
                        aria-label=format!("Edit {name}")
                        on:click=move |_| page.open(Edited::One(id), "queue-name")
                    >
                        "Edit"
                    </button>
                    <DeleteButton name=name delete=delete />
                </div>
            </div>
        }
    };
    view! {
        <li>
            <Show when=move || editing.get() fallback=move || page.queue(id).map(row)>
                <QueueForm page=page queue=untrack(move || page.queue(id)) />
            </Show>
        </li>
    }
}

/// A page with each queue and a line about it, and a form in its place while it is edited.
#[component]
fn PartsPage(
    title: &'static str,
    lead: &'static str,
    line: fn(&Queue) -> String,
    focus: &'static str,
    form: fn(Page, Queue) -> AnyView,
) -> impl IntoView {
    let page = Page::new();
    let row = move |id: QueueId| {
        let editing = Memo::new(move |_| page.edited.get() == Edited::One(id));
        let shown = move |queue: Queue| {
            view! {
                <div class="dk-entry">
                    <div class="dk-entry__words">
                        <h3 dir="auto">{queue.name.clone()}</h3>
                        <p>{line(&queue)}</p>
                    </div>
                    <div class="dk-entry__acts">
                        <button
                            type="button"
                            class="dk-button"
                            aria-label=format!("Edit {}", queue.name)
                            on:click=move |_| page.open(Edited::One(id), focus)
                        >
                            "Edit"
                        </button>
                    </div>
                </div>
            }
        };
        view! {
            <li>
                <Show when=move || editing.get() fallback=move || page.queue(id).map(shown)>
                    {untrack(move || page.queue(id)).map(|queue| form(page, queue))}
                </Show>
            </li>
        }
    };
    let list = move |page: Page| {
        view! {
            <ul class="dk-entries">
                <For each=move || page.ids() key=|id| *id children=row />
            </ul>
        }
        .into_any()
    };
    view! { <QueuesLoaded title=title lead=lead page=page body=Callback::new(list) /> }
}
