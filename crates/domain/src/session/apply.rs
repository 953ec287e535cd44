//! Every legal move, one arm each.

use super::{Acted, Move, Refusal, Session, Start, turn::Turn};
use crate::{
    AgentId, Author, Channel, ClientId, EventKind, OfferEnd, OfferWhy, Outcome, QueueRules, RATING_OPEN, Routing, Span,
    Status, Timestamp,
};

impl Session {
    /// A new chat, waiting in its queue.
    pub fn start(start: Start, rules: QueueRules, now: Timestamp) -> Acted {
        let session = Self {
            id: start.id,
            site: start.site,
            queue: start.queue,
            visitor: start.visitor,
            channel: start.channel,
            created_at: now,
            status: Status::WaitingForAgent,
            outcome: None,
            owner: None,
            seq: 0,
            vseq: 0,
            deadline: start.channel.deadline(now, rules),
            routing: Routing::default(),
            last_text: String::new(),
            last_author: Author::System,
            last_at: now,
            unread: 0,
            attachments: false,
            episode: 1,
            waiting_since: now,
            assigned_at: None,
            first_reply_at: None,
            ended_at: None,
        };
        let mut turn = Turn { session, events: Vec::with_capacity(3), now, client_id: Some(start.client_id) };
        turn.log(Author::Visitor, EventKind::Started { page: start.page });
        // What only says who they are stands in the visitor's record.
        if !start.answers.is_empty() && (start.echo || start.answers.iter().any(|answer| !answer.kind.once())) {
            turn.log(Author::Visitor, EventKind::Answered { answers: start.answers, echoed: start.echo });
        }
        turn.write(Author::Visitor, start.question);
        if let Some(greeting) = start.greeting {
            turn.log(Author::System, EventKind::Message { text: greeting });
        }
        turn.done()
    }

