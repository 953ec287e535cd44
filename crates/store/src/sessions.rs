//! Chats: their heads, lists of them, and what is due.

use domain::{
    AgentId, Outcome, QueueId, QueueRules, Session, SessionId, SiteId, Span, Stars, Status, Timestamp, VisitorId,
};
use uuid::Uuid;

use crate::{
    Conn, GivenRating, Marks, StoreError,
    dialect::Ids,
    queues::rules,
    ratings,
    rows::{author, moment, named, number},
};

/// A chat with what stands beside it in every list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub session: Session,
    pub visitor_name: String,
    pub visitor_email: String,
    /// Of its queue.
    pub rules: QueueRules,
    pub visitor_marks: Marks,
    pub staff_marks: Marks,
}

/// A chat that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedRow {
    pub row: SessionRow,
    pub ended_at: Timestamp,
    pub outcome: Outcome,
    /// The named rating of its last episode.
    pub rating: Option<GivenRating>,
}

/// Which resolved chats; `None` everywhere is all of them.
#[derive(Debug, Clone, Default)]
pub struct ResolvedFilter {
    pub queues: Option<Vec<QueueId>>,
    pub agent: Option<AgentId>,
    pub outcome: Option<Outcome>,
    pub stars: Option<Stars>,
    /// Ended at or after.
    pub from: Option<Timestamp>,
    /// Ended before.
    pub to: Option<Timestamp>,
    /// Part of the visitor's or the agent's name.
    pub text: Option<String>,
}

record! {
    pub(crate) struct SessionRecord {
        id: Uuid,
        site_id: Uuid,
        queue_id: Uuid,
        visitor_id: Uuid,
        created_at: i64,
        status: String,
        outcome: Option<String>,
        owner_id: Option<Uuid>,
        seq: i64,
        vseq: i64,
        deadline: Option<i64>,
        last_text: String,
        last_author_kind: String,
        last_author_id: Option<Uuid>,
        last_at: i64,
        unread: i64,
        episode: i64,
        waiting_since: i64,
        assigned_at: Option<i64>,
        first_reply_at: Option<i64>,
        ended_at: Option<i64>,
        visitor_delivered: i64,
        visitor_read: i64,
        staff_delivered: i64,
        staff_read: i64,
        visitor_name: String,
        visitor_email: String,
        wait_timeout_s: i64,
        wrap_up: String,
        wrap_up_s: i64,
    }
}

record! {
    struct RatingRecord {
        stars: Option<i64>,
        words: Option<String>,
        rated_at: Option<i64>,
    }
}

/// A resolved chat's record is the chat's and, beside it, the rating's.
struct ResolvedRecord(SessionRecord, RatingRecord);

impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for ResolvedRecord
where
    SessionRecord: sqlx::FromRow<'r, R>,
    RatingRecord: sqlx::FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self(SessionRecord::from_row(row)?, RatingRecord::from_row(row)?))
    }
}

/// Everything of [`SessionRecord`], from `sessions s`, `visitors v` and `queues q`.
macro_rules! session_columns {
    () => {
        "s.id, s.site_id, s.queue_id, s.visitor_id, s.created_at, s.status, s.outcome, s.owner_id, s.seq, s.vseq,
         s.deadline, s.last_text, s.last_author_kind, s.last_author_id, s.last_at, s.unread, s.episode,
         s.waiting_since, s.assigned_at, s.first_reply_at, s.ended_at, s.visitor_delivered, s.visitor_read,
         s.staff_delivered, s.staff_read, v.name AS visitor_name, v.email AS visitor_email,
         q.wait_timeout_s, q.wrap_up, q.wrap_up_s"
    };
}

macro_rules! select_sessions {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            $crate::sessions::session_columns!(),
            " FROM sessions s JOIN visitors v ON v.id = s.visitor_id JOIN queues q ON q.id = s.queue_id ",
            $rest
        )
    };
}

/// With the rating of the last episode and the owner (`sessions s`, `agents o`, `ratings r`).
macro_rules! select_resolved {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            $crate::sessions::session_columns!(),
            ", r.stars, r.words, r.at AS rated_at
             FROM sessions s JOIN visitors v ON v.id = s.visitor_id JOIN queues q ON q.id = s.queue_id
             LEFT JOIN agents o ON o.id = s.owner_id
             LEFT JOIN ratings r ON r.session_id = s.id AND r.episode = s.episode
             WHERE s.status = 'resolved' AND ",
            $rest
        )
    };
}
pub(crate) use {select_sessions, session_columns};

