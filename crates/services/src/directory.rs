//! Who works here and which queues and sites there are: read whole into memory, because every frame asks for it, and
//! read anew after each change.

use std::collections::{HashMap, HashSet};

use domain::{
    AgentId, AlertPrefs, Availability, CleanUpRules, Guard, QueueId, QueueRules, QueueSettings, Roles, Session, SiteId,
    SiteSettings, Status, Timestamp, Viewer,
};
use realtime::Place;
use wire::{agent::Queue, visitor::Face};

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub face: Face,
    pub roles: Roles,
    pub availability: Availability,
    /// Rises whenever the rights change; a socket with an older one is closed.
    pub auth_epoch: i64,
    /// Most open chats in hand; 0 for no limit.
    pub chat_limit: u32,
    pub last_offer: Option<Timestamp>,
    /// What they want to be told of, and how.
    pub alerts: AlertPrefs,
    pub active: bool,
    /// Queues they may serve.
    pub member_of: HashSet<QueueId>,
    /// Those of them that are not served just now (PRODUCT A1).
    pub paused: HashSet<QueueId>,
    /// Queues they supervise (an admin supervises all without standing here).
    pub supervises: HashSet<QueueId>,
}

#[derive(Debug, Clone)]
pub struct QueueEntry {
    pub id: QueueId,
    pub name: String,
    pub rules: QueueRules,
    pub settings: QueueSettings,
}

#[derive(Debug, Clone)]
pub struct SiteEntry {
    pub id: SiteId,
    pub key: String,
    pub name: String,
    pub queue: QueueId,
    /// Origins that may embed the widget and use the public API.
    pub origins: Vec<String>,
    pub settings: SiteSettings,
}

/// Everything at once; replaced whole, never changed.
#[derive(Debug, Default)]
pub struct Directory {
    pub members: HashMap<AgentId, Member>,
    pub queues: HashMap<QueueId, QueueEntry>,
    /// Names of deleted ones: ended chats still speak of them.
    pub former_queues: HashMap<QueueId, String>,
    pub sites: HashMap<SiteId, SiteEntry>,
    /// The rules that do not rest.
    pub guard: Guard,
    pub clean_up: CleanUpRules,
}

impl Member {
    /// Whether they may take chats of the queue.
    pub fn may_take(&self, queue: QueueId) -> bool {
        self.active && self.roles.agent && self.member_of.contains(&queue)
    }

    /// Whether they take chats of the queue just now.
    pub fn serves(&self, queue: QueueId) -> bool {
        self.may_take(queue) && !self.paused.contains(&queue)
    }

    /// Whether they have a supervisor's rights on the queue.
    pub fn oversees(&self, queue: QueueId) -> bool {
        self.active && (self.roles.admin || (self.roles.supervisor && self.supervises.contains(&queue)))
    }

    /// What they may see of a session that stands there; `None`: nothing, not even that it exists.
    pub fn viewer(&self, at: &Place) -> Option<Viewer> {
        if !self.active {
            return None;
        }
        if at.owner == Some(self.id) || at.colleagues.contains(&self.id) || self.oversees(at.queue) {
            return Some(Viewer::Staff);
        }
        // Whoever is to take over a running chat has to know what was said about it.
        if at.owner.is_some() && at.rung.contains(&self.id) {
            return Some(Viewer::Staff);
        }
        (at.status == Status::WaitingForAgent && self.may_take(at.queue)).then_some(Viewer::Passer)
    }
}

impl Directory {
    pub fn member(&self, id: AgentId) -> Option<&Member> {
        self.members.get(&id)
    }

    pub fn face(&self, id: AgentId) -> Face {
        self.member(id).map_or_else(|| crate::faces::face("", id.uuid()), |member| member.face.clone())
    }

    pub fn name(&self, id: AgentId) -> String {
        self.member(id).map(|member| member.name.clone()).unwrap_or_default()
    }

    /// Of several, as one line.
    pub fn names(&self, ids: &[AgentId]) -> String {
        ids.iter().map(|id| self.name(*id)).collect::<Vec<_>>().join(", ")
    }

    pub fn queue_name(&self, id: QueueId) -> String {
        let name = self.queues.get(&id).map(|queue| &queue.name).or_else(|| self.former_queues.get(&id));
        name.cloned().unwrap_or_default()
    }

    pub fn site_by_key(&self, key: &str) -> Option<&SiteEntry> {
        self.sites.values().find(|site| site.key == key)
    }

    /// The queues as one member sees them, by name.
    pub fn queues_of(&self, member: &Member) -> Vec<Queue> {
        let mut queues: Vec<_> = self
            .queues
            .values()
            .map(|queue| Queue {
                id: queue.id,
                name: queue.name.clone(),
                member: member.roles.agent && member.member_of.contains(&queue.id),
                supervised: member.oversees(queue.id),
                strategy: queue.settings.strategy,
            })
            .filter(|queue| queue.member || queue.supervised)
            .collect();
        queues.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        queues
    }
}

/// Where a session stands, for the audience.
pub fn place(session: &Session) -> Place {
    Place {
        status: session.status,
        owner: session.owner,
        queue: session.queue,
        rung: session.routing.ring.as_ref().map(|ring| ring.to.clone()).unwrap_or_default(),
        colleagues: session.routing.colleagues.clone(),
    }
}
