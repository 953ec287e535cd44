use std::collections::BTreeMap;

use domain::{SessionId, Timestamp};
use wire::agent::Row;

/// The rows of the inbox under the rule of `rev`: what is older than what is held is ignored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    held: BTreeMap<SessionId, Row>,
    /// Those that went, and at which `rev`, so that a late frame does not bring them back.
    gone: BTreeMap<SessionId, u32>,
    /// Those that went but still stand where they stood for a moment, with the name of who has them.
    leaving: BTreeMap<SessionId, Leaving>,
}

/// A row that somebody else took.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaving {
    pub row: Row,
    pub taken_by: Option<String>,
    pub at: Timestamp,
}

impl Rows {
    pub fn replace(&mut self, rows: Vec<Row>) {
        self.held = rows.into_iter().map(|row| (row.session, row)).collect();
        self.gone.clear();
    }

    /// Whether it was news.
    pub fn put(&mut self, row: Row) -> bool {
        let old = self.held.get(&row.session).map(|held| held.rev).or_else(|| self.gone.get(&row.session).copied());
        if old.is_some_and(|old| row.rev < old) {
            return false;
        }
        self.gone.remove(&row.session);
        self.leaving.remove(&row.session);
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
        self.leaving.retain(|_, leaving| leaving.at > before);
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

    /// Also those that are about to go.
    pub fn shown(&self) -> impl Iterator<Item = &Row> {
        self.held.values().chain(self.leaving.values().map(|leaving| &leaving.row))
    }

    pub fn any_leaving(&self) -> bool {
        !self.leaving.is_empty()
    }
}
