//! Which agents are here: with a connection, or without one for less than the grace time (PRODUCT A1).
//!
//! Who was here is a row too, so that after a restart those have the grace time to come back, and nobody else is rung.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{AgentId, Availability, Span, Timestamp};
use realtime::Frame;
use store::StoreError;
use wire::agent::{Colleague, ServerFrame};

use crate::{Services, directory::Member, dispatcher::Heard};

/// How long an agent without any connection still counts as here (DECISIONS: agent's grace 30 s).
const GRACE: Span = Span::seconds(30);

/// Agents who are here; when the last line of those without one ended.
#[derive(Default)]
pub struct Presence(Mutex<HashMap<AgentId, Option<Timestamp>>>);

impl Presence {
    pub fn here(&self, agent: AgentId) -> bool {
        self.lock().contains_key(&agent)
    }

    /// A connection came; whether the agent was away before.
    fn arrive(&self, agent: AgentId) -> bool {
        self.lock().insert(agent, None).is_none()
    }

    /// Somebody without a line did something; whether they were away before.
    fn heard(&self, agent: AgentId, now: Timestamp) -> bool {
        let mut here = self.lock();
        match here.get_mut(&agent) {
            Some(Some(lost)) => {
                *lost = now;
                false
            }
            Some(None) => false,
            None => here.insert(agent, Some(now)).is_none(),
        }
    }

    /// The last line ended.
    fn line_lost(&self, agent: AgentId, now: Timestamp) {
        self.lock().insert(agent, Some(now));
    }

    /// Takes out those whose grace time is over.
    pub fn over(&self, now: Timestamp) -> Vec<AgentId> {
        let mut here = self.lock();
        let is_over = |lost: Option<Timestamp>| lost.is_some_and(|lost| now - lost >= GRACE);
        let over: Vec<_> = here.iter().filter(|(_, lost)| is_over(**lost)).map(|(agent, _)| *agent).collect();
        for agent in &over {
            here.remove(agent);
        }
        over
    }

    /// When the next grace time is over.
    pub fn next_over(&self) -> Option<Timestamp> {
        self.lock().values().flatten().min().map(|lost| *lost + GRACE)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AgentId, Option<Timestamp>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Services {
    /// After a start: those who were here have the grace time to come back.
    pub(crate) async fn expect_agents(&self) -> Result<(), StoreError> {
        let here = self.inner().store.read().await?.agents_here().await?;
        for agent in here {
            self.inner().presence.line_lost(agent, self.now());
        }
        Ok(())
    }

    pub(crate) fn agent_arrived(&self, agent: AgentId) {
        if self.inner().presence.arrive(agent) {
            let services = self.clone();
            self.spawn(async move { services.note_here(agent, true).await });
            self.tell_presence(agent);
        }
        self.inner().dispatch.hear(Heard::Presence(agent));
    }

    /// The agent did something. Whoever is between two lines is not gone.
    pub(crate) fn agent_heard(&self, agent: AgentId) {
        if self.inner().presence.heard(agent, self.now()) {
            self.tell_presence(agent);
            self.inner().dispatch.hear(Heard::Presence(agent));
        }
    }

    /// A connection of the agent ended.
    pub(crate) fn agent_line_lost(&self, agent: AgentId) {
        if !self.inner().hub.agent_connected(agent) {
            self.inner().presence.line_lost(agent, self.now());
            self.inner().dispatch.hear(Heard::Presence(agent));
        }
    }

    /// The agent's grace time is over.
    pub(crate) async fn agent_lost(&self, agent: AgentId) {
        self.note_here(agent, false).await;
        self.tell_presence(agent);
    }

    /// Only read after a restart, so a failure is no more than a grace time too many or too few.
    async fn note_here(&self, agent: AgentId, here: bool) {
        let noted = async {
            let mut tx = self.inner().store.begin().await?;
            tx.set_here(agent, here).await?;
            tx.commit().await
        };
        if let Err(cause) = noted.await {
            tracing::warn!(%cause, "presence not noted");
        }
    }

    /// Tells all staff how available this agent is now.
    pub(crate) fn tell_presence(&self, agent: AgentId) {
        let directory = self.directory();
        let Some(member) = directory.member(agent) else { return };
        let frame = Frame::of(&ServerFrame::Presence(self.colleague(member)));
        for other in self.inner().hub.connected_agents() {
            self.inner().hub.tell_agent(other, &frame);
        }
    }

    /// A member of staff as colleagues see them: online only while they are here.
    pub(crate) fn colleague(&self, member: &Member) -> Colleague {
        let availability = match member.availability {
            Availability::Online if !self.inner().presence.here(member.id) => Availability::Away,
            said => said,
        };
        Colleague { id: member.id, face: member.face.clone(), availability }
    }

    /// All who work here, by name.
    pub(crate) fn colleagues(&self) -> Vec<Colleague> {
        let directory = self.directory();
        let mut colleagues: Vec<_> =
            directory.members.values().filter(|member| member.active).map(|member| self.colleague(member)).collect();
        colleagues.sort_by(|a, b| a.face.name.cmp(&b.face.name).then(a.id.cmp(&b.id)));
        colleagues
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_line_may_be_lost_for_less_than_the_grace_time() {
        let presence = Presence::default();
        let agent = AgentId::from_uuid(Uuid::from_u128(1));
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        assert!(presence.arrive(agent));
        presence.line_lost(agent, at(10));
        assert_eq!((presence.over(at(39)), presence.next_over()), (vec![], Some(at(40))));
        assert!(!presence.arrive(agent), "back in time");
        assert_eq!(presence.over(at(100)), []);
        presence.line_lost(agent, at(100));
        assert_eq!(presence.over(at(130)), [agent]);
        assert!(!presence.here(agent) && presence.next_over().is_none());
    }
}
