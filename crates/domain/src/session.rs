//! The session state machine: every legal move of a chat is an arm of [`Session::apply`].

use serde::{Deserialize, Serialize};

use crate::{
    AgentId, Author, ClientId, Event, EventKind, Outcome, QueueId, QueueRules, RATING_OPEN, SessionId, SiteId, Stars,
    Status, Timestamp, VisitorId, WrapUp, clip,
};

#[cfg(test)]
mod tests;

/// Characters of the last words kept for the list.
const LAST_WORDS: usize = 140;

/// A chat as the state machine sees it. The fields from `waiting_since` on belong to the running episode: each start
/// or resume opens the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub site: SiteId,
    pub queue: QueueId,
    pub visitor: VisitorId,
    pub created_at: Timestamp,
    pub status: Status,
    /// Set exactly when `status` is wrap-up or resolved.
    pub outcome: Option<Outcome>,
    /// The agent who has it; after the end, who had it last. `None` while waiting.
    pub owner: Option<AgentId>,
    /// Newest number of all events.
    pub seq: u32,
    /// Newest number of those the visitor may see.
    pub vseq: u32,
    /// When [`Move::TimeOut`] falls due: the end of the wait or of a timed wrap-up. A row, not a timer, so that it
    /// outlives a restart.
    pub deadline: Option<Timestamp>,
    pub last_text: String,
    pub last_author: Author,
    pub last_at: Timestamp,
    /// The visitor's messages after the owner's read mark.
    pub unread: u32,
    /// 1, 2, 3 …
    pub episode: u32,
    pub waiting_since: Timestamp,
    pub assigned_at: Option<Timestamp>,
    pub first_reply_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// What begins a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub id: SessionId,
    pub site: SiteId,
    pub queue: QueueId,
    pub visitor: VisitorId,
    pub client_id: ClientId,
    pub page: Option<String>,
    /// The visitor's question, already checked by [`crate::message_text`].
    pub question: String,
    /// The site's auto-start message (PRODUCT V4).
    pub greeting: Option<String>,
}

/// Something a person or the clock does to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Text already checked by [`crate::message_text`], here and below.
    VisitorWrites {
        text: String,
    },
    AgentWrites {
        agent: AgentId,
        text: String,
    },
    AgentNotes {
        agent: AgentId,
        text: String,
    },
    /// Take a waiting chat.
    Claim {
        agent: AgentId,
    },
    /// Hand it to another agent, who has accepted.
    Assign {
        by: AgentId,
        to: AgentId,
    },
    /// Put it into a queue (again).
    Requeue {
        by: Author,
        queue: QueueId,
    },
    /// The owner ends it.
    End {
        agent: AgentId,
    },
    /// The owner has finished the wrap-up.
    CloseWrapUp {
        agent: AgentId,
    },
    /// The visitor leaves.
    Leave,
    /// The visitor is gone.
    Abandon,
    Block {
        by: AgentId,
    },
    /// The visitor takes an ended chat up again.
    Resume,
    /// The deadline has passed.
    TimeOut,
    Rate {
        stars: Stars,
        words: String,
    },
}

/// Why a move is not possible now. Each is something a screen can explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The chat is over.
    Ended,
    /// The chat is not over yet.
    NotEnded,
    /// Somebody else has it.
    TakenBy(AgentId),
    /// Nobody has it yet; it has to be taken first.
    NotTaken,
    /// It is not in wrap-up.
    NotInWrapUp,
    /// Nothing falls due now.
    NotDue,
    /// The time for rating it is over.
    RatingClosed,
}

/// What a move did: the session afterwards and the events it left, oldest first. No event means that there was
/// nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    pub session: Session,
    pub events: Vec<Event>,
}

impl Session {
    /// A new chat, waiting in its queue.
    pub fn start(start: Start, rules: QueueRules, now: Timestamp) -> Acted {
        let session = Self {
            id: start.id,
            site: start.site,
            queue: start.queue,
            visitor: start.visitor,
            created_at: now,
            status: Status::WaitingForAgent,
            outcome: None,
            owner: None,
            seq: 0,
            vseq: 0,
            deadline: Some(now + rules.wait()),
            last_text: String::new(),
            last_author: Author::System,
            last_at: now,
            unread: 0,
            episode: 1,
            waiting_since: now,
            assigned_at: None,
            first_reply_at: None,
            ended_at: None,
        };
        let mut turn = Turn { session, events: Vec::with_capacity(3), now, client_id: Some(start.client_id) };
        turn.log(Author::Visitor, EventKind::Started { page: start.page });
        turn.write(Author::Visitor, start.question);
        if let Some(greeting) = start.greeting {
            turn.log(Author::System, EventKind::Message { text: greeting });
        }
        turn.done()
    }