impl SessionRecord {
    pub(crate) fn row(self) -> Result<SessionRow, StoreError> {
        let outcome = self.outcome.as_deref().map(|name| named(Outcome::from_name, name)).transpose()?;
        Ok(SessionRow {
            session: Session {
                id: SessionId::from_uuid(self.id),
                site: SiteId::from_uuid(self.site_id),
                queue: QueueId::from_uuid(self.queue_id),
                visitor: VisitorId::from_uuid(self.visitor_id),
                created_at: Timestamp::from_micros(self.created_at),
                status: named(Status::from_name, &self.status)?,
                outcome,
                owner: self.owner_id.map(AgentId::from_uuid),
                seq: number(self.seq)?,
                vseq: number(self.vseq)?,
                deadline: moment(self.deadline),
                last_text: self.last_text,
                last_author: author(&self.last_author_kind, self.last_author_id)?,
                last_at: Timestamp::from_micros(self.last_at),
                unread: number(self.unread)?,
                episode: number(self.episode)?,
                waiting_since: Timestamp::from_micros(self.waiting_since),
                assigned_at: moment(self.assigned_at),
                first_reply_at: moment(self.first_reply_at),
                ended_at: moment(self.ended_at),
            },
            visitor_name: self.visitor_name,
            visitor_email: self.visitor_email,
            rules: rules(self.wait_timeout_s, &self.wrap_up, self.wrap_up_s)?,
            visitor_marks: Marks { delivered: number(self.visitor_delivered)?, read: number(self.visitor_read)? },
            staff_marks: Marks { delivered: number(self.staff_delivered)?, read: number(self.staff_read)? },
        })
    }
}

impl ResolvedRecord {
    fn row(self) -> Result<ResolvedRow, StoreError> {
        let Self(session, rating) = self;
        let row = session.row()?;
        let (Some(ended_at), Some(outcome)) = (row.session.ended_at, row.session.outcome) else {
            return Err(StoreError::other("a resolved chat without end"));
        };
        let rating = match rating.stars {
            Some(stars) => Some(GivenRating {
                stars: ratings::stars(stars)?,
                words: rating.words.unwrap_or_default(),
                at: moment(rating.rated_at),
            }),
            None => None,
        };
        Ok(ResolvedRow { row, ended_at, outcome, rating })
    }
}

impl Conn {
    pub async fn session(&mut self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        let row = run!(one SessionRecord; self.engine()?, select_sessions!("WHERE s.id = $1"), id.uuid())?;
        row.map(SessionRecord::row).transpose()
    }

    pub async fn latest_session_of_visitor(&mut self, visitor: VisitorId) -> Result<Option<SessionRow>, StoreError> {
        let sql = select_sessions!("WHERE s.visitor_id = $1 ORDER BY s.waiting_since DESC, s.id DESC LIMIT 1");
        run!(one SessionRecord; self.engine()?, sql, visitor.uuid())?.map(SessionRecord::row).transpose()
    }

    pub async fn open_session_of_visitor(
        &mut self,
        site: SiteId,
        visitor: VisitorId,
    ) -> Result<Option<SessionRow>, StoreError> {
        let sql = select_sessions!(
            "WHERE s.site_id = $1 AND s.visitor_id = $2
             AND s.status IN ('waiting_for_agent', 'assigned_to_agent', 'active_chat')"
        );
        run!(one SessionRecord; self.engine()?, sql, site.uuid(), visitor.uuid())?.map(SessionRecord::row).transpose()
    }

    /// Waiting in those queues, and the agent's own until they are resolved. Who waits longest stands first.
    pub async fn inbox(&mut self, queues: &[QueueId], agent: AgentId) -> Result<Vec<SessionRow>, StoreError> {
        let sql = among!(
            select_sessions!("WHERE (s.status = 'waiting_for_agent' AND s.queue_id "),
            "$1",
            ") OR (s.owner_id = $2 AND s.status IN ('assigned_to_agent', 'active_chat', 'wrap_up'))
             ORDER BY s.waiting_since, s.id"
        );
        let queues = uuids(queues);
        rows(run!(all SessionRecord; self.engine()?, sql, Ids(&queues), agent.uuid())?)
    }

    /// Everything not resolved in those queues, for who watches over them.
    pub async fn open_in_queues(&mut self, queues: &[QueueId]) -> Result<Vec<SessionRow>, StoreError> {
        let sql = among!(
            select_sessions!("WHERE s.status <> 'resolved' AND s.queue_id "),
            "$1",
            " ORDER BY s.waiting_since, s.id"
        );
        rows(run!(all SessionRecord; self.engine()?, sql, Ids(&uuids(queues)))?)
    }

    /// What the agent had last when it ended, newest first; a page begins before `before`.
    pub async fn recent_of_agent(
        &mut self,
        agent: AgentId,
        before: Option<(Timestamp, SessionId)>,
        limit: u32,
    ) -> Result<Vec<ResolvedRow>, StoreError> {
        let (at, id) = page_start(before);
        let sql = select_resolved!(
            "s.owner_id = $1 AND (s.ended_at, s.id) < ($2, $3) ORDER BY s.ended_at DESC, s.id DESC LIMIT $4"
        );
        let rows = run!(all ResolvedRecord; self.engine()?, sql, agent.uuid(), at, id, i64::from(limit))?;
        rows.into_iter().map(ResolvedRecord::row).collect()
    }

