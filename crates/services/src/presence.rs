//! Which agents are here: with a connection, or without one for less than the grace time (PRODUCT A1).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{AgentId, Availability};
use realtime::Frame;
use wire::agent::{Colleague, ServerFrame};

use crate::{Services, directory::Member};

/// How long an agent without any connection still counts as here (DECISIONS: agent's grace 30 s).
const GRACE: Duration = Duration::from_secs(30);

/// Agents who are here, with the number of their latest arrival.
#[derive(Default)]
pub struct Presence(Mutex<HashMap<AgentId, u64>>);

impl Presence {
    pub fn here(&self, agent: AgentId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&agent)
    }

    /// A connection came; whether the agent was away before.
    fn arrive(&self, agent: AgentId, arrival: u64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(agent, arrival).is_none()
    }

    /// The grace time since `arrival` is over; whether nobody came since.
    fn leave(&self, agent: AgentId, arrival: u64) -> bool {
        let mut here = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stale = here.get(&agent) == Some(&arrival);
        if stale {
            here.remove(&agent);
        }
        stale
    }
}

impl Services {
    pub(crate) fn agent_arrived(&self, agent: AgentId, arrival: u64) {
        if self.inner().presence.arrive(agent, arrival) {
            self.tell_presence(agent);
        }
    }

    /// A connection of the agent ended.
    pub(crate) fn agent_line_lost(&self, agent: AgentId, arrival: u64) {
        if self.inner().hub.agent_connected(agent) {
            return;
        }
        let services = self.clone();
        self.spawn(async move {
            tokio::time::sleep(GRACE).await;
            let gone = !services.inner().hub.agent_connected(agent) && services.inner().presence.leave(agent, arrival);
            if gone {
                services.tell_presence(agent);
            }
        });
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
