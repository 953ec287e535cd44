//! The rows of the inbox in the order in which they are shown, kept so: a row that comes, goes or changes is put in its
//! place, and nothing else is touched or sorted again.

use std::collections::BTreeMap;

use domain::{AgentId, QueueId, SessionId, Status};
use wire::agent::Row;

/// Where a row belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelf {
    /// It waits, in this queue.
    Waiting(String, QueueId),
    /// One has it, or writes along.
    Mine,
    Others,
}

/// Whose chats these are decides what lies where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shelves {
    me: Option<AgentId>,
    /// The longest wait first.
    waiting: BTreeMap<(String, QueueId), Vec<Place>>,
    /// The latest words first.
    mine: Vec<Place>,
    others: Vec<Place>,
}

/// What a row is ordered by, and which one it is.
type Place = (i64, SessionId);

impl Shelves {
    /// Of whom they are; whether that is somebody else than before, so that all rows have to be put up anew.
    pub fn belong_to(&mut self, me: AgentId) -> bool {
        let other = self.me != Some(me);
        if other {
            *self = Self { me: Some(me), ..Self::default() };
        }
        other
    }

    pub fn clear(&mut self) {
        *self = Self { me: self.me, ..Self::default() };
    }

    pub fn put(&mut self, row: &Row) {
        let place = place(row);
        if let Some(home) = self.shelf(row) {
            let lying = self.lying(&home);
            if let Err(at) = lying.binary_search(&place) {
                lying.insert(at, place);
            }
        }
    }

    pub fn take(&mut self, row: &Row) {
        let place = place(row);
        let Some(home) = self.shelf(row) else { return };
        let lying = self.lying(&home);
        if let Ok(at) = lying.binary_search(&place) {
            lying.remove(at);
        }
        if let (Shelf::Waiting(name, queue), true) = (home, lying.is_empty()) {
            self.waiting.remove(&(name, queue));
        }
    }

    /// Where a row belongs, if it is in the inbox at all.
    pub fn shelf(&self, row: &Row) -> Option<Shelf> {
        let own = row.owner.is_some() && row.owner == self.me;
        match row.status {
            Status::WaitingForAgent => Some(Shelf::Waiting(row.queue_name.clone(), row.queue)),
            Status::AssignedToAgent | Status::ActiveChat if own => Some(Shelf::Mine),
            Status::AssignedToAgent | Status::ActiveChat => {
                let along = self.me.is_some_and(|me| row.colleagues.contains(&me));
                Some(if along { Shelf::Mine } else { Shelf::Others })
            }
            // A wrap-up is one's own business, and nobody else's.
            Status::WrapUp => own.then_some(Shelf::Mine),
            Status::Resolved => None,
        }
    }

    /// The queues in which anyone waits, by name.
    pub fn queues(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = SessionId>)> {
        self.waiting.iter().map(|((name, _), lying)| (name.as_str(), sessions(lying)))
    }

    pub fn mine(&self) -> impl Iterator<Item = SessionId> {
        sessions(&self.mine)
    }

    pub fn others(&self) -> impl Iterator<Item = SessionId> {
        sessions(&self.others)
    }

    /// How many wait, and how many somebody has.
    pub fn count(&self) -> (usize, usize) {
        (self.waiting.values().map(Vec::len).sum(), self.mine.len() + self.others.len())
    }

    fn lying(&mut self, on: &Shelf) -> &mut Vec<Place> {
        match on {
            Shelf::Waiting(name, queue) => self.waiting.entry((name.clone(), *queue)).or_default(),
            Shelf::Mine => &mut self.mine,
            Shelf::Others => &mut self.others,
        }
    }
}

fn place(row: &Row) -> Place {
    let order = match row.status {
        Status::WaitingForAgent => row.waiting_since.micros(),
        _ => row.last_at.micros().saturating_neg(),
    };
    (order, row.session)
}

fn sessions(lying: &[Place]) -> impl Iterator<Item = SessionId> {
    lying.iter().map(|(_, session)| *session)
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;
    use crate::inbox::sample;

    fn of_me() -> Shelves {
        let mut shelves = Shelves::default();
        assert!(shelves.belong_to(sample::agent(sample::ME)));
        shelves
    }

    #[test]
    fn a_row_lies_where_it_belongs_and_in_order_after_any_change() {
        let mut shelves = of_me();
        let (first, second) = (sample::waiting(1, 1), sample::waiting(2, 1));
        shelves.put(&second);
        shelves.put(&first);
        shelves.put(&first);
        let waiting = |shelves: &Shelves| {
            shelves.queues().map(|(name, all)| (name.to_owned(), all.collect::<Vec<_>>())).collect::<Vec<_>>()
        };
        assert_eq!(waiting(&shelves), [("Queue 1".to_owned(), vec![first.session, second.session])]);
        // Taken: it goes from one shelf to the other.
        shelves.take(&first);
        let taken = Row { status: Status::AssignedToAgent, owner: Some(sample::agent(sample::ME)), ..first };
        shelves.put(&taken);
        assert_eq!(shelves.count(), (1, 1));
        shelves.take(&second);
        assert_eq!(waiting(&shelves), [], "an empty queue has no heading");
        // The latest words come first.
        let mut other = sample::mine(3, 1, 0);
        other.last_at = taken.last_at;
        shelves.put(&other);
        assert_eq!(shelves.mine().collect::<Vec<_>>(), [taken.session, other.session]);
        shelves.take(&other);
        other.last_at = Timestamp::from_millis(taken.last_at.millis() + 1);
        shelves.put(&other);
        assert_eq!(shelves.mine().collect::<Vec<_>>(), [other.session, taken.session]);
        shelves.clear();
        assert_eq!(shelves.count(), (0, 0));
    }

    #[test]
    fn wrap_ups_are_ones_own_and_colleagues_are_with_ones_own() {
        let shelves = of_me();
        let mut row = sample::mine(1, 1, 0);
        row.status = Status::WrapUp;
        assert_eq!(shelves.shelf(&row), Some(Shelf::Mine));
        row.owner = Some(sample::agent(9));
        assert_eq!(shelves.shelf(&row), None);
        row.status = Status::ActiveChat;
        assert_eq!(shelves.shelf(&row), Some(Shelf::Others));
        row.colleagues = vec![sample::agent(sample::ME)];
        assert_eq!(shelves.shelf(&row), Some(Shelf::Mine));
        row.status = Status::Resolved;
        assert_eq!(shelves.shelf(&row), None);
    }
}
