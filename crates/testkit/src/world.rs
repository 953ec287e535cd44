//! People and places, with everything filled in that a test does not care about.

use domain::{
    AgentId, Answers, Author, Channel, ClientId, Move, QueueId, QueueRules, QueueSettings, Roles, SessionId, SiteId,
    Start, VisitorId,
};
use store::{Ack, Act, ActError, NewAgent, NewChat, NewQueue, NewSite, NewVisitor, StartDone, Store};

use crate::{Ids, NOW};

/// One agent, one queue, one site, and more at will.
pub struct World {
    pub store: Store,
    pub ids: Ids,
    pub agent: AgentId,
    pub queue: QueueId,
    pub site: SiteId,
}

/// Setting up a test has to work; what a test is about returns results.
const SET_UP: &str = "the world of the test";

impl World {
    /// # Panics
    /// When the database refuses.
    pub async fn new(store: &Store) -> Self {
        Self::at(store, 1).await
    }

    /// With ids of their own: two worlds in one database need different seeds.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn at(store: &Store, seed: u64) -> Self {
        let ids = Ids::seeded(seed);
        let (agent, queue, site) = (ids.agent(), ids.queue(), ids.site());
        let world = Self { store: store.clone(), ids, agent, queue, site };
        let mut tx = store.begin().await.expect(SET_UP);
        tx.create_agent(new_agent(agent, "Ada", Roles { agent: true, ..Roles::default() })).await.expect(SET_UP);
        tx.create_queue(new_queue(queue, "Sales", QueueRules::default())).await.expect(SET_UP);
        tx.set_queue_members(queue, &[agent]).await.expect(SET_UP);
        tx.create_site(new_site(site, &format!("shop-{seed}"), queue)).await.expect(SET_UP);
        tx.commit().await.expect(SET_UP);
        world
    }

    /// Another agent.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn agent(&self, name: &str) -> AgentId {
        let id = self.ids.agent();
        let mut tx = self.store.begin().await.expect(SET_UP);
        tx.create_agent(new_agent(id, name, Roles { agent: true, ..Roles::default() })).await.expect(SET_UP);
        tx.commit().await.expect(SET_UP);
        id
    }

    /// Another queue.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn queue(&self, name: &str, rules: QueueRules) -> QueueId {
        let id = self.ids.queue();
        let mut tx = self.store.begin().await.expect(SET_UP);
        tx.create_queue(new_queue(id, name, rules)).await.expect(SET_UP);
        tx.commit().await.expect(SET_UP);
        id
    }

    /// A start by a new visitor; change what the test is about.
    pub fn start(&self) -> NewChat {
        self.start_of(self.ids.visitor(), true)
    }

    /// A start by this visitor.
    pub fn start_of(&self, visitor: VisitorId, new_visitor: bool) -> NewChat {
        NewChat {
            start: Start {
                id: self.ids.session(),
                site: self.site,
                queue: self.queue,
                visitor,
                channel: Channel::Chat,
                client_id: self.ids.client(),
                page: Some("https://shop.example/boots".into()),
                question: "Do these boots run small?".into(),
                answers: Vec::new(),
                echo: false,
                greeting: None,
            },
            visitor: NewVisitor {
                id: visitor,
                site: self.site,
                name: "Lena".into(),
                email: "lena@example.org".into(),
                phone: String::new(),
                language: "en".into(),
                user_agent: "Test/1".into(),
                time_zone: String::new(),
            },
            new_visitor,
            token_hash: None,
            now: NOW,
        }
    }

    /// A waiting chat of a new visitor.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn chat(&self) -> StartDone {
        self.store.start_chat(self.start()).await.expect(SET_UP)
    }

    /// A move by whom it belongs to, at [`NOW`], with a client id of its own.
    pub async fn act(&self, chat: &StartDone, movement: Move) -> Result<Ack, ActError> {
        let client = self.ids.client();
        self.store.act(act(chat.session, chat.visitor, movement, Some(client))).await
    }
}

/// A move by whom it belongs to, at [`NOW`].
/// Of the form that a site has by default.
pub fn answers(name: &str, email: &str, question: &str) -> Answers {
    Answers(
        [("name", name), ("email", email), ("question", question)].map(|(key, text)| (key.into(), text.into())).into(),
    )
}

pub fn act(session: SessionId, visitor: VisitorId, movement: Move, client_id: Option<ClientId>) -> Act {
    let author = match &movement {
        Move::VisitorWrites { .. } | Move::VisitorAttaches { .. } | Move::Leave | Move::Resume | Move::Rate { .. } => {
            Author::Visitor
        }
        Move::AgentWrites { agent, .. }
        | Move::AgentInsists { agent, .. }
        | Move::AgentAttaches { agent, .. }
        | Move::AllowAttachments { agent, .. }
        | Move::AgentNotes { agent, .. }
        | Move::Claim { agent }
        | Move::Accept { agent }
        | Move::Decline { agent, .. }
        | Move::Transfer { by: agent, .. }
        | Move::CancelTransfer { by: agent }
        | Move::AddColleague { by: agent, .. }
        | Move::RemoveColleague { by: agent, .. }
        | Move::End { agent, .. }
        | Move::CloseWrapUp { agent }
        | Move::Assign { by: agent, .. }
        | Move::Block { by: agent } => Author::Agent(*agent),
        Move::Requeue { by, .. } => *by,
        _ => Author::System,
    };
    let author_id = match author {
        Author::Visitor => visitor.uuid(),
        Author::Agent(agent) => agent.uuid(),
        Author::System => uuid::Uuid::nil(),
    };
    Act { session, movement, author, author_id, client_id, now: NOW }
}

fn new_agent(id: AgentId, name: &str, roles: Roles) -> NewAgent {
    let email = format!("{}.{}@example.org", name.to_lowercase(), id);
    NewAgent { id, email, name: name.into(), password_hash: "$argon2id$none".into(), roles, now: NOW }
}

fn new_queue(id: QueueId, name: &str, rules: QueueRules) -> NewQueue {
    NewQueue { id, name: name.into(), rules, settings: QueueSettings::default(), now: NOW }
}

fn new_site(id: SiteId, key: &str, queue: QueueId) -> NewSite {
    let origins = vec!["https://shop.example".into()];
    NewSite { id, key: key.into(), name: key.into(), origins, queue, settings: "{}".into(), now: NOW }
}
