//! The database itself, opened beside the server: for what no wire can do, and for looking at what is really kept.

use domain::{
    AgentId, Author, Event, Move, QueueId, QueueRules, QueueSettings, Role, Roles, SessionId, SignInId, SiteId, Span,
    Timestamp,
};
use sha2::{Digest, Sha256};
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Act, NewAgent, NewQueue, NewSignIn, NewSite, Options, Store};
use testkit::Ids;

use super::{Setup, client_id};

const WORKS: &str = "the database takes it";

pub struct Books {
    pub store: Store,
    ids: Ids,
}

/// An agent with a sign-in, made without any password.
pub struct NewColleague {
    pub name: String,
    /// For the cookie.
    pub token: String,
}

impl Books {
    pub async fn open(setup: &Setup) -> Self {
        let (changes, _) = tokio::sync::mpsc::unbounded_channel();
        let store = Store::open(&setup.location(), Options::default(), changes).await.expect("the database opens");
        Self { store, ids: Ids::seeded(0xB00C) }
    }

    /// Straight at the file, with no setting of the server's.
    pub async fn raw(setup: &Setup) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(setup.database());
        options.connect().await.expect("the database opens")
    }

    /// The key of the demo's site. (The shop's page has it in its snippet, but a binary that was built without the
    /// browser's files has no such page.)
    pub async fn demo_site(setup: &Setup) -> String {
        let books = Self::open(setup).await;
        let sites = books.store.read().await.expect(WORKS).sites().await.expect(WORKS);
        books.store.close().await;
        sites.into_iter().find(|site| site.name == "Oak & Co.").expect("the demo has a site").key
    }

    /// An agent who may serve these queues. A running server hears of it at its next start.
    pub async fn colleague(&self, name: &str, role: Role, queues: &[QueueId]) -> NewColleague {
        let id = self.ids.agent();
        let token = format!("token-of-{name}").replace(' ', "-");
        let now = Self::now();
        let mut tx = self.store.begin().await.expect(WORKS);
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let roles = Roles::of([role]);
        let agent = NewAgent { id, email, name: name.to_owned(), password_hash: "none".into(), roles, now };
        tx.create_agent(agent).await.expect(WORKS);
        for queue in queues {
            let mut members = tx.queue_members(*queue).await.expect(WORKS);
            members.push(id);
            tx.set_queue_members(*queue, &members).await.expect(WORKS);
        }
        tx.commit().await.expect(WORKS);
        self.sign_in(id, &token, now + Span::seconds(3600)).await;
        NewColleague { name: name.to_owned(), token }
    }

    /// A sign-in with this token for the cookie.
    pub async fn sign_in(&self, agent: AgentId, token: &str, expires_at: Timestamp) -> SignInId {
        let id = self.ids.sign_in();
        let token_hash = Sha256::digest(token.as_bytes()).into();
        let mut tx = self.store.begin().await.expect(WORKS);
        tx.create_sign_in(NewSignIn { id, token_hash, agent, now: Self::now(), expires_at }).await.expect(WORKS);
        tx.commit().await.expect(WORKS);
        id
    }

    /// A site with a queue of its own, in which nobody works. A running server hears of it at its next start.
    pub async fn other_site(&self, key: &str, origin: &str) -> (SiteId, QueueId) {
        let (site, queue) = (self.ids.site(), self.ids.queue());
        let now = Self::now();
        let mut tx = self.store.begin().await.expect(WORKS);
        let rules = QueueRules::default();
        tx.create_queue(NewQueue {
            id: queue,
            name: format!("Queue of {key}"),
            rules,
            settings: QueueSettings::default(),
            now,
        })
        .await
        .expect(WORKS);
        let origins = vec![origin.to_owned()];
        let (key, name) = (key.to_owned(), key.to_owned());
        tx.create_site(NewSite { id: site, key, name, origins, queue, settings: "{}".into(), now }).await.expect(WORKS);
        tx.commit().await.expect(WORKS);
        (site, queue)
    }

    /// The demo's queue.
    pub async fn sales(&self) -> QueueId {
        let queues = self.store.read().await.expect(WORKS).queues().await.expect(WORKS);
        queues.iter().find(|queue| queue.name == "Sales").expect("the demo has a queue").id
    }

    pub async fn deactivate(&self, agent: AgentId) {
        let mut tx = self.store.begin().await.expect(WORKS);
        tx.deactivate_agent(agent, Self::now()).await.expect(WORKS);
        tx.commit().await.expect(WORKS);
    }

    /// A note by its author, as another node would write it.
    pub async fn note(&self, session: SessionId, agent: AgentId, text: &str) {
        let act = Act {
            session,
            movement: Move::AgentNotes { agent, text: text.to_owned() },
            author: Author::Agent(agent),
            author_id: agent.uuid(),
            client_id: Some(client_id()),
            now: Self::now(),
        };
        self.store.act(act).await.expect(WORKS);
    }

    /// The whole sequence of a chat. Checks that `seq` and `vseq` are gapless.
    pub async fn events(&self, session: SessionId) -> Vec<Event> {
        let mut conn = self.store.read().await.expect(WORKS);
        let events = conn.events_after(session, 0, u32::MAX).await.expect(WORKS);
        let seqs: Vec<_> = events.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..).take(seqs.len()).collect::<Vec<_>>(), "seq is gapless");
        let vseqs: Vec<_> = events.iter().filter_map(|event| event.vseq).collect();
        assert_eq!(vseqs, (1..).take(vseqs.len()).collect::<Vec<_>>(), "vseq is gapless");
        let row = conn.session(session).await.expect(WORKS).expect("the chat is there");
        let newest = (row.session.seq as usize, row.session.vseq as usize);
        assert_eq!(newest, (seqs.len(), vseqs.len()), "the chat knows its newest numbers");
        events
    }

    pub fn now() -> Timestamp {
        services::Clock::System.now()
    }
}