    /// The session after `movement`, with the events it leaves; the session itself is untouched when refused.
    /// `client_id` is noted on the first event.
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
            Move::AgentWrites { agent, text } => {
                self.must_be_open()?;
                self.must_own(agent)?;
                turn.write(Author::Agent(agent), text);
                turn.session.status = Status::ActiveChat;
                turn.session.first_reply_at.get_or_insert(now);
            }
            Move::AgentNotes { agent, text } => turn.log(Author::Agent(agent), EventKind::Note { text }),
            Move::Claim { agent } => {
                self.must_be_open()?;
                match self.owner {
                    Some(owner) if owner == agent => {}
                    Some(owner) => return Err(Refusal::TakenBy(owner)),
                    None => turn.give_to(agent, Author::Agent(agent), EventKind::Joined),
                }
            }
            Move::Assign { by, to } => {
                self.must_be_open()?;
                if self.owner != Some(to) {
                    turn.give_to(to, Author::Agent(by), EventKind::Assigned { to });
                }
            }
            Move::Requeue { by, queue } => {
                self.must_be_open()?;
                if self.owner.is_some() || self.queue != queue {
                    turn.wait_in(queue, rules);
                    turn.log(by, EventKind::Requeued { queue, from: self.owner });
                }
            }
            Move::End { agent } => {
                self.must_be_open()?;
                self.must_own(agent)?;
                turn.end(Author::Agent(agent), Outcome::Handled);
                match rules.wrap_up {
                    WrapUp::None => {}
                    WrapUp::Timed(seconds) => {
                        turn.session.status = Status::WrapUp;
                        turn.session.deadline = Some(now + crate::Span::seconds(i64::from(seconds)));
                    }
                    WrapUp::Manual => turn.session.status = Status::WrapUp,
                }
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
                if self.deadline.is_none_or(|deadline| deadline > now) {
                    return Err(Refusal::NotDue);
                }
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
        }
        Ok(turn.done())
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        if self.status.open() { Ok(()) } else { Err(Refusal::Ended) }
    }

    fn must_own(&self, agent: AgentId) -> Result<(), Refusal> {
        match self.owner {
            Some(owner) if owner == agent => Ok(()),
            Some(owner) => Err(Refusal::TakenBy(owner)),
            None => Err(Refusal::NotTaken),
        }
    }
}

/// One move while it is being made.
struct Turn {
    session: Session,
    events: Vec<Event>,
    now: Timestamp,
    client_id: Option<ClientId>,
}

impl Turn {
    fn log(&mut self, author: Author, kind: EventKind) {
        self.session.seq += 1;
        let vseq = kind.for_visitor().then(|| {
            self.session.vseq += 1;
            self.session.vseq
        });
        let client_id = self.client_id.take();
        self.events.push(Event { seq: self.session.seq, vseq, at: self.now, author, kind, client_id });
    }

    fn write(&mut self, author: Author, text: String) {
        self.session.last_text = clip(&text, LAST_WORDS);
        self.session.last_author = author;
        self.session.last_at = self.now;
        if author == Author::Visitor {
            self.session.unread += 1;
        }
        self.log(author, EventKind::Message { text });
    }

    fn give_to(&mut self, agent: AgentId, author: Author, kind: EventKind) {
        self.session.owner = Some(agent);
        self.session.status = Status::AssignedToAgent;
        self.session.deadline = None;
        self.session.assigned_at.get_or_insert(self.now);
        self.log(author, kind);
    }

    fn wait_in(&mut self, queue: QueueId, rules: QueueRules) {
        self.session.queue = queue;
        self.session.owner = None;
        self.session.status = Status::WaitingForAgent;
        self.session.deadline = Some(self.now + rules.wait());
    }

    fn end(&mut self, author: Author, outcome: Outcome) {
        self.session.status = Status::Resolved;
        self.session.outcome = Some(outcome);
        self.session.deadline = None;
        self.session.ended_at = Some(self.now);
        self.session.unread = 0;
        self.log(author, EventKind::Ended { outcome });
    }

    fn close_wrap_up(&mut self, author: Author) {
        self.session.status = Status::Resolved;
        self.session.deadline = None;
        self.log(author, EventKind::WrapUpClosed);
    }

    fn next_episode(&mut self, rules: QueueRules) {
        self.wait_in(self.session.queue, rules);
        self.session.outcome = None;
        self.session.episode += 1;
        self.session.waiting_since = self.now;
        self.session.assigned_at = None;
        self.session.first_reply_at = None;
        self.session.ended_at = None;
    }

    fn done(self) -> Acted {
        Acted { session: self.session, events: self.events }
    }
}
