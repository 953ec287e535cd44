//! Who listens to what: plain maps, synchronous, one lock around them in `hub`.

use std::collections::{HashMap, HashSet};

use domain::{AgentId, SessionId, Viewer, VisitorId};
use tokio::sync::mpsc;

use crate::Frame;

/// Frames a connection may be behind before it is cut off. At about 300 bytes each that bounds what a client that
/// does not read can hold.
pub const QUEUE: usize = 256;

/// What reaches a connection's loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    Frame(Frame),
    /// The visitor's chat is another one now: greet the connection anew.
    Greet,
    /// The visitor is another one now: what this connection was let in with is worth nothing any more.
    Over,
}

pub(crate) type ConnectionId = u64;

struct Listener {
    queue: mpsc::Sender<Signal>,
    who: Who,
    /// Sessions an agent's connection looks at.
    watched: HashMap<SessionId, Viewer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Visitor(VisitorId),
    Agent(AgentId),
}

#[derive(Default)]
pub(crate) struct Registry {
    next: ConnectionId,
    listeners: HashMap<ConnectionId, Listener>,
    visitors: HashMap<VisitorId, HashSet<ConnectionId>>,
    agents: HashMap<AgentId, HashSet<ConnectionId>>,
    watchers: HashMap<SessionId, HashSet<ConnectionId>>,
}

impl Registry {
    pub fn add(&mut self, who: Who) -> (ConnectionId, mpsc::Receiver<Signal>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        self.next += 1;
        let id = self.next;
        match who {
            Who::Visitor(visitor) => self.visitors.entry(visitor).or_default().insert(id),
            Who::Agent(agent) => self.agents.entry(agent).or_default().insert(id),
        };
        self.listeners.insert(id, Listener { queue, who, watched: HashMap::new() });
        (id, receiver)
    }

    /// Forgets a connection. Dropping its queue ends its loop, if that still runs.
    pub fn remove(&mut self, id: ConnectionId) {
        let Some(listener) = self.listeners.remove(&id) else { return };
        match listener.who {
            Who::Visitor(visitor) => forget(&mut self.visitors, visitor, id),
            Who::Agent(agent) => forget(&mut self.agents, agent, id),
        }
        for session in listener.watched.into_keys() {
            forget(&mut self.watchers, session, id);
        }
    }

    pub fn watch(&mut self, id: ConnectionId, session: SessionId, viewer: Viewer) {
        if let Some(listener) = self.listeners.get_mut(&id) {
            listener.watched.insert(session, viewer);
            self.watchers.entry(session).or_default().insert(id);
        }
    }

    pub fn unwatch(&mut self, id: ConnectionId, session: SessionId) {
        if let Some(listener) = self.listeners.get_mut(&id) {
            listener.watched.remove(&session);
            forget(&mut self.watchers, session, id);
        }
    }

    /// Judges every watcher of a session anew: `None` takes the session away from it.
    pub fn rejudge(&mut self, session: SessionId, judge: impl Fn(AgentId) -> Option<Viewer>) {
        for (id, agent, _) in self.watchers_of(session) {
            match judge(agent) {
                Some(viewer) => self.watch(id, session, viewer),
                None => self.unwatch(id, session),
            }
        }
    }

    pub fn watchers_of(&self, session: SessionId) -> Vec<(ConnectionId, AgentId, Viewer)> {
        let ids = self.watchers.get(&session).into_iter().flatten();
        ids.filter_map(|id| {
            let listener = self.listeners.get(id)?;
            let Who::Agent(agent) = listener.who else { return None };
            Some((*id, agent, *listener.watched.get(&session)?))
        })
        .collect()
    }

    pub fn watched_by(&self, id: ConnectionId) -> Vec<SessionId> {
        self.listeners.get(&id).map(|listener| listener.watched.keys().copied().collect()).unwrap_or_default()
    }

    pub fn of_visitor(&self, visitor: VisitorId) -> Vec<ConnectionId> {
        self.visitors.get(&visitor).into_iter().flatten().copied().collect()
    }

    pub fn of_agent(&self, agent: AgentId) -> Vec<ConnectionId> {
        self.agents.get(&agent).into_iter().flatten().copied().collect()
    }

    pub fn connected_agents(&self) -> Vec<AgentId> {
        self.agents.keys().copied().collect()
    }

    pub fn counts(&self) -> (usize, usize) {
        let count = |wanted: fn(Who) -> bool| self.listeners.values().filter(|listener| wanted(listener.who)).count();
        (count(|who| matches!(who, Who::Visitor(_))), count(|who| matches!(who, Who::Agent(_))))
    }

    /// Puts a signal into a connection's queue. A full queue removes the connection, whose loop then sees its queue
    /// end and closes with a resumable code.
    pub fn send(&mut self, id: ConnectionId, signal: Signal) {
        let full = self.listeners.get(&id).is_some_and(|listener| listener.queue.try_send(signal).is_err());
        if full {
            self.remove(id);
        }
    }
}

fn forget<K: Copy + std::hash::Hash + Eq>(index: &mut HashMap<K, HashSet<ConnectionId>>, key: K, id: ConnectionId) {
    if let Some(ids) = index.get_mut(&key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(&key);
        }
    }
}
