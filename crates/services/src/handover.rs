//! Chats that go from hand to hand: offers, transfers, colleagues who write along (PRODUCT A4, A9, S1).

use domain::{AgentId, Author, ClientId, Move, QueueId, SessionId, Span, Status};
use wire::{
    Conflict, Error, Result,
    agent::{Ack, Destination, Destinations},
};

use crate::{Desk, Supervision, desk::checked, directory::Member, faults};

/// Longest word to a colleague, in characters: it has to fit on the card that rings.
const LONGEST_NOTE: usize = 500;

impl Desk {
    /// Takes a chat that rings. `Conflict(NotRinging)` when it has stopped, `TakenBy` when somebody has it.
    pub async fn accept(&self, client_id: ClientId, session: SessionId) -> Result<Ack> {
        let agent = self.staff.member.id;
        let may = self.may_answer(session).await;
        self.act_if(may, client_id, session, Move::Accept { agent }).await
    }

    /// Lets others have a chat that rings; it is offered again to this agent only after the queue's pause.
    pub async fn decline(&self, client_id: ClientId, session: SessionId) -> Result<Ack> {
        let agent = self.staff.member.id;
        let may = self.may_answer(session).await;
        let until = self.staff.services.now() + self.pause_after_decline(session).await?;
        self.act_if(may, client_id, session, Move::Decline { agent, until }).await
    }

    /// Offers one's own chat to a colleague: it rings there and stays one's own until it is accepted.
    pub async fn transfer(
        &self,
        client_id: ClientId,
        session: SessionId,
        to: AgentId,
        note: Option<String>,
    ) -> Result<Ack> {
        let by = self.staff.member.id;
        let note = word(note)?;
        let (row, _) = self.staff.seen(session).await?;
        let ring = self.staff.services.directory().queues.get(&row.session.queue).map_or(20, |q| q.settings.ring);
        let until = self.staff.services.now() + Span::seconds(i64::from(ring));
        let may = self.colleague_there(to).map(drop);
        self.act_if(may, client_id, session, Move::Transfer { by, to, until, note }).await
    }

    /// Takes the offer to a colleague back.
    pub async fn cancel_transfer(&self, client_id: ClientId, session: SessionId) -> Result<Ack> {
        let by = self.staff.member.id;
        self.act_as_owner(client_id, session, Move::CancelTransfer { by }).await
    }

    /// Puts one's own chat into a queue, where it keeps its waiting age.
    pub async fn requeue(
        &self,
        client_id: ClientId,
        session: SessionId,
        queue: QueueId,
        note: Option<String>,
    ) -> Result<Ack> {
        let note = word(note)?;
        let may = self.may_requeue(session, queue).await;
        let by = Author::Agent(self.staff.member.id);
        self.act_if(may, client_id, session, Move::Requeue { by, queue, note }).await
    }

    /// Gives one's own chat to a colleague at once, without asking.
    pub async fn assign(&self, client_id: ClientId, session: SessionId, to: AgentId) -> Result<Ack> {
        let by = self.staff.member.id;
        let may = self.may_hand_over(session, to).await;
        self.act_if(may, client_id, session, Move::Assign { by, to }).await
    }

    /// Lets a colleague write along in one's own chat.
    pub async fn add_colleague(&self, client_id: ClientId, session: SessionId, agent: AgentId) -> Result<Ack> {
        let by = self.staff.member.id;
        let may = self.may_hand_over(session, agent).await;
        self.act_if(may, client_id, session, Move::AddColleague { by, agent }).await
    }

    /// A colleague no longer writes along: oneself, or whom one has asked to.
    pub async fn remove_colleague(&self, client_id: ClientId, session: SessionId, agent: AgentId) -> Result<Ack> {
        let by = self.staff.member.id;
        let may = self.staff.seen(session).await.and_then(|(row, _)| {
            if agent == by || row.session.owner == Some(by) { Ok(()) } else { Err(Error::Forbidden) }
        });
        self.act_if(may, client_id, session, Move::RemoveColleague { by, agent }).await
    }

