//! The sections of the inbox, and the order of the rows in them.

use std::collections::HashSet;

use domain::{SessionId, Status, Timestamp};
use wire::agent::Row;

use super::filter::Filter;
use crate::live::Rows;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    #[default]
    Incoming,
    Active,
    Recent,
}

impl Section {
    pub const ALL: [Self; 3] = [Self::Incoming, Self::Active, Self::Recent];

    pub const fn slug(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Active => "active",
            Self::Recent => "recent",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Incoming => "Incoming",
            Self::Active => "Active",
            Self::Recent => "Recent",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.slug() == slug)
    }

    pub fn href(self) -> String {
        match self {
            Self::Incoming => "/inbox".to_owned(),
            section => format!("/inbox/{}", section.slug()),
        }
    }

    pub fn chat_href(self, session: SessionId) -> String {
        format!("/inbox/{}/{session}", self.slug())
    }

    /// Where a chat is found by whoever may see it.
    pub fn of(row: &Row) -> Self {
        match row.status {
            Status::WaitingForAgent => Self::Incoming,
            status if status.open() => Self::Active,
            _ => Self::Recent,
        }
    }

    /// How many rows of the live inbox stand here.
    pub fn count(self, rows: &Rows) -> usize {
        let (waiting, taken) = rows.count();
        match self {
            Self::Incoming => waiting,
            Self::Active => taken,
            Self::Recent => 0,
        }
    }
}

/// What the address after `/inbox/` means: `{section}` or `{section}/{session}`.
pub fn place(address: &str) -> (Section, Option<SessionId>) {
    let mut parts = address.trim_matches('/').split('/');
    let section = parts.next().and_then(Section::from_slug).unwrap_or_default();
    (section, parts.next().and_then(|session| session.parse().ok()))
}

/// Rows under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub heading: String,
    /// Since when the first of them waits.
    pub longest: Option<Timestamp>,
    pub sessions: Vec<SessionId>,
}

/// Incoming: one group for each queue, the longest wait first, so that new ones come below and nothing moves. Active:
/// one's own and those one writes along in first, then the colleagues' (for who may see them), the latest words first.
pub fn groups(section: Section, rows: &Rows, filter: Option<Filter>) -> Vec<Group> {
    let shelves = rows.shelves();
    let kept =
        |session: &SessionId| filter.is_none_or(|filter| rows.shown(*session).is_some_and(|row| filter.shows(row)));
    if section == Section::Incoming {
        let group = |(name, sessions): (&str, _)| {
            let sessions: Vec<SessionId> = Iterator::filter(sessions, kept).collect();
            let longest = sessions.first().and_then(|first| rows.shown(*first)).map(|row| row.waiting_since);
            Group { heading: name.to_owned(), longest, sessions }
        };
        return shelves.queues().map(group).filter(|group| !group.sessions.is_empty()).collect();
    }
    let group =
        |heading: &str, sessions: Vec<SessionId>| Group { heading: heading.to_owned(), longest: None, sessions };
    [
        group("My chats", shelves.mine().filter(kept).collect()),
        group("Colleagues’ chats", shelves.others().filter(kept).collect()),
    ]
    .into_iter()
    .filter(|group| !group.sessions.is_empty())
    .collect()
}

/// The chats of a section one below the other, as [`groups`] shows them, without those that are about to go.
pub fn flat(section: Section, rows: &Rows, filter: Option<Filter>) -> Vec<SessionId> {
    let here = |session: &SessionId| rows.get(*session).is_some();
    groups(section, rows, filter).into_iter().flat_map(|group| group.sessions).filter(here).collect()
}

/// The same groups while the pointer is on the list: rows stay where they were held, new ones come below.
pub fn hold(held: &[Group], fresh: Vec<Group>) -> Vec<Group> {
    let mut fresh = fresh;
    for group in &mut fresh {
        let Some(before) = held.iter().find(|held| held.heading == group.heading) else { continue };
        if before.sessions == group.sessions {
            continue;
        }
        let here: HashSet<_> = group.sessions.iter().copied().collect();
        let were: HashSet<_> = before.sessions.iter().copied().collect();
        let stay = before.sessions.iter().copied().filter(|session| here.contains(session));
        let came = group.sessions.iter().copied().filter(|session| !were.contains(session));
        group.sessions = stay.chain(came).collect();
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sample;

    fn of_me(rows: impl IntoIterator<Item = Row>) -> Rows {
        let mut held = Rows::default();
        held.belong_to(sample::agent(sample::ME));
        for row in rows {
            held.put(row);
        }
        held
    }

    #[test]
    fn incoming_is_grouped_by_queue_with_the_longest_wait_first() {
        let rows = [sample::waiting(3, 1), sample::waiting(1, 1), sample::waiting(2, 2), sample::mine(4, 1, 0)];
        let groups = groups(Section::Incoming, &of_me(rows.clone()), None);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].sessions, [sample::session(1), sample::session(3)]);
        assert_eq!(groups[0].longest, Some(rows[1].waiting_since));
        assert_eq!(groups[1].sessions, [sample::session(2)]);
    }

    #[test]
    fn active_shows_ones_own_first_and_no_waiting_or_ended_ones() {
        let mut other = sample::mine(9, 1, 0);
        other.owner = Some(sample::agent(7));
        let mut ended = sample::mine(5, 1, 0);
        ended.status = Status::Resolved;
        let rows = [other, sample::mine(3, 1, 0), sample::mine(4, 1, 0), sample::waiting(1, 1), ended];
        let rows = of_me(rows);
        let groups = groups(Section::Active, &rows, None);
        assert_eq!(groups[0].sessions, [sample::session(4), sample::session(3)], "the latest words first");
        assert_eq!(groups[1].heading, "Colleagues’ chats");
        assert_eq!(groups[1].sessions, [sample::session(9)]);
        assert_eq!(Section::ALL.map(|section| section.count(&rows)), [1, 3, 0]);
    }

    #[test]
    fn rows_stay_under_the_pointer() {
        let group = |sessions: &[u128]| {
            vec![Group {
                heading: "My chats".into(),
                longest: None,
                sessions: sessions.iter().map(|n| sample::session(*n)).collect(),
            }]
        };
        assert_eq!(hold(&group(&[1, 2, 3]), group(&[3, 4, 1])), group(&[1, 3, 4]));
    }

    #[test]
    fn a_chat_is_found_where_it_stands() {
        let mut row = sample::waiting(3, 1);
        assert_eq!(Section::of(&row), Section::Incoming);
        row.status = Status::ActiveChat;
        assert_eq!(Section::of(&row), Section::Active);
        row.status = Status::Resolved;
        assert_eq!(Section::of(&row), Section::Recent);
    }

    #[test]
    fn sections_have_addresses() {
        for section in Section::ALL {
            assert_eq!(Section::from_slug(section.slug()), Some(section));
        }
        assert_eq!(Section::Incoming.href(), "/inbox");
        assert_eq!(place(""), (Section::Incoming, None));
        assert_eq!(place("recent/"), (Section::Recent, None));
        let chat = Section::Active.chat_href(sample::session(3));
        assert_eq!(place(chat.trim_start_matches("/inbox/")), (Section::Active, Some(sample::session(3))));
        assert_eq!(Section::from_slug("nonsense"), None);
    }
}