    /// The session after `movement`, with the events it leaves; the session itself is untouched when refused.
    /// `rules` are those of the queue it is in, or of the one it comes to. `client_id` is noted on the first event.
    /// The limit of whoever is given it is the caller's to look at ([`Session::given_to`]).
    #[expect(clippy::too_many_lines, reason = "a table: one arm for each move, found by its name")]
    pub fn apply(
        &self,
        movement: Move,
        client_id: Option<ClientId>,
        rules: QueueRules,
        now: Timestamp,
    ) -> Result<Acted, Refusal> {
        let mut turn = Turn { session: self.clone(), events: Vec::with_capacity(1), now, client_id };
        match movement {
            Move::VisitorWrites { text } => {
                self.must_be_open()?;
                turn.write(Author::Visitor, text);
            }
            Move::AgentWrites { agent, text } => self.answer(&mut turn, agent, text)?,
            Move::AgentInsists { agent, text, rules: overridden } => {
                self.answer(&mut turn, agent, text)?;
                turn.log(Author::Agent(agent), EventKind::Overrode { rules: overridden });
            }
            Move::VisitorAttaches { file } => self.visitor_attaches(&mut turn, file)?,
            Move::AgentAttaches { agent, file } => self.agent_attaches(&mut turn, agent, file)?,
            Move::AllowAttachments { agent, on } => self.allow_attachments(&mut turn, agent, on)?,
            Move::AgentNotes { agent, text } => turn.log(Author::Agent(agent), EventKind::Note { text }),
            Move::Claim { agent } => {
                self.must_be_open()?;
                match self.owner {
                    Some(owner) if owner == agent => {}
                    Some(owner) => return Err(Refusal::TakenBy(owner)),
                    None => turn.give_to(agent, Author::Agent(agent), EventKind::Joined),
                }
            }
            Move::Accept { agent } => self.accept(&mut turn, agent)?,
            Move::Decline { agent, until } => {
                self.must_ring(agent)?;
                turn.stop_ringing(Author::Agent(agent), &[agent], OfferEnd::Declined, until);
            }
            Move::Offer { to, until, why } => {
                self.must_wait()?;
                if self.routing.ring.is_some() || to.is_empty() {
                    return Err(Refusal::Ringing);
                }
                turn.ring(Author::System, to, until, why, None);
            }
            Move::Withdraw { from, why, until } => {
                let from: Vec<AgentId> = from.into_iter().filter(|agent| self.routing.rings(*agent)).collect();
                if from.is_empty() {
                    return Err(Refusal::NotRinging);
                }
                turn.stop_ringing(Author::System, &from, why, until);
            }
            Move::Give { to, why } => {
                self.must_wait()?;
                turn.give_to(to, Author::System, EventKind::Given { to, why });
            }
            Move::Transfer { by, to, until, note } => {
                self.must_be_open()?;
                self.must_own(by)?;
                if to == by {
                    return Err(Refusal::OwnAlready);
                }
                if self.routing.ring.is_some() {
                    return Err(Refusal::Ringing);
                }
                turn.note(by, note.as_ref());
                match self.channel {
                    Channel::Chat => turn.ring(Author::Agent(by), vec![to], until, OfferWhy::Transfer, note),
                    // Nobody waits for it, so it lies with the colleague until they come to it.
                    Channel::Email => turn.give_to(to, Author::Agent(by), EventKind::Assigned { to }),
                }
            }
            Move::CancelTransfer { by } => {
                self.must_own(by)?;
                let Some(ring) = &self.routing.ring else { return Err(Refusal::NotRinging) };
                turn.stop_ringing(Author::Agent(by), &ring.to, OfferEnd::Withdrawn, now);
            }
            Move::Assign { by, to } => {
                self.must_be_open()?;
                if self.owner != Some(to) {
                    turn.give_to(to, Author::Agent(by), EventKind::Assigned { to });
                }
            }
            Move::Requeue { by, queue, note } => {
                self.must_be_open()?;
                if self.owner.is_some() || self.queue != queue {
                    if let Author::Agent(agent) = by {
                        turn.note(agent, note.as_ref());
                    }
                    turn.wait_in(queue, rules);
                    turn.session.routing.from = self.owner;
                    turn.log(by, EventKind::Requeued { queue, from: self.owner });
                }
            }
            Move::GiveBack { why } => {
                self.must_be_open()?;
                let Some(owner) = self.owner else { return Err(Refusal::NotTaken) };
                turn.wait_in(self.queue, rules);
                turn.log(Author::System, EventKind::GaveBack { from: owner, why });
            }
            Move::Overflow { queue } => {
                self.must_wait()?;
                self.must_be_due(now)?;
                let seconds = seconds(now - self.waiting_since);
                turn.wait_in(queue, rules);
                turn.session.routing.left.push(self.queue);
                turn.log(Author::System, EventKind::Overflowed { queue, from: self.queue, seconds });
            }
            Move::OwnerLost { until } => {
                self.must_be_open()?;
                let Some(owner) = self.owner else { return Err(Refusal::NotTaken) };
                if self.routing.lost_until.is_none() {
                    turn.session.routing.lost_until = Some(until);
                    turn.log(Author::System, EventKind::OwnerLost { agent: owner });
                }
            }
            Move::OwnerBack => {
                let Some(owner) = self.owner else { return Err(Refusal::NotTaken) };
                if turn.session.routing.lost_until.take().is_some() {
                    turn.log(Author::System, EventKind::OwnerBack { agent: owner });
                }
            }
            Move::AddColleague { by, agent } => {
                self.must_be_open()?;
                self.must_be_taken()?;
                if !self.worked_on_by(agent) {
                    turn.session.routing.colleagues.push(agent);
                    turn.log(Author::Agent(by), EventKind::ColleagueJoined { agent });
                }
            }
            Move::RemoveColleague { by, agent } => {
                if self.routing.colleagues.contains(&agent) {
                    turn.session.routing.colleagues.retain(|colleague| *colleague != agent);
                    turn.log(Author::Agent(by), EventKind::ColleagueLeft { agent });
                }
            }
            Move::Post { what, text } => {
                self.must_be_open()?;
                if !self.routing.told.contains(&what) {
                    turn.session.routing.told.push(what);
                    turn.log(Author::System, EventKind::Message { text });
                }
            }
            Move::End { agent, closing } => {
                self.must_be_open()?;
                self.must_own(agent)?;
                turn.close(Author::Agent(agent), closing, rules);
            }
            Move::CloseIdle { closing } => {
                self.must_be_open()?;
                self.must_be_taken()?;
                turn.close(Author::System, closing, rules);
            }
            Move::CloseWrapUp { agent } => {
                if self.status != Status::WrapUp {
                    return Err(Refusal::NotInWrapUp);
                }
                self.must_own(agent)?;
                turn.close_wrap_up(Author::Agent(agent));
            }
            Move::Leave => {
                self.must_be_open()?;
                turn.end(Author::Visitor, Outcome::Left);
            }
            Move::Abandon => {
                self.must_be_open()?;
                turn.end(Author::System, Outcome::Abandoned);
            }
            Move::Block { by } => {
                self.must_be_open()?;
                turn.end(Author::Agent(by), Outcome::Blocked);
            }
            Move::Resume => {
                if self.status.open() {
                    return Err(Refusal::NotEnded);
                }
                if self.status == Status::WrapUp {
                    turn.close_wrap_up(Author::System);
                }
                turn.next_episode(rules);
                turn.log(Author::Visitor, EventKind::Resumed);
            }
            Move::TimeOut => {
                self.must_be_due(now)?;
                match self.status {
                    Status::WaitingForAgent => turn.end(Author::System, Outcome::Missed),
                    Status::WrapUp => turn.close_wrap_up(Author::System),
                    Status::AssignedToAgent | Status::ActiveChat | Status::Resolved => return Err(Refusal::NotDue),
                }
            }
            Move::Rate { stars, words } => {
                let Some(ended) = self.ended_at else { return Err(Refusal::NotEnded) };
                if now - ended > RATING_OPEN {
                    return Err(Refusal::RatingClosed);
                }
                turn.log(Author::Visitor, EventKind::Rated { stars, words });
            }
            Move::Mailed { letter, to, handover } => {
                turn.log(Author::System, EventKind::Mailed { letter, to, handover });
            }
        }
        Ok(turn.done())
    }