    /// Newest end first; a page begins before `before`.
    pub async fn resolved(
        &mut self,
        filter: &ResolvedFilter,
        before: Option<(Timestamp, SessionId)>,
        limit: u32,
    ) -> Result<Vec<ResolvedRow>, StoreError> {
        let sql = among!(
            select_resolved!("($1 IS NULL OR s.queue_id "),
            "$1",
            ") AND ($2 IS NULL OR s.owner_id = $2) AND ($3 IS NULL OR s.outcome = $3) AND ($4 IS NULL OR r.stars = $4)
             AND s.ended_at >= $5 AND s.ended_at < $6
             AND ($7 IS NULL OR LOWER(v.name) LIKE $7 ESCAPE '!' OR LOWER(o.name) LIKE $7 ESCAPE '!')
             AND (s.ended_at, s.id) < ($8, $9)
             ORDER BY s.ended_at DESC, s.id DESC LIMIT $10"
        );
        let queues = filter.queues.as_deref().map(uuids);
        let (at, id) = page_start(before);
        let rows = run!(
            all ResolvedRecord;
            self.engine()?,
            sql,
            queues.as_deref().map(Ids),
            filter.agent.map(AgentId::uuid),
            filter.outcome.map(Outcome::name),
            filter.stars.map(|stars| i64::from(u8::from(stars))),
            filter.from.map_or(i64::MIN, Timestamp::micros),
            filter.to.map_or(i64::MAX, Timestamp::micros),
            filter.text.as_deref().map(contains),
            at,
            id,
            i64::from(limit),
        )?;
        rows.into_iter().map(ResolvedRecord::row).collect()
    }

    /// Other chats of this visitor, or of anyone with the same e-mail address; newest first.
    pub async fn earlier_sessions(
        &mut self,
        visitor: VisitorId,
        email: &str,
        excluding: SessionId,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let sql = select_sessions!(
            "WHERE (s.visitor_id = $1 OR s.visitor_id IN (SELECT id FROM visitors WHERE email = $2 AND email <> ''))
             AND s.id <> $3 ORDER BY s.created_at DESC, s.id DESC LIMIT $4"
        );
        let excluding = excluding.uuid();
        rows(run!(all SessionRecord; self.engine()?, sql, visitor.uuid(), email, excluding, i64::from(limit))?)
    }

    /// Whose [`domain::Move::TimeOut`] falls due, longest overdue first.
    pub async fn due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let sql = "SELECT id FROM sessions WHERE deadline <= $1 ORDER BY deadline, id LIMIT $2";
        Ok(ids(run!(all (Uuid,); self.engine()?, sql, now.micros(), i64::from(limit))?))
    }

    pub async fn next_deadline(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT deadline FROM sessions WHERE deadline IS NOT NULL ORDER BY deadline LIMIT 1";
        Ok(run!(one (i64,); self.engine()?, sql)?.map(|(deadline,)| Timestamp::from_micros(deadline)))
    }

    /// 1 for who is next; `None` when it is not waiting.
    pub async fn queue_position(&mut self, session: SessionId) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT COUNT(*) FROM sessions s JOIN sessions mine ON mine.queue_id = s.queue_id
             WHERE mine.id = $1 AND mine.status = 'waiting_for_agent' AND s.status = 'waiting_for_agent'
             AND (s.waiting_since, s.id) <= (mine.waiting_since, mine.id)";
        let row = run!(one (i64,); self.engine()?, sql, session.uuid())?;
        row.map(|(count,)| count).filter(|count| *count > 0).map(number).transpose()
    }

    /// Who waits longest first.
    pub async fn waiting_sessions(&mut self, queue: QueueId) -> Result<Vec<SessionId>, StoreError> {
        let sql = "SELECT id FROM sessions WHERE queue_id = $1 AND status = 'waiting_for_agent'
             ORDER BY waiting_since, id";
        Ok(ids(run!(all (Uuid,); self.engine()?, sql, queue.uuid())?))
    }

    /// How long those waited who were taken at or after `since`.
    pub async fn recent_waits(&mut self, queue: QueueId, since: Timestamp) -> Result<Vec<Span>, StoreError> {
        let sql = "SELECT waiting_since, assigned_at FROM episodes WHERE queue_id = $1 AND assigned_at >= $2
             ORDER BY assigned_at";
        let rows = run!(all (i64, i64); self.engine()?, sql, queue.uuid(), since.micros())?;
        let wait = |(since, at)| Timestamp::from_micros(at) - Timestamp::from_micros(since);
        Ok(rows.into_iter().map(wait).collect())
    }
}

fn uuids(queues: &[QueueId]) -> Vec<Uuid> {
    queues.iter().map(|queue| queue.uuid()).collect()
}

fn ids(rows: Vec<(Uuid,)>) -> Vec<SessionId> {
    rows.into_iter().map(|(id,)| SessionId::from_uuid(id)).collect()
}

fn rows(records: Vec<SessionRecord>) -> Result<Vec<SessionRow>, StoreError> {
    records.into_iter().map(SessionRecord::row).collect()
}

fn page_start(before: Option<(Timestamp, SessionId)>) -> (i64, Uuid) {
    before.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.micros(), id.uuid()))
}

/// A pattern for "contains", lower case, with `!` before what LIKE would read as a wildcard.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
