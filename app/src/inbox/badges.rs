//! The numbers on the rail (PRODUCT A2), and who may do what with a row.

use domain::{SessionId, Status};
use wire::agent::{Me, Queue, Row};

/// The red number on the inbox: an agent's own chats with unread messages; a supervisor's unassigned chats in their
/// queues; for who is both, both. No chat is counted twice, because an unassigned one is nobody's own.
pub fn red<'a>(me: &Me, queues: &[Queue], rows: impl Iterator<Item = &'a Row>) -> u32 {
    u32::try_from(rows.filter(|row| asks(me, queues, row)).count()).unwrap_or(u32::MAX)
}

/// Whether this one is counted in red.
pub fn asks(me: &Me, queues: &[Queue], row: &Row) -> bool {
    let own = me.roles.agent && row.owner == Some(me.id) && row.status.open() && row.unread > 0;
    let unassigned = supervises(me, queues, row) && waiting(row);
    own || unassigned
}

/// The blue number: chats that nobody has, in the queues one serves.
pub fn blue<'a>(me: &Me, rows: impl Iterator<Item = &'a Row>) -> u32 {
    u32::try_from(rows.filter(|row| takes(me, row)).count()).unwrap_or(u32::MAX)
}

/// The one of these that waits longest.
pub fn oldest<'a>(me: &Me, rows: impl Iterator<Item = &'a Row>) -> Option<SessionId> {
    rows.filter(|row| takes(me, row)).min_by_key(|row| (row.waiting_since, row.session)).map(|row| row.session)
}

/// Whether Respond is offered. The server decides; this only spares people a refusal.
pub fn may_take(me: &Me, queues: &[Queue], row: &Row) -> bool {
    me.roles.agent
        && waiting(row)
        && queues.iter().any(|queue| queue.id == row.queue && (queue.member || queue.supervised))
}

/// Whether one may write into it: one's own, and those that one was added to.
pub fn may_write(me: &Me, row: &Row) -> bool {
    me.roles.agent && row.status.open() && (row.owner == Some(me.id) || row.colleagues.contains(&me.id))
}

/// Whether it is one's own to end and to hand over.
pub fn owns(me: &Me, row: &Row) -> bool {
    me.roles.agent && row.status.open() && row.owner == Some(me.id)
}

/// Whether it is one's own to finish.
pub fn wraps_up(me: &Me, row: &Row) -> bool {
    me.roles.agent && row.status == Status::WrapUp && row.owner == Some(me.id)
}

/// Whether one may give it to somebody, whoever has it.
pub fn may_reassign(me: &Me, queues: &[Queue], row: &Row) -> bool {
    row.status.open() && supervises(me, queues, row) && !owns(me, row)
}

/// Whether it rings this person just now.
pub fn rings(me: &Me, row: &Row) -> bool {
    me.roles.agent && row.ring.as_ref().is_some_and(|ring| ring.to.contains(&me.id))
}

pub fn waiting(row: &Row) -> bool {
    row.status == Status::WaitingForAgent
}

fn takes(me: &Me, row: &Row) -> bool {
    me.roles.agent && waiting(row) && me.serving.contains(&row.queue)
}

fn supervises(me: &Me, queues: &[Queue], row: &Row) -> bool {
    (me.roles.supervisor || me.roles.admin) && queues.iter().any(|queue| queue.id == row.queue && queue.supervised)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sample;

    #[test]
    fn red_counts_by_role_and_nothing_twice() {
        let rows = [sample::waiting(1, 1), sample::waiting(2, 2), sample::mine(3, 1, 4), sample::mine(4, 1, 0)];
        let queues = [sample::queue(1, true, true), sample::queue(2, true, false)];
        let count = |roles| red(&sample::me(roles), &queues, rows.iter());
        assert_eq!(count((true, false, false)), 1, "an agent: the own chat with unread words");
        assert_eq!(count((false, true, false)), 1, "a supervisor: what nobody has in the supervised queue");
        assert_eq!(count((true, true, false)), 2, "both: the sum");
        assert_eq!(count((false, false, true)), 1, "an admin looks as a supervisor does");
        assert_eq!(count((false, false, false)), 0);
    }

    #[test]
    fn blue_counts_what_one_may_take_now_and_knows_the_oldest() {
        let rows = [sample::waiting(2, 1), sample::waiting(1, 1), sample::waiting(3, 2), sample::mine(4, 1, 1)];
        let me = sample::me((true, false, false));
        assert_eq!(blue(&me, rows.iter()), 2, "queue 2 is not served");
        assert_eq!(oldest(&me, rows.iter()), Some(rows[1].session));
        let admin = sample::me((false, false, true));
        assert_eq!((blue(&admin, rows.iter()), oldest(&admin, rows.iter())), (0, None));
    }

    #[test]
    fn only_agents_take_and_only_owners_write() {
        let queues = [sample::queue(1, true, true)];
        let row = sample::waiting(1, 1);
        assert!(may_take(&sample::me((true, false, false)), &queues, &row));
        assert!(!may_take(&sample::me((false, true, true)), &queues, &row));
        assert!(!may_take(&sample::me((true, false, false)), &[], &row));
        assert!(may_write(&sample::me((true, false, false)), &sample::mine(1, 1, 0)));
        assert!(!may_write(&sample::me((true, false, false)), &row));
        let mut along = sample::mine(1, 1, 0);
        along.owner = Some(sample::agent(5));
        assert!(!may_write(&sample::me((true, false, false)), &along));
        along.colleagues = vec![sample::agent(sample::ME)];
        assert!(may_write(&sample::me((true, false, false)), &along), "whoever was added writes along");
        assert!(!owns(&sample::me((true, false, false)), &along), "and neither ends it nor hands it over");
    }

    #[test]
    fn supervisors_reassign_in_their_queues_what_is_not_over() {
        let queues = [sample::queue(1, true, true), sample::queue(2, true, false)];
        let may = |roles, row: &Row| may_reassign(&sample::me(roles), &queues, row);
        let mut others = sample::mine(1, 1, 0);
        others.owner = Some(sample::agent(5));
        assert!(may((false, true, false), &others) && may((false, false, true), &others));
        assert!(may((true, true, false), &sample::waiting(1, 1)), "also what nobody has");
        assert!(!may((true, false, false), &others), "an agent");
        assert!(!may((true, true, false), &sample::mine(1, 1, 0)), "one's own is handed over");
        let elsewhere = Row { queue: queues[1].id, ..others.clone() };
        assert!(!may((false, true, false), &elsewhere), "another queue");
        others.status = Status::Resolved;
        assert!(!may((false, true, false), &others));
    }
}
