//! What can be set: on the left the sections that the person may open, on the right the open one.
//!
//! To add a section: a row in [`SECTIONS`], a component in a file of its own, and its line in [`section`]. The
//! sections are a [`Part`] that the browser loads when somebody comes here.

mod api;
mod clean_up;
mod entries;
mod fields;
mod guard;
mod guard_form;
mod loaded;
mod macro_form;
mod macros;
mod parts;
mod profile;
mod queues;
mod sites;
mod unsaved;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use wire::agent::Me;

use self::{
    clean_up::CleanUpPage,
    guard::GuardPage,
    macros::MacrosPage,
    profile::ProfilePage,
    queues::{HoursPage, PeoplePage, QueuesPage, TextsPage},
    sites::SitesPage,
};
use crate::{
    alerts::AlertsPage,
    keys::ShortcutsPage,
    later::{Later, Part},
    live::Live,
    ui::{Glyph, Icon},
};

/// One entry of the list.
#[derive(Clone, Copy)]
pub struct Section {
    /// The last part of its address.
    slug: &'static str,
    word: &'static str,
    group: Group,
    /// Who may open it. The server decides again.
    may: fn(&Me) -> bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What concerns only oneself.
    Own,
    /// What concerns everybody.
    Shared,
}

/// In the order of the list.
pub const SECTIONS: &[Section] = &[
    Section { slug: "profile", word: "Profile", group: Group::Own, may: |_| true },
    Section { slug: "alerts", word: "Alerts", group: Group::Own, may: |_| true },
    Section { slug: "keyboard", word: "Keyboard", group: Group::Own, may: |_| true },
    Section { slug: "my-macros", word: "My macros", group: Group::Own, may: |me| me.roles.agent },
    Section { slug: "sites", word: "Sites", group: Group::Shared, may: |me| me.roles.admin },
    Section { slug: "queues", word: "Queues", group: Group::Shared, may: |me| me.roles.admin },
    Section { slug: "hours", word: "Working hours", group: Group::Shared, may: |me| me.roles.admin },
    Section { slug: "responses", word: "Automated responses", group: Group::Shared, may: |me| me.roles.admin },
    Section { slug: "limits", word: "Chat limits", group: Group::Shared, may: |me| me.roles.admin },
    Section { slug: "macros", word: "Macros", group: Group::Shared, may: |me| me.roles.supervisor || me.roles.admin },
    Section { slug: "guard", word: "Guarded words", group: Group::Shared, may: |me| me.roles.admin },
    Section { slug: "clean-up", word: "Clean up input", group: Group::Shared, may: |me| me.roles.admin },
];

impl Group {
    const ALL: [Self; 2] = [Self::Own, Self::Shared];

    const fn word(self) -> &'static str {
        match self {
            Self::Own => "Yours",
            Self::Shared => "Workplace",
        }
    }
}

/// The section of this address for this person; the first one for the bare address.
fn find(slug: &str, me: &Me) -> Option<Section> {
    let mut open = SECTIONS.iter().filter(|section| (section.may)(me));
    if slug.is_empty() { open.next().copied() } else { open.find(|section| section.slug == slug).copied() }
}

/// The sections that this person may open: words and addresses.
pub fn pages(me: &Me) -> impl Iterator<Item = (&'static str, String)> {
    SECTIONS.iter().filter(|section| (section.may)(me)).map(|one| (one.word, format!("/settings/{}", one.slug)))
}

/// `/settings` and `/settings/{section}`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let live = expect_context::<Live>();
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get_str("section").unwrap_or_default().to_owned()));
    // By its address: a section is opened anew only when one goes to another, not when anything about oneself changes.
    let open = Memo::new(move |_| live.me.with(|me| slug.with(|slug| find(slug, me))).map(|section| section.slug));
    view! {
        <div class="dk-settings" class:dk-settings--open=move || slug.with(|slug| !slug.is_empty())>
            <Sections open=open />
            <main class="dk-settings__page" id="main">
                <a class="dk-link dk-settings__back" href="/settings">
                    <Icon glyph=Glyph::Back small=true /> "All settings"
                </a>
                <Later part=move || Part::Settings(open.get()) />
            </main>
        </div>
    }
}

#[component]
fn Sections(open: Memo<Option<&'static str>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let of = move |group: Group| {
        let held = |section: &&Section| section.group == group && live.me.with(|me| (section.may)(me));
        SECTIONS.iter().filter(held).collect::<Vec<_>>()
    };
    let link = move |section: &'static Section| {
        view! {
            <li>
                <a
                    class="dk-settings__link"
                    href=format!("/settings/{}", section.slug)
                    aria-current=move || (open.get() == Some(section.slug)).then_some("page")
                >
                    {section.word}
                </a>
            </li>
        }
    };
    let group = move |group: Group| {
        let id = format!("settings-{}", group.word().to_lowercase());
        view! {
            <Show when=move || !of(group).is_empty()>
                <h2 class="dk-settings__group" id=id.clone()>{group.word()}</h2>
                <ul aria-labelledby=id.clone()>{move || of(group).into_iter().map(link).collect_view()}</ul>
            </Show>
        }
    };
    view! {
        <nav class="dk-settings__sections" aria-label="Settings">
            <h1>"Settings"</h1>
            {Group::ALL.map(group).into_iter().collect_view()}
        </nav>
    }
}

/// Of [`Part::Settings`]: the open section, or that there is none.
pub fn section(slug: Option<&'static str>) -> AnyView {
    match slug {
        Some("profile") => view! { <ProfilePage /> }.into_any(),
        Some("alerts") => view! { <AlertsPage /> }.into_any(),
        Some("keyboard") => view! { <ShortcutsPage /> }.into_any(),
        Some("my-macros") => view! { <MacrosPage shared=false /> }.into_any(),
        Some("sites") => view! { <SitesPage /> }.into_any(),
        Some("queues") => view! { <QueuesPage /> }.into_any(),
        Some("hours") => view! { <HoursPage /> }.into_any(),
        Some("responses") => view! { <TextsPage /> }.into_any(),
        Some("limits") => view! { <PeoplePage /> }.into_any(),
        Some("macros") => view! { <MacrosPage shared=true /> }.into_any(),
        Some("guard") => view! { <GuardPage /> }.into_any(),
        Some("clean-up") => view! { <CleanUpPage /> }.into_any(),
        _ => view! { <NotHere /> }.into_any(),
    }
}

#[component]
fn NotHere() -> impl IntoView {
    crate::access::page_status(404);
    view! {
        <h2>"This is not here for you"</h2>
        <p>"There is no such section, or it is for another role. Choose one from the list."</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sample;

    #[test]
    fn addresses_are_told_apart_and_open_only_to_their_role() {
        let mut slugs: Vec<_> = SECTIONS.iter().map(|section| section.slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), SECTIONS.len());
        let agent = sample::me((true, false, false));
        assert_eq!(find("", &agent).map(|section| section.slug), Some("profile"));
        assert!(find("nonsense", &agent).is_none());
        for section in SECTIONS {
            assert_eq!(find(section.slug, &agent).is_some(), (section.may)(&agent), "{}", section.slug);
        }
    }
}
