//! Heads of chats that the writer on SQLite need not read again. Nobody else writes chats there, so what it wrote last is
//! what stands in the database; reading them back was the largest part of a batch.

use std::collections::HashMap;

use domain::{SessionId, VisitorId};

use crate::SessionRow;

/// Chats kept; beyond it all are read once more.
const MOST: usize = 4096;

/// As they were after the last commit of the one connection that writes.
#[derive(Default)]
pub(crate) struct Known {
    heads: HashMap<SessionId, SessionRow>,
    /// SQLite's `data_version`: another number when another connection, which means another process, has written.
    version: i64,
}

impl Known {
    /// Told within each transaction, before anything is looked up.
    pub(crate) fn at(&mut self, version: i64) {
        if version != self.version {
            self.version = version;
            self.forget();
        }
    }

    /// At which the heads stand as they are kept here.
    pub(crate) const fn version(&self) -> i64 {
        self.version
    }

    pub(crate) fn get(&self, session: SessionId) -> Option<&SessionRow> {
        self.heads.get(&session)
    }

    /// After the commit.
    pub(crate) fn learn(&mut self, rows: impl IntoIterator<Item = SessionRow>) {
        if self.heads.len() >= MOST {
            self.forget();
        }
        self.heads.extend(rows.into_iter().map(|row| (row.session.id, row)));
    }

    /// Their name, which stands in each of their chats, may be another one now.
    pub(crate) fn forget_visitor(&mut self, visitor: VisitorId) {
        self.heads.retain(|_, row| row.session.visitor != visitor);
    }

    pub(crate) fn forget(&mut self) {
        self.heads.clear();
    }
}
