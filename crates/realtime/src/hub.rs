//! The handle everyone holds: connect, watch, tell.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{AgentId, SessionId, Viewer, VisitorId};
use tokio::sync::mpsc;

use crate::{
    Frame, Signal,
    registry::{ConnectionId, Registry, Who},
};

/// The live side of one node. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub {
    registry: Arc<Mutex<Registry>>,
}

/// One connection's place in the registry; dropping it removes its presence.
pub struct Connection {
    hub: Hub,
    id: ConnectionId,
    signals: mpsc::Receiver<Signal>,
}

impl Hub {
    pub fn connect_visitor(&self, visitor: VisitorId) -> Connection {
        self.connect(Who::Visitor(visitor))
    }

    pub fn connect_agent(&self, agent: AgentId) -> Connection {
        self.connect(Who::Agent(agent))
    }

    /// How many lines the visitor has.
    pub fn lines_of_visitor(&self, visitor: VisitorId) -> usize {
        self.lock().of_visitor(visitor).len()
    }

    pub fn tell_visitor(&self, visitor: VisitorId, frame: &Frame) {
        let mut registry = self.lock();
        for id in registry.of_visitor(visitor) {
            registry.send(id, Signal::Frame(frame.clone()));
        }
    }

    /// Has every connection of the visitor greeted anew.
    pub fn greet_visitor(&self, visitor: VisitorId) {
        let mut registry = self.lock();
        for id in registry.of_visitor(visitor) {
            registry.send(id, Signal::Greet);
        }
    }

    /// Ends every connection of a visitor who is no more.
    pub fn end_visitor(&self, visitor: VisitorId) {
        let mut registry = self.lock();
        for id in registry.of_visitor(visitor) {
            registry.send(id, Signal::Over);
        }
    }

    pub fn tell_agent(&self, agent: AgentId, frame: &Frame) {
        let mut registry = self.lock();
        for id in registry.of_agent(agent) {
            registry.send(id, Signal::Frame(frame.clone()));
        }
    }

    /// Tells all who look at the session, each in the form their view asks for; `None` tells them nothing.
    pub fn tell_watchers(&self, session: SessionId, form: impl Fn(Viewer) -> Option<Frame>) {
        let mut registry = self.lock();
        let watchers = registry.watchers_of(session);
        if watchers.is_empty() {
            return;
        }
        let (staff, passer) = (form(Viewer::Staff), form(Viewer::Passer));
        for (id, _, viewer) in watchers {
            let frame = if viewer == Viewer::Staff { &staff } else { &passer };
            if let Some(frame) = frame {
                registry.send(id, Signal::Frame(frame.clone()));
            }
        }
    }

    /// Judges every watcher of the session anew, after its owner, queue or status changed.
    pub fn rejudge(&self, session: SessionId, judge: impl Fn(AgentId) -> Option<Viewer>) {
        self.lock().rejudge(session, judge);
    }

    /// Whether anybody looks at the session.
    pub fn watched(&self, session: SessionId) -> bool {
        !self.lock().watchers_of(session).is_empty()
    }

    pub fn visitor_connected(&self, visitor: VisitorId) -> bool {
        !self.lock().of_visitor(visitor).is_empty()
    }

    pub fn agent_connected(&self, agent: AgentId) -> bool {
        !self.lock().of_agent(agent).is_empty()
    }

    pub fn connected_agents(&self) -> Vec<AgentId> {
        self.lock().connected_agents()
    }

    /// Open connections of visitors and of agents.
    pub fn counts(&self) -> (usize, usize) {
        self.lock().counts()
    }

    fn connect(&self, who: Who) -> Connection {
        let (id, signals) = self.lock().add(who);
        Connection { hub: self.clone(), id, signals }
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        // The registry is whole between any two statements, so a panic elsewhere does not spoil it.
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// The next signal; `None` when this connection was cut off for being too slow.
    pub async fn next(&mut self) -> Option<Signal> {
        self.signals.recv().await
    }

    /// A number that differs between connections.
    pub const fn id(&self) -> u64 {
        self.id
    }

    pub fn watch(&self, session: SessionId, viewer: Viewer) {
        self.hub.lock().watch(self.id, session, viewer);
    }

    pub fn unwatch(&self, session: SessionId) {
        self.hub.lock().unwatch(self.id, session);
    }

    pub fn watched(&self) -> Vec<SessionId> {
        self.hub.lock().watched_by(self.id)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hub.lock().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::QUEUE;

    fn visitor(n: u128) -> VisitorId {
        VisitorId::from_uuid(Uuid::from_u128(n))
    }

    fn agent(n: u128) -> AgentId {
        AgentId::from_uuid(Uuid::from_u128(n))
    }

    fn session() -> SessionId {
        SessionId::from_uuid(Uuid::from_u128(9))
    }

    #[tokio::test]
    async fn a_client_that_never_reads_is_cut_off_and_others_go_on() {
        let hub = Hub::default();
        let mut slow = hub.connect_visitor(visitor(1));
        let mut quick = hub.connect_visitor(visitor(1));
        for n in 0..=QUEUE {
            hub.tell_visitor(visitor(1), &Frame::of(&n));
            assert_eq!(quick.next().await, Some(Signal::Frame(Frame::of(&n))));
        }
        let mut got = 0;
        while slow.next().await.is_some() {
            got += 1;
        }
        assert_eq!(got, QUEUE, "what was queued arrives, then the queue ends");
    }

    #[tokio::test]
    async fn dropping_a_connection_removes_its_presence() {
        let hub = Hub::default();
        let connection = hub.connect_agent(agent(1));
        connection.watch(session(), Viewer::Staff);
        assert!(hub.agent_connected(agent(1)));
        drop(connection);
        assert!(!hub.agent_connected(agent(1)));
        assert_eq!(hub.counts(), (0, 0));
    }

    #[tokio::test]
    async fn watchers_hear_in_their_own_form_and_lose_what_is_not_theirs() {
        let hub = Hub::default();
        let mut owner = hub.connect_agent(agent(1));
        let mut passer = hub.connect_agent(agent(2));
        owner.watch(session(), Viewer::Staff);
        passer.watch(session(), Viewer::Passer);
        hub.tell_watchers(session(), |viewer| Some(Frame::of(&(viewer == Viewer::Staff))));
        assert_eq!(owner.next().await, Some(Signal::Frame(Frame::of(&true))));
        assert_eq!(passer.next().await, Some(Signal::Frame(Frame::of(&false))));
        hub.rejudge(session(), |who| (who == agent(1)).then_some(Viewer::Staff));
        assert_eq!((owner.watched().len(), passer.watched().len()), (1, 0));
    }
}
