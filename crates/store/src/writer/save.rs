//! What a batch writes: each kind of row in one statement, all rows as one JSON parameter, so that the SQL text is
//! static and prepared once.

use domain::{AgentId, Author, Event, Session, Stars, Status, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    SessionRow, StoreError, dialect,
    events::kind_columns,
    rows::{author_name, fresh_id, json, micros},
    sql::Engine,
};

/// Days are UTC.
const DAY: i64 = 24 * 3600 * 1_000_000;

#[derive(Serialize)]
pub(super) struct EventRow {
    #[serde(with = "uuid::serde::simple")]
    session: Uuid,
    seq: u32,
    vseq: Option<u32>,
    at: i64,
    by: &'static str,
    #[serde(serialize_with = "simple")]
    author: Option<Uuid>,
    kind: String,
    data: String,
    #[serde(serialize_with = "simple")]
    client: Option<Uuid>,
}

#[derive(Serialize)]
pub(super) struct HeadRow<'a> {
    #[serde(with = "uuid::serde::simple")]
    id: Uuid,
    seq: u32,
    vseq: u32,
    last_text: &'a str,
    last_by: &'static str,
    #[serde(serialize_with = "simple")]
    last_author: Option<Uuid>,
    last_at: i64,
    unread: u32,
    visitor_delivered: u32,
    visitor_read: u32,
    staff_delivered: u32,
    staff_read: u32,
    #[serde(with = "uuid::serde::simple")]
    queue: Uuid,
    status: &'static str,
    outcome: Option<&'static str>,
    #[serde(serialize_with = "simple")]
    owner: Option<Uuid>,
    deadline: Option<i64>,
    episode: u32,
    waiting_since: i64,
    assigned_at: Option<i64>,
    first_reply_at: Option<i64>,
    ended_at: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct EpisodeRow {
    #[serde(with = "uuid::serde::simple")]
    session: Uuid,
    n: u32,
    #[serde(with = "uuid::serde::simple")]
    queue: Uuid,
    #[serde(serialize_with = "simple")]
    owner: Option<Uuid>,
    waiting_since: i64,
    assigned_at: Option<i64>,
    first_reply_at: Option<i64>,
    ended_at: Option<i64>,
    outcome: Option<&'static str>,
}

pub(super) struct RatingRow {
    id: Uuid,
    session: Uuid,
    episode: u32,
    agent: Option<Uuid>,
    queue: Uuid,
    stars: Stars,
    words: String,
    at: Timestamp,
}

impl EventRow {
    /// `by` is whose request it was. The first event carries the request's client id and has to be found under the
    /// requester, even where its author is the system (a resume that closes a wrap-up first).
    pub(super) fn new(session: &Session, event: &Event, by: Uuid) -> Result<Self, StoreError> {
        let (kind, data) = kind_columns(&event.kind)?;
        let author = match event.author {
            Author::Agent(agent) => Some(agent.uuid()),
            _ if event.client_id.is_some() => Some(by),
            Author::Visitor => Some(session.visitor.uuid()),
            Author::System => None,
        };
        Ok(Self {
            session: session.id.uuid(),
            seq: event.seq,
            vseq: event.vseq,
            at: event.at.micros(),
            by: author_name(event.author),
            author,
            kind,
            data,
            client: event.client_id.map(domain::ClientId::uuid),
        })
    }

    pub(super) async fn save(engine: &mut Engine<'_>, rows: &[Self]) -> Result<(), StoreError> {
        if !rows.is_empty() {
            run!(done, engine, dialect::SAVE_EVENTS, json(rows)?)?;
        }
        Ok(())
    }
}

impl<'a> HeadRow<'a> {
    pub(super) fn new(row: &'a SessionRow) -> Self {
        let session = &row.session;
        Self {
            id: session.id.uuid(),
            seq: session.seq,
            vseq: session.vseq,
            last_text: &session.last_text,
            last_by: author_name(session.last_author),
            last_author: agent_of(session.last_author),
            last_at: session.last_at.micros(),
            unread: session.unread,
            visitor_delivered: row.visitor_marks.delivered,
            visitor_read: row.visitor_marks.read,
            staff_delivered: row.staff_marks.delivered,
            staff_read: row.staff_marks.read,
            queue: session.queue.uuid(),
            status: Status::name(session.status),
            outcome: session.outcome.map(domain::Outcome::name),
            owner: session.owner.map(AgentId::uuid),
            deadline: micros(session.deadline),
            episode: session.episode,
            waiting_since: session.waiting_since.micros(),
            assigned_at: micros(session.assigned_at),
            first_reply_at: micros(session.first_reply_at),
            ended_at: micros(session.ended_at),
        }
    }

