//! One move while it is being made: what several moves do alike.

use super::{Acted, Session};
use crate::{
    AfterOffer, AgentId, Attachment, Author, AutoText, Channel, ClientId, Event, EventKind, OfferEnd, OfferWhy,
    Outcome, Pause, QueueId, QueueRules, Ring, Routing, Span, Status, Timestamp, WrapUp, clip,
};

/// Characters of the last words kept for the list.
const LAST_WORDS: usize = 140;

pub(super) struct Turn {
    pub session: Session,
    pub events: Vec<Event>,
    pub now: Timestamp,
    pub client_id: Option<ClientId>,
}

impl Turn {
    pub fn log(&mut self, author: Author, kind: EventKind) {
        self.session.seq += 1;
        let vseq = kind.for_visitor().then(|| {
            self.session.vseq += 1;
            self.session.vseq
        });
        let client_id = self.client_id.take();
        self.events.push(Event { seq: self.session.seq, vseq, at: self.now, author, kind, client_id });
    }

    pub fn write(&mut self, author: Author, text: String) {
        let words = clip(&text, LAST_WORDS);
        self.say(author, words, EventKind::Message { text });
    }

    pub fn attach(&mut self, author: Author, file: Attachment) {
        let words = clip(&file.name, LAST_WORDS);
        self.say(author, words, EventKind::Attachment(file));
    }

    /// What one says to the other side, in `words` for the list.
    fn say(&mut self, author: Author, words: String, kind: EventKind) {
        self.session.last_text = words;
        self.session.last_author = author;
        self.session.last_at = self.now;
        if author == Author::Visitor {
            self.session.unread += 1;
        }
        // Whoever speaks, a silence is over.
        self.session.routing.told.retain(|told| *told != AutoText::Silence);
        self.log(author, kind);
    }

    pub fn note(&mut self, agent: AgentId, note: Option<&String>) {
        if let Some(text) = note {
            self.log(Author::Agent(agent), EventKind::Note { text: text.clone() });
        }
    }

    pub fn ring(&mut self, author: Author, to: Vec<AgentId>, until: Timestamp, why: OfferWhy, note: Option<String>) {
        let seconds = u32::try_from((until - self.now).nearest_seconds()).unwrap_or(0);
        self.log(author, EventKind::Offered { to: to.clone(), seconds, why });
        self.session.routing.ring = Some(Ring { to, since: self.now, until, why, note });
    }

    /// `agents` are among those whom it rings.
    pub fn stop_ringing(&mut self, author: Author, agents: &[AgentId], why: OfferEnd, pause_until: Timestamp) {
        let now = self.now;
        let routing = &mut self.session.routing;
        routing.pauses.retain(|pause| pause.until > now && !agents.contains(&pause.agent));
        if pause_until > now {
            routing.pauses.extend(agents.iter().map(|agent| Pause { agent: *agent, until: pause_until }));
        }
        if let Some(ring) = &mut routing.ring {
            ring.to.retain(|agent| !agents.contains(agent));
        }
        let then = match &routing.ring {
            Some(ring) if !ring.to.is_empty() => AfterOffer::Rings,
            _ if self.session.owner.is_some() => AfterOffer::Stays,
            _ => AfterOffer::Waits,
        };
        if then != AfterOffer::Rings {
            routing.ring = None;
        }
        self.log(author, EventKind::OfferEnded { from: agents.to_vec(), why, then });
    }

    pub fn give_to(&mut self, agent: AgentId, author: Author, kind: EventKind) {
        let session = &mut self.session;
        session.owner = Some(agent);
        session.status = Status::AssignedToAgent;
        session.deadline = None;
        session.assigned_at.get_or_insert(self.now);
        let routing = &mut session.routing;
        routing.ring = None;
        routing.pauses.clear();
        routing.from = None;
        routing.lost_until = None;
        routing.colleagues.retain(|colleague| *colleague != agent);
        self.log(author, kind);
    }

    pub fn wait_in(&mut self, queue: QueueId, rules: QueueRules) {
        let session = &mut self.session;
        session.queue = queue;
        session.owner = None;
        session.status = Status::WaitingForAgent;
        session.deadline = session.channel.deadline(self.now, rules);
        let routing = &mut session.routing;
        routing.ring = None;
        routing.pauses.clear();
        routing.from = None;
        routing.lost_until = None;
        routing.colleagues.clear();
    }

    /// Its end by an agent's hand, or for them.
    pub fn close(&mut self, author: Author, closing: Option<String>, rules: QueueRules) {
        if let Some(text) = closing {
            self.log(Author::System, EventKind::Message { text });
        }
        self.end(author, Outcome::Handled);
        // After a letter nobody is in a hurry to be free for the next chat.
        match if self.session.channel == Channel::Email { WrapUp::None } else { rules.wrap_up } {
            WrapUp::None => {}
            WrapUp::Timed(seconds) => {
                self.session.status = Status::WrapUp;
                self.session.deadline = Some(self.now + Span::seconds(i64::from(seconds)));
            }
            WrapUp::Manual => self.session.status = Status::WrapUp,
        }
    }

    pub fn end(&mut self, author: Author, outcome: Outcome) {
        self.session.status = Status::Resolved;
        self.session.outcome = Some(outcome);
        self.session.deadline = None;
        self.session.ended_at = Some(self.now);
        self.session.unread = 0;
        self.session.routing.ring = None;
        self.session.routing.pauses.clear();
        self.session.routing.lost_until = None;
        self.log(author, EventKind::Ended { outcome });
    }

    pub fn close_wrap_up(&mut self, author: Author) {
        self.session.status = Status::Resolved;
        self.session.deadline = None;
        self.log(author, EventKind::WrapUpClosed);
    }

    pub fn next_episode(&mut self, rules: QueueRules) {
        let previous = self.session.owner.or(self.session.routing.previous);
        self.wait_in(self.session.queue, rules);
        self.session.routing = Routing { previous, ..Routing::default() };
        self.session.outcome = None;
        self.session.attachments = false;
        self.session.episode += 1;
        self.session.waiting_since = self.now;
        self.session.assigned_at = None;
        self.session.first_reply_at = None;
        self.session.ended_at = None;
    }

    pub fn done(self) -> Acted {
        Acted { session: self.session, events: self.events }
    }
}

impl Channel {
    /// When somebody who begins to wait now has waited for too long.
    pub(super) fn deadline(self, now: Timestamp, rules: QueueRules) -> Option<Timestamp> {
        match self {
            Self::Chat => Some(now + rules.wait()),
            Self::Email => None,
        }
    }
}
