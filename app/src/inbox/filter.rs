//! Which chats of a section are listed, by where they stand or how they ended (PRODUCT A2).

use domain::{Outcome, Status};
use leptos::prelude::*;
use wire::agent::Row;

use super::Section;
use crate::ui::{Glyph, Icon, outcome_word, status_word};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Waits, and rings somebody or nobody.
    Waiting {
        rings: bool,
    },
    Status(Status),
    Ended(Outcome),
}

impl Filter {
    /// What a section can be narrowed to.
    pub const fn all(section: Section) -> &'static [Self] {
        match section {
            Section::Incoming => &[Self::Waiting { rings: true }, Self::Waiting { rings: false }],
            Section::Active => {
                &[Self::Status(Status::AssignedToAgent), Self::Status(Status::ActiveChat), Self::Status(Status::WrapUp)]
            }
            // Nobody has had a missed chat.
            Section::Recent => &[
                Self::Ended(Outcome::Handled),
                Self::Ended(Outcome::Left),
                Self::Ended(Outcome::Abandoned),
                Self::Ended(Outcome::Blocked),
            ],
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting { rings: true } => "Ringing",
            Self::Waiting { rings: false } => "Not ringing",
            Self::Status(Status::AssignedToAgent) => "Not answered",
            Self::Status(status) => status_word(status),
            Self::Ended(outcome) => outcome_word(outcome),
        }
    }

    pub fn shows(self, row: &Row) -> bool {
        match self {
            Self::Waiting { rings } => row.status == Status::WaitingForAgent && row.ring.is_some() == rings,
            Self::Status(status) => row.status == status,
            Self::Ended(outcome) => row.outcome == Some(outcome),
        }
    }

    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Ended(outcome) => Some(outcome),
            _ => None,
        }
    }
}

/// What the list of chats is narrowed to.
#[derive(Clone, Copy)]
pub struct Narrowed(RwSignal<Option<Filter>>);

impl Narrowed {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// In this section; tracked. What was chosen in another one does not count here.
    pub fn of(self, section: Section) -> Option<Filter> {
        self.0.get().filter(|chosen| Filter::all(section).contains(chosen))
    }
}

/// Chooses it, beside the sections.
#[component]
pub fn FilterChoice(section: Memo<Section>) -> impl IntoView {
    let narrowed = expect_context::<Narrowed>();
    let choose = move |value: String| {
        let chosen = value.parse::<usize>().ok().and_then(|n| Filter::all(section.get_untracked()).get(n).copied());
        narrowed.0.set(chosen);
    };
    let is = move |n: usize| {
        narrowed.of(section.get()).is_some_and(|chosen| Filter::all(section.get()).get(n) == Some(&chosen))
    };
    view! {
        <span class="dk-filter" class:dk-filter--on=move || narrowed.of(section.get()).is_some()>
            <Icon glyph=Glyph::Filter small=true />
            <select
                id="status-filter"
                aria-label="Status"
                title="Filter by status"
                autocomplete="off"
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="" prop:selected=move || narrowed.of(section.get()).is_none()>"All"</option>
                {move || Filter::all(section.get())
                    .iter()
                    .enumerate()
                    .map(|(n, one)| view! { <option value=n prop:selected=move || is(n)>{one.word()}</option> })
                    .collect_view()}
            </select>
        </span>
    }
}

/// Says above the list that not all of it is shown.
#[component]
pub fn OnlyThese(section: Memo<Section>) -> impl IntoView {
    let narrowed = expect_context::<Narrowed>();
    move || {
        narrowed.of(section.get()).map(|filter| {
            view! {
                <p class="dk-only">
                    <span>"Only: " <b>{filter.word()}</b></span>
                    <button type="button" class="dk-only__all" on:click=move |_| narrowed.0.set(None)>"Show all"</button>
                </p>
            }
        })
    }
}

/// Nothing is listed because of it.
#[component]
pub fn NothingSo(filter: Filter) -> impl IntoView {
    view! {
        <div class="dk-empty">
            <h2>{format!("No chat is “{}”", filter.word())}</h2>
            <p>"The list shows only chats with this status."</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sample;

    #[test]
    fn every_live_chat_is_found_under_one_status_of_its_section() {
        let mut wrapping = sample::mine(3, 1, 0);
        wrapping.status = Status::WrapUp;
        let mut assigned = sample::mine(4, 1, 0);
        assigned.status = Status::AssignedToAgent;
        let active = [sample::mine(2, 1, 0), wrapping, assigned].map(|row| (Section::Active, row));
        for (section, row) in active.into_iter().chain([(Section::Incoming, sample::waiting(1, 1))]) {
            let found = Filter::all(section).iter().filter(|filter| filter.shows(&row)).count();
            assert_eq!(found, 1, "{:?}", row.status);
        }
    }
}