    /// An offer that has run out cannot be accepted, even where nobody has withdrawn it yet: the next one may ring.
    fn accept(&self, turn: &mut Turn, agent: AgentId) -> Result<(), Refusal> {
        self.must_be_open()?;
        if self.owner == Some(agent) {
            return Ok(());
        }
        match &self.routing.ring {
            Some(ring) if ring.to.contains(&agent) && ring.until > turn.now => {}
            _ => return Err(self.owner.map_or(Refusal::NotRinging, Refusal::TakenBy)),
        }
        match self.owner {
            // A colleague hands it over: the visitor reads that one follows the other.
            Some(owner) => turn.give_to(agent, Author::Agent(owner), EventKind::Assigned { to: agent }),
            None => turn.give_to(agent, Author::Agent(agent), EventKind::Joined),
        }
        Ok(())
    }

    fn answer(&self, turn: &mut Turn, agent: AgentId, text: String) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.must_work_on(agent)?;
        turn.write(Author::Agent(agent), text);
        turn.session.first_reply_at.get_or_insert(turn.now);
        if self.owner == Some(agent) {
            turn.session.status = Status::ActiveChat;
        }
        Ok(())
    }

    pub(super) fn must_be_open(&self) -> Result<(), Refusal> {
        if self.status.open() { Ok(()) } else { Err(Refusal::Ended) }
    }

    fn must_wait(&self) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.owner.map_or(Ok(()), |owner| Err(Refusal::TakenBy(owner)))
    }

    fn must_be_taken(&self) -> Result<(), Refusal> {
        if self.owner.is_some() { Ok(()) } else { Err(Refusal::NotTaken) }
    }

    fn must_be_due(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.deadline.is_some_and(|deadline| deadline <= now) { Ok(()) } else { Err(Refusal::NotDue) }
    }

    fn must_ring(&self, agent: AgentId) -> Result<(), Refusal> {
        if self.routing.rings(agent) { Ok(()) } else { Err(Refusal::NotRinging) }
    }

    pub(super) fn must_own(&self, agent: AgentId) -> Result<(), Refusal> {
        match self.owner {
            Some(owner) if owner == agent => Ok(()),
            Some(owner) => Err(Refusal::TakenBy(owner)),
            None => Err(Refusal::NotTaken),
        }
    }

    pub(super) fn must_work_on(&self, agent: AgentId) -> Result<(), Refusal> {
        if self.worked_on_by(agent) { Ok(()) } else { self.must_own(agent) }
    }
}

fn seconds(span: Span) -> u32 {
    u32::try_from(span.whole_seconds()).unwrap_or(0)
}