    /// Only what every message changes and no index holds.
    pub(super) async fn save_light(engine: &mut Engine<'_>, rows: &[Self]) -> Result<(), StoreError> {
        if !rows.is_empty() {
            run!(done, engine, dialect::SAVE_HEADS_LIGHT, json(rows)?)?;
        }
        Ok(())
    }

    pub(super) async fn save_whole(engine: &mut Engine<'_>, rows: &[Self]) -> Result<(), StoreError> {
        if !rows.is_empty() {
            run!(done, engine, dialect::SAVE_HEADS, json(rows)?)?;
        }
        Ok(())
    }

    /// A new chat's row.
    pub(super) async fn insert(
        &self,
        engine: &mut Engine<'_>,
        session: &Session,
        start_client: Uuid,
    ) -> Result<(), StoreError> {
        run!(
            done,
            engine,
            "INSERT INTO sessions (id, site_id, queue_id, visitor_id, start_client_id, created_at, status, seq, vseq,
                 deadline, last_text, last_author_kind, last_author_id, last_at, unread, episode, waiting_since,
                 visitor_delivered, visitor_read, staff_delivered, staff_read)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 0, 0)",
            self.id,
            session.site.uuid(),
            self.queue,
            session.visitor.uuid(),
            start_client,
            session.created_at.micros(),
            self.status,
            i64::from(self.seq),
            i64::from(self.vseq),
            self.deadline,
            self.last_text,
            self.last_by,
            self.last_author,
            self.last_at,
            i64::from(self.unread),
            i64::from(self.episode),
            self.waiting_since,
        )?;
        Ok(())
    }
}

impl EpisodeRow {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: session.id.uuid(),
            n: session.episode,
            queue: session.queue.uuid(),
            owner: session.owner.map(AgentId::uuid),
            waiting_since: session.waiting_since.micros(),
            assigned_at: micros(session.assigned_at),
            first_reply_at: micros(session.first_reply_at),
            ended_at: micros(session.ended_at),
            outcome: session.outcome.map(domain::Outcome::name),
        }
    }

    pub(super) async fn save(engine: &mut Engine<'_>, rows: &[Self]) -> Result<(), StoreError> {
        if !rows.is_empty() {
            run!(done, engine, dialect::SAVE_EPISODES, json(rows)?)?;
        }
        Ok(())
    }

    /// A new episode, whose first event has the number `first_seq`.
    pub(super) async fn insert(&self, engine: &mut Engine<'_>, first_seq: u32) -> Result<(), StoreError> {
        run!(
            done,
            engine,
            "INSERT INTO episodes (session_id, n, first_seq, queue_id, waiting_since) VALUES ($1, $2, $3, $4, $5)",
            self.session,
            i64::from(self.n),
            i64::from(first_seq),
            self.queue,
            self.waiting_since,
        )?;
        Ok(())
    }
}

impl RatingRow {
    pub(super) fn new(session: &Session, stars: Stars, words: &str, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            id: fresh_id(now)?,
            session: session.id.uuid(),
            episode: session.episode,
            agent: session.owner.map(AgentId::uuid),
            queue: session.queue.uuid(),
            stars,
            words: words.to_owned(),
            at: now,
        })
    }

    pub(super) async fn save(self, engine: &mut Engine<'_>) -> Result<(), StoreError> {
        run!(
            done,
            engine,
            "INSERT INTO ratings (id, session_id, episode, agent_id, queue_id, day, stars, words, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (session_id, episode) DO UPDATE
             SET stars = excluded.stars, words = excluded.words, day = excluded.day, at = excluded.at",
            self.id,
            self.session,
            i64::from(self.episode),
            self.agent,
            self.queue,
            self.at.micros().div_euclid(DAY),
            i64::from(u8::from(self.stars)),
            self.words,
            self.at.micros(),
        )?;
        Ok(())
    }
}

const fn agent_of(author: Author) -> Option<Uuid> {
    match author {
        Author::Agent(agent) => Some(agent.uuid()),
        Author::Visitor | Author::System => None,
    }
}

fn simple<S: serde::Serializer>(id: &Option<Uuid>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => uuid::serde::simple::serialize(id, serializer),
        None => serializer.serialize_none(),
    }
}
