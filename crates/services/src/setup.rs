//! The first people, and what an installation needs before its first chat.

use domain::{
    AgentId, FieldProblem, QueueId, QueueRules, QueueSettings, Role, Roles, SiteId, SiteSettings, Strategy, Timestamp,
    one_line, plausible_email,
};
use store::{NewAgent, NewQueue, NewSite, Tx};
use wire::{Conflict, Error, Field, Result};

use crate::{LONGEST_PASSWORD, SHORTEST_PASSWORD, Services, faults, passwords, random};

/// The setting that holds the hash of the one-time link's token.
const LINK: &str = "setup_link";

/// Chats that an agent of the first queue may have in hand: what a practised agent can follow.
const CHAT_LIMIT: u32 = 5;

/// Someone to be made an agent.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub password: String,
    pub roles: Vec<Role>,
}

impl Services {
    /// Whether nobody works here yet.
    pub fn is_empty(&self) -> bool {
        self.directory().members.is_empty()
    }

    /// A one-time token for making the first admin; `None` when there is somebody already. Each start makes a new one,
    /// so that one which ended up in a log is void after a restart.
    pub async fn setup_token(&self) -> Result<Option<String>> {
        if !self.is_empty() {
            return Ok(None);
        }
        let token = random::token();
        let hash = hex(&random::token_hash(&token));
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_setting(LINK, &hash).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(Some(token))
    }

    /// Whether the one-time link with this token still stands.
    pub async fn setup_open(&self, token: &str) -> Result<bool> {
        if !self.is_empty() {
            return Ok(false);
        }
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let kept = conn.setting(LINK).await.map_err(faults::stored)?;
        Ok(kept.is_some_and(|kept| kept == hex(&random::token_hash(token))))
    }

    /// Makes the first admin, who is an agent too, with a first queue and site, and signs them in.
    pub async fn setup(&self, token: &str, person: NewPerson) -> Result<String> {
        if !self.setup_open(token).await? {
            return Err(Error::NotFound);
        }
        let now = self.now();
        let agent = new_agent(person, now).await?;
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        // Asked again inside the transaction: two may have opened the link at once.
        if !tx.agents().await.map_err(faults::stored)?.is_empty() {
            return Err(Error::Conflict(Conflict::Exists));
        }
        let email = agent.email.clone();
        let id = agent.id;
        tx.create_agent(agent).await.map_err(faults::stored)?;
        let queue = first_queue(&mut tx, "Support", Strategy::RingByTurns, &[id], now).await?;
        first_site(&mut tx, "My site", queue, Vec::new(), SiteSettings::default(), now).await?;
        tx.clear_setting(LINK).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        self.reload_directory().await.map_err(faults::stored)?;
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let made = conn.credentials(&email).await.map_err(faults::stored)?.ok_or(Error::Internal)?;
        drop(conn);
        self.open_sign_in(&made.agent, now).await
    }

    /// Makes an agent; for `deskbell admin create` and the demo. A new agent serves no queue yet.
    pub async fn create_person(&self, person: NewPerson) -> Result<AgentId> {
        let agent = new_agent(person, self.now()).await?;
        let id = agent.id;
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        tx.create_agent(agent).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        self.reload_directory().await.map_err(faults::stored)?;
        Ok(id)
    }
}

/// Checks a person and hashes the password.
pub(crate) async fn new_agent(person: NewPerson, now: Timestamp) -> Result<NewAgent> {
    let mut wrong = Vec::new();
    let mut fault = |field: &str, problem| wrong.push(Field { field: field.to_owned(), problem });
    let name = one_line(&person.name, 101);
    match name.chars().count() {
        0 => fault("name", FieldProblem::Missing),
        1..=100 => {}
        _ => fault("name", FieldProblem::TooLong),
    }
    let email = person.email.trim().to_lowercase();
    if !plausible_email(&email) {
        fault("email", FieldProblem::NotAnEmail);
    }
    if person.password.chars().count() < SHORTEST_PASSWORD {
        fault("password", FieldProblem::TooShort);
    } else if person.password.len() > LONGEST_PASSWORD {
        fault("password", FieldProblem::TooLong);
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let password_hash = passwords::hash(person.password).await.ok_or(Error::Internal)?;
    let id = AgentId::from_uuid(random::id(now));
    Ok(NewAgent { id, email, name, password_hash, roles: Roles::of(person.roles), now })
}

pub(crate) async fn first_queue(
    tx: &mut Tx,
    name: &str,
    strategy: Strategy,
    members: &[AgentId],
    now: Timestamp,
) -> Result<QueueId> {
    let id = QueueId::from_uuid(random::id(now));
    let rules = QueueRules { chat_limit: CHAT_LIMIT, ..QueueRules::default() };
    let settings = QueueSettings { strategy, ..QueueSettings::default() };
    let queue = NewQueue { id, name: name.to_owned(), rules, settings, now };
    tx.create_queue(queue).await.map_err(faults::stored)?;
    tx.set_queue_members(id, members).await.map_err(faults::stored)?;
    Ok(id)
}

pub(crate) async fn first_site(
    tx: &mut Tx,
    name: &str,
    queue: QueueId,
    origins: Vec<String>,
    settings: SiteSettings,
    now: Timestamp,
) -> Result<SiteId> {
    let id = SiteId::from_uuid(random::id(now));
    let settings = serde_json::to_string(&settings).map_err(|_| Error::Internal)?;
    let site = NewSite { id, key: random::site_key(), name: name.to_owned(), origins, queue, settings, now };
    tx.create_site(site).await.map_err(faults::stored)?;
    Ok(id)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;

    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