    /// Who may be rung at all: the others are told who has it, or that there is no such chat.
    async fn may_answer(&self, session: SessionId) -> Result<()> {
        match self.staff.seen(session).await {
            Ok(_) => Ok(()),
            Err(Error::NotFound) => self.may_claim(session).await,
            Err(error) => Err(error),
        }
    }

    async fn pause_after_decline(&self, session: SessionId) -> Result<Span> {
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let row = conn.session(session).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        let directory = self.staff.services.directory();
        let pause = directory.queues.get(&row.session.queue).map_or(0, |queue| queue.settings.pause);
        Ok(Span::seconds(i64::from(pause)))
    }

    async fn may_requeue(&self, session: SessionId, queue: QueueId) -> Result<()> {
        let (row, _) = self.staff.seen(session).await?;
        let chat = &row.session;
        if chat.owner != Some(self.staff.member.id) && chat.status != Status::WaitingForAgent {
            return Err(Error::Forbidden);
        }
        if !self.staff.services.directory().queues.contains_key(&queue) {
            return Err(Error::NotFound);
        }
        Ok(())
    }

    async fn may_hand_over(&self, session: SessionId, to: AgentId) -> Result<()> {
        let (row, _) = self.staff.seen(session).await?;
        if row.session.owner != Some(self.staff.member.id) {
            return Err(Error::Forbidden);
        }
        self.colleague_there(to).map(drop)
    }

    fn colleague_there(&self, id: AgentId) -> Result<Member> {
        self.staff.colleague_there(id)
    }
}

impl Supervision {
    /// Gives a chat of a supervised queue to an agent at once, whoever has it.
    pub async fn reassign(&self, client_id: ClientId, session: SessionId, to: AgentId) -> Result<Ack> {
        let by = self.staff.member.id;
        let (row, _) = self.staff.seen(session).await?;
        if !self.staff.member.oversees(row.session.queue) {
            return Err(Error::Forbidden);
        }
        self.staff.colleague_there(to)?;
        self.staff.act(client_id, session, Move::Assign { by, to }).await
    }
}

impl crate::Staff {
    /// Where a chat can go from here: all other agents, and all queues.
    pub fn destinations(&self) -> Destinations {
        let directory = self.services.directory();
        let takes = |member: &&Member| member.active && member.roles.agent && member.id != self.member.id;
        let mut agents: Vec<_> = directory.members.values().filter(takes).collect();
        agents.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        let online = |queue: QueueId| {
            let there = directory.members.values().filter(|member| {
                member.serves(queue) && self.services.colleague(member).availability == domain::Availability::Online
            });
            u32::try_from(there.count()).unwrap_or(u32::MAX)
        };
        let mut queues: Vec<_> = directory
            .queues
            .values()
            .map(|queue| Destination { queue: queue.id, name: queue.name.clone(), online: online(queue.id) })
            .collect();
        queues.sort_by(|a, b| a.name.cmp(&b.name).then(a.queue.cmp(&b.queue)));
        Destinations { agents: agents.into_iter().map(|member| member.id).collect(), queues }
    }

    /// An agent who could be given a chat now; `Conflict(NotAvailable)` when they are away.
    fn colleague_there(&self, id: AgentId) -> Result<Member> {
        let directory = self.services.directory();
        let member = directory.member(id).filter(|member| member.active && member.roles.agent);
        let member = member.ok_or(Error::NotFound)?;
        if self.services.colleague(member).availability == domain::Availability::Online {
            Ok(member.clone())
        } else {
            Err(Error::Conflict(Conflict::NotAvailable { name: member.name.clone() }))
        }
    }
}

/// A word to the colleague; an empty one is none.
fn word(note: Option<String>) -> Result<Option<String>> {
    let Some(note) = note.filter(|note| !note.trim().is_empty()) else { return Ok(None) };
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::invalid("note", domain::FieldProblem::TooLong));
    }
    checked(&note).map(Some)
}
