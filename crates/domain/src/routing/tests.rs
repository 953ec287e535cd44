//! Routing against random histories, and the stories that people tell of it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    AfterWait, Author, AutoTexts, Channel, ClientId, QueueId, QueueRules, QueueSettings, Returning, Session, SessionId,
    SiteId, Start, Status, Strategy, TimedText, Timestamp, VisitorId, WrapUp, room, session::limit,
};

mod histories;
mod stories;

fn agent(n: usize) -> AgentId {
    AgentId::from_uuid(Uuid::from_u128(0xA0 + n as u128))
}

fn queue(n: usize) -> QueueId {
    QueueId::from_uuid(Uuid::from_u128(0xB0 + n as u128))
}

fn chat(n: usize) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(0xC00 + n as u128))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn ready(n: usize, queues: &[usize]) -> Agent {
    Agent {
        id: agent(n),
        available: true,
        lost: false,
        limit: 0,
        serves: queues.iter().map(|n| queue(*n)).collect(),
        last_offer: None,
    }
}

fn state(settings: QueueSettings, rules: QueueRules) -> QueueState {
    QueueState { rules, settings, open: true }
}

/// The chats as the database has them, beside the floor.
struct House {
    floor: Floor,
    chats: Vec<Session>,
    queues: Vec<QueueState>,
    agents: Vec<Agent>,
    now: i64,
    decisions: Vec<Decision>,
}

impl House {
    fn new(queues: Vec<QueueState>, agents: Vec<Agent>) -> Self {
        let mut house =
            Self { floor: Floor::default(), chats: Vec::new(), queues, agents, now: 0, decisions: Vec::new() };
        let news = house.everything();
        house.tell(news);
        house
    }

    fn everything(&self) -> Vec<News> {
        let queues = self.queues.iter().enumerate().map(|(n, state)| News::Queue(queue(n), Box::new(state.clone())));
        let agents = self.agents.iter().cloned().map(News::Agent);
        let chats = self.chats.iter().map(|session| News::Chat { session: Box::new(session.clone()), in_hours: true });
        queues.chain(agents).chain(chats).collect()
    }

    /// What happened reaches the floor, and what it decides is done.
    fn tell(&mut self, news: Vec<News>) -> Vec<Decision> {
        let decisions = self.floor.turn(news, at(self.now));
        for decision in &decisions {
            self.act(decision.session, decision.movement.clone()).expect("the engine's moves are legal");
        }
        self.decisions.extend(decisions.iter().cloned());
        decisions
    }

    /// A move in the database; the floor is not told.
    fn act(&mut self, id: SessionId, movement: Move) -> Result<(), crate::Refusal> {
        let place = self.chats.iter().position(|session| session.id == id).expect("a known chat");
        let session = &self.chats[place];
        let into = movement.into_queue().unwrap_or(session.queue);
        let n = (0..self.queues.len()).find(|n| queue(*n) == into).expect("a known queue");
        let rules = self.queues[n].rules;
        if let Some(to) = session.given_to(&movement) {
            let of_agent = self.agents.iter().find(|agent| agent.id == to).map_or(0, |agent| agent.limit);
            room(self.in_hand(to), of_agent, rules.chat_limit)?;
        }
        self.chats[place] = session.apply(movement, None, rules, at(self.now))?.session;
        Ok(())
    }

    /// A person's move, and what follows from it.
    fn go(&mut self, id: SessionId, movement: Move) -> Result<Vec<Decision>, crate::Refusal> {
        self.act(id, movement)?;
        let session = Box::new(self.chat(id).clone());
        Ok(self.tell(vec![News::Chat { session, in_hours: true }]))
    }

    fn begin(&mut self, n: usize, queue_n: usize) -> Vec<Decision> {
        let start = Start {
            id: chat(n),
            site: SiteId::from_uuid(Uuid::from_u128(1)),
            queue: queue(queue_n),
            visitor: VisitorId::from_uuid(Uuid::from_u128(0xD00 + n as u128)),
            channel: Channel::Chat,
            client_id: ClientId::from_uuid(Uuid::from_u128(0xE00 + n as u128)),
            page: None,
            question: "Hello".into(),
            answers: Vec::new(),
            echo: false,
            greeting: None,
        };
        let session = Session::start(start, self.queues[queue_n].rules, at(self.now)).session;
        self.chats.push(session.clone());
        self.tell(vec![News::Chat { session: Box::new(session), in_hours: true }])
    }

    fn set(&mut self, n: usize, change: impl FnOnce(&mut Agent)) -> Vec<Decision> {
        change(&mut self.agents[n]);
        let news = News::Agent(self.agents[n].clone());
        self.tell(vec![news])
    }

    fn wait(&mut self, seconds: i64) -> Vec<Decision> {
        self.now += seconds;
        self.tell(Vec::new())
    }

    fn chat(&self, id: SessionId) -> &Session {
        self.chats.iter().find(|session| session.id == id).expect("a known chat")
    }

    /// Open chats of this agent.
    fn in_hand(&self, agent: AgentId) -> u32 {
        let own = self.chats.iter().filter(|session| session.status.open() && session.owner == Some(agent));
        u32::try_from(own.count()).expect("few")
    }

    fn ringing(&self, agent: AgentId) -> u32 {
        let rings = self.chats.iter().filter(|session| session.routing.rings(agent));
        u32::try_from(rings.count()).expect("few")
    }
}

/// The moves of the engine, without whose chat they are.
fn moves(decisions: &[Decision]) -> Vec<Move> {
    decisions.iter().map(|decision| decision.movement.clone()).collect()
}

fn offer(to: &[usize], until: i64, why: OfferWhy) -> Move {
    Move::Offer { to: to.iter().map(|n| agent(*n)).collect(), until: at(until), why }
}
