//! Sites: where the widget stands, how it looks, and what it asks before a chat (PRODUCT V3, M6).
//!
//! To add a setting: its field in `domain::SiteSettings` with its rule, and in [`form`].

mod api;
mod away;
mod fields;
mod form;
mod invites;
mod list;
mod look;
mod secrets;

use domain::{QueueId, SiteId};
use leptos::prelude::*;
use wire::sites::{Site, Sites};

use self::form::SiteForm;
use super::{loaded::Loaded, unsaved::Unsaved};
use crate::{browser, carried::carried, live::Live};

/// What the page shows, and what of it is open.
#[derive(Clone, Copy)]
struct Page {
    all: RwSignal<Vec<Site>>,
    queues: RwSignal<Vec<(QueueId, String)>>,
    /// Whether a mail server is set up.
    letters: RwSignal<bool>,
    edited: RwSignal<Option<SiteId>>,
    unsaved: Unsaved,
}

impl Page {
    fn open(self, id: SiteId) {
        if self.unsaved.may_leave() {
            self.edited.set(Some(id));
            browser::focus("site-name");
        }
    }

    fn close(self) {
        if self.unsaved.may_leave() {
            self.edited.set(None);
        }
    }

    /// It has been saved.
    fn put(self, live: Live, site: Site) {
        self.unsaved.clear();
        live.notify(format!("{} is saved and holds for the next page that loads the chat.", site.draft.name));
        self.all.update(|all| {
            all.retain(|other| other.id != site.id);
            all.push(site);
            all.sort_by_cached_key(|site| (site.draft.name.to_lowercase(), site.id));
        });
        self.edited.set(None);
    }
}

#[component]
pub fn SitesPage() -> impl IntoView {
    let page = Page {
        all: RwSignal::default(),
        queues: RwSignal::default(),
        letters: RwSignal::new(false),
        edited: RwSignal::new(None),
        unsaved: Unsaved::new(),
    };
    let body = move |listed: Sites| {
        page.all.set(listed.sites);
        page.queues.set(listed.queues);
        page.letters.set(listed.letters);
        view! { <List page=page /> }.into_any()
    };
    view! {
        <Loaded
            title="Sites"
            lead="The websites that carry the chat: how it looks there, and what it asks before it begins."
            listed=carried(|| (), |()| api::all_sites())
            body=Callback::new(body)
        />
    }
}

#[component]
fn List(page: Page) -> impl IntoView {
    let row = move |site: Site| {
        let id = site.id;
        let editing = Memo::new(move |_| page.edited.get() == Some(id));
        let site = StoredValue::new(site);
        let shown = move || {
            let Site { draft, .. } = site.get_value();
            view! {
                <div class="dk-entry">
                    <div class="dk-entry__words">
                        <h3 dir="auto">{draft.name.clone()}</h3>
                        <p>{asks(draft.settings.form.fields.len())}</p>
                        <p>{stands_on(&draft.origins)}</p>
                    </div>
                    <div class="dk-entry__acts">
                        <button
                            type="button"
                            class="dk-button"
                            aria-label=format!("Edit {}", draft.name)
                            on:click=move |_| page.open(id)
                        >
                            "Edit"
                        </button>
                    </div>
                </div>
            }
        };
        view! {
            <li>
                <Show when=move || editing.get() fallback=shown>
                    <SiteForm page=page site=site.get_value() />
                </Show>
            </li>
        }
    };
    view! {
        <ul class="dk-entries">
            <For each=move || page.all.get() key=Clone::clone children=row />
        </ul>
    }
}

fn asks(fields: usize) -> String {
    if fields == 1 { "Asks only for the question.".to_owned() } else { format!("Asks {fields} things before a chat.") }
}

fn stands_on(origins: &[String]) -> String {
    match origins {
        [] => "No page may embed it yet.".to_owned(),
        [one] => format!("On {one}"),
        [one, rest @ ..] => format!("On {one} and {} more", rest.len()),
    }
}
