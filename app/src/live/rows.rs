use std::collections::BTreeMap;

use domain::{AgentId, SessionId, Timestamp};
use wire::agent::{Rest, Row};

use super::shelves::{Shelf, Shelves};

/// The rows of the inbox under the rule of `rev`: what is older than what is held is ignored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    held: BTreeMap<SessionId, Row>,
    /// Those that went, and at which `rev`, so that a late frame does not bring them back.
    gone: BTreeMap<SessionId, u32>,
    /// Those that went but still stand where they stood for a moment, with the name of who has them.
    leaving: BTreeMap<SessionId, Leaving>,
    /// Both, in the order in which they are shown.
    shelves: Shelves,
    /// How many have not come yet.
    rest: Rest,
}

/// A row that somebody else took.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaving {
    pub row: Row,
    pub taken_by: Option<String>,
    pub at: Timestamp,
}

impl Rows {
    /// Whose inbox it is.
    pub fn belong_to(&mut self, me: AgentId) {
        if self.shelves.belong_to(me) {
            self.put_up();
        }
    }

    /// The rows as they are now, and how many there are besides.
    pub fn replace(&mut self, rows: Vec<Row>, rest: Rest) {
        self.rest = rest;
        self.held = rows.into_iter().map(|row| (row.session, row)).collect();
        self.gone.clear();
        self.leaving.retain(|session, _| !self.held.contains_key(session));
        self.shelves.clear();
        self.put_up();
    }

    /// Whether it was news.
    pub fn put(&mut self, row: Row) -> bool {
        let old = self.held.get(&row.session).map(|held| held.rev).or_else(|| self.gone.get(&row.session).copied());
        if old.is_some_and(|old| row.rev < old) {
            return false;
        }
        self.gone.remove(&row.session);
        let before = self.leaving.remove(&row.session).map(|leaving| leaving.row);
        if let Some(before) = before.as_ref().or(self.held.get(&row.session)) {
            self.shelves.take(before);
        }
        self.shelves.put(&row);
        self.held.insert(row.session, row);
        true
    }

    /// It is no longer for this viewer; the row as it was.
    pub fn remove(&mut self, session: SessionId, rev: u32, taken_by: Option<String>, now: Timestamp) -> Option<Row> {
        if self.held.get(&session).is_some_and(|held| held.rev > rev) {
            return None;
        }
        self.gone.insert(session, rev);
        let row = self.held.remove(&session)?;
        self.leaving.insert(session, Leaving { row: row.clone(), taken_by, at: now });
        Some(row)
    }

    /// Lets those go that have stood long enough.
    pub fn sweep(&mut self, before: Timestamp) {
        let over: Vec<_> = self.leaving.iter().filter(|(_, one)| one.at <= before).map(|(id, _)| *id).collect();
        for row in over.into_iter().filter_map(|id| self.leaving.remove(&id)).map(|leaving| leaving.row) {
            self.shelves.take(&row);
        }
    }

    pub fn get(&self, session: SessionId) -> Option<&Row> {
        self.held.get(&session)
    }

    pub fn leaving(&self, session: SessionId) -> Option<&Leaving> {
        self.leaving.get(&session)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.held.values()
    }

    /// In order, with those that are about to go.
    pub fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    /// The row of a session that is shown, also when it is about to go.
    pub fn shown(&self, session: SessionId) -> Option<&Row> {
        self.held.get(&session).or_else(|| self.leaving.get(&session).map(|leaving| &leaving.row))
    }

    /// How many wait, and how many somebody has; with those that have not come yet.
    pub fn count(&self) -> (usize, usize) {
        let (mut waiting, mut taken) = self.shelves.count();
        for leaving in self.leaving.values() {
            match self.shelves.shelf(&leaving.row) {
                Some(Shelf::Waiting(..)) => waiting -= 1,
                Some(_) => taken -= 1,
                None => {}
            }
        }
        let more = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        (waiting + more(self.rest.waiting), taken + more(self.rest.taken))
    }

    pub fn any_leaving(&self) -> bool {
        !self.leaving.is_empty()
    }

    fn put_up(&mut self) {
        for row in self.held.values().chain(self.leaving.values().map(|leaving| &leaving.row)) {
            self.shelves.put(row);
        }
    }
}
