//! Chats for tests.

use domain::{AgentId, Availability, QueueId, Roles, SessionId, Status, Strategy, Timestamp};
use uuid::Uuid;
use wire::{
    agent::{Customer, Details, Inbox, Location, Me, Person, Queue, Row},
    visitor::Face,
};

pub const ME: u128 = 1;

pub fn session(n: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(n))
}

pub fn agent(n: u128) -> AgentId {
    AgentId::from_uuid(Uuid::from_u128(n))
}

/// Roles as agent, supervisor, admin; serves queue 1.
pub fn me((agent_role, supervisor, admin): (bool, bool, bool)) -> Me {
    Me {
        id: agent(ME),
        name: "Aki Kato".into(),
        email: "aki@example.org".into(),
        face: Face { name: "Aki".into(), initials: "AK".into(), hue: 200 },
        roles: Roles { agent: agent_role, supervisor, admin },
        availability: Availability::Online,
        serving: vec![QueueId::from_uuid(Uuid::from_u128(1))],
        alerts: domain::AlertPrefs::default(),
    }
}

pub fn queue(n: u128, member: bool, supervised: bool) -> Queue {
    Queue {
        id: QueueId::from_uuid(Uuid::from_u128(n)),
        name: format!("Queue {n}"),
        member,
        supervised,
        strategy: Strategy::RingByTurns,
    }
}

/// The smaller `n`, the longer it waits.
pub fn waiting(n: u128, queue: u128) -> Row {
    let at = Timestamp::from_millis(1_000 * i64::try_from(n).unwrap_or_default());
    Row {
        session: session(n),
        rev: 2,
        status: Status::WaitingForAgent,
        outcome: None,
        queue: QueueId::from_uuid(Uuid::from_u128(queue)),
        queue_name: format!("Queue {queue}"),
        owner: None,
        owner_name: None,
        visitor: Person {
            name: format!("Visitor {n}"),
            email: String::new(),
            phone: String::new(),
            initials: "V".into(),
            hue: 30,
        },
        last_text: "Hello?".into(),
        last_by_staff: false,
        last_at: at,
        waiting_since: at,
        ended_at: None,
        ring: None,
        colleagues: Vec::new(),
        unread: 1,
        attachments: false,
        channel: domain::Channel::Chat,
        deadline: None,
        rating: None,
    }
}

pub fn mine(n: u128, queue: u128, unread: u32) -> Row {
    Row {
        status: Status::ActiveChat,
        owner: Some(agent(ME)),
        owner_name: Some("Aki".into()),
        unread,
        ..waiting(n, queue)
    }
}

#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "only views rendered by the server are filled with one"))]
pub fn inbox(roles: (bool, bool, bool), rows: Vec<Row>) -> Inbox {
    Inbox {
        me: me(roles),
        rows,
        rest: wire::agent::Rest::default(),
        colleagues: Vec::new(),
        queues: vec![queue(1, true, true), queue(2, true, false)],
        now: Timestamp::from_millis(100_000),
    }
}

/// The panel of a chat that waits.
pub fn details(n: u128) -> Details {
    Details {
        row: waiting(n, 1),
        site: "Shop".into(),
        customer: Customer::default(),
        language: Some("de-AT".into()),
        location: Some(Location { place: "Vienna, Austria".into(), offset: 60 }),
        browser: None,
        started_at: Timestamp::default(),
        episode: 1,
        pages: Vec::new(),
        before: 0,
        earlier: Vec::new(),
        may_write: false,
        may_take: true,
        may_block: true,
        blocked: None,
    }
}
