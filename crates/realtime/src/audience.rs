//! Who hears of a change to a session's line in the list, and in which form. Pure.

use domain::{AgentId, QueueId, Status};

/// Where a session stands, as far as the list is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub status: Status,
    pub owner: Option<AgentId>,
    pub queue: QueueId,
    /// Whom it rings.
    pub rung: Vec<AgentId>,
    /// Who writes along.
    pub colleagues: Vec<AgentId>,
}

/// What one member of staff hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// The line as it is now.
    Row,
    /// It is gone from their list.
    Gone,
}

/// What someone hears of the change from `before` (`None` for a new one) to `now`. `member`: takes chats of a queue; `overseer`: supervises
/// it or is an admin. `None`: it never was and is not theirs.
pub fn hearing(
    agent: AgentId,
    before: Option<&Place>,
    now: &Place,
    member: impl Fn(QueueId) -> bool,
    overseer: impl Fn(QueueId) -> bool,
) -> Option<Hearing> {
    let on_list = |place: &Place| {
        place.owner == Some(agent)
            || place.rung.contains(&agent)
            || place.colleagues.contains(&agent)
            || overseer(place.queue)
            || (place.status == Status::WaitingForAgent && member(place.queue))
    };
    if on_list(now) {
        return Some(Hearing::Row);
    }
    before.is_some_and(on_list).then_some(Hearing::Gone)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn queue(n: u128) -> QueueId {
        QueueId::from_uuid(Uuid::from_u128(n))
    }

    fn place(status: Status, owner: Option<u128>) -> Place {
        Place { status, owner: owner.map(agent), queue: queue(1), rung: Vec::new(), colleagues: Vec::new() }
    }

    fn agent(n: u128) -> AgentId {
        AgentId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn a_claim_is_a_row_for_its_owner_and_gone_for_the_other_members() {
        let before = Some(place(Status::WaitingForAgent, None));
        let now = place(Status::AssignedToAgent, Some(1));
        let heard =
            |who, member: bool, overseer: bool| hearing(agent(who), before.as_ref(), &now, |_| member, |_| overseer);
        assert_eq!(heard(1, true, false), Some(Hearing::Row));
        assert_eq!(heard(2, true, false), Some(Hearing::Gone));
        assert_eq!(heard(3, false, true), Some(Hearing::Row));
        assert_eq!(heard(4, false, false), None);
    }

    #[test]
    fn a_transfer_is_a_row_for_whom_it_rings_and_gone_when_it_rings_no_longer() {
        let owned = place(Status::ActiveChat, Some(1));
        let rings = Place { rung: vec![agent(2)], ..owned.clone() };
        let nobody = |_| false;
        assert_eq!(hearing(agent(2), Some(&owned), &rings, nobody, nobody), Some(Hearing::Row));
        assert_eq!(hearing(agent(2), Some(&rings), &owned, nobody, nobody), Some(Hearing::Gone));
        assert_eq!(hearing(agent(3), Some(&owned), &rings, nobody, nobody), None);
    }

    #[test]
    fn words_in_a_colleagues_chat_are_not_for_other_members() {
        let running = place(Status::ActiveChat, Some(1));
        assert_eq!(hearing(agent(2), Some(&running), &running, |_| true, |_| false), None);
    }
}
