//! A chat as it is read: its columns, and the structs made of them.

use domain::{
    AgentId, Channel, Outcome, QueueId, QueueRules, Routing, Session, SessionId, SiteId, Status, Timestamp, VisitorId,
};
use uuid::Uuid;

use crate::{
    GivenRating, Marks, StoreError,
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
    pub visitor_phone: String,
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

record! {
    pub(crate) struct SessionRecord {
        id: Uuid,
        site_id: Uuid,
        queue_id: Uuid,
        visitor_id: Uuid,
        channel: String,
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
        attachments: i64,
        episode: i64,
        waiting_since: i64,
        assigned_at: Option<i64>,
        first_reply_at: Option<i64>,
        ended_at: Option<i64>,
        visitor_delivered: i64,
        visitor_read: i64,
        staff_delivered: i64,
        staff_read: i64,
        routing: String,
        visitor_name: String,
        visitor_email: String,
        visitor_phone: String,
        wait_timeout_s: i64,
        wrap_up: String,
        wrap_up_s: i64,
        chat_limit: i64,
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
pub(crate) struct ResolvedRecord(SessionRecord, RatingRecord);

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
        "s.id, s.site_id, s.queue_id, s.visitor_id, s.channel, s.created_at, s.status, s.outcome, s.owner_id, s.seq, s.vseq,
         s.deadline, s.last_text, s.last_author_kind, s.last_author_id, s.last_at, s.unread, s.attachments, s.episode,
         s.waiting_since, s.assigned_at, s.first_reply_at, s.ended_at, s.visitor_delivered, s.visitor_read,
         s.staff_delivered, s.staff_read, s.routing, v.name AS visitor_name, v.email AS visitor_email,
         v.phone AS visitor_phone,
         q.wait_timeout_s, q.wrap_up, q.wrap_up_s, q.chat_limit"
    };
}

macro_rules! select_sessions {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            $crate::session_row::session_columns!(),
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
            $crate::session_row::session_columns!(),
            ", r.stars, r.words, r.at AS rated_at
             FROM sessions s JOIN visitors v ON v.id = s.visitor_id JOIN queues q ON q.id = s.queue_id
             LEFT JOIN agents o ON o.id = s.owner_id
             LEFT JOIN ratings r ON r.session_id = s.id AND r.episode = s.episode
             WHERE s.status = 'resolved' AND ",
            $rest
        )
    };
}
pub(crate) use {select_resolved, select_sessions, session_columns};

impl SessionRecord {
    pub(crate) fn row(self) -> Result<SessionRow, StoreError> {
        let outcome = self.outcome.as_deref().map(|name| named(Outcome::from_name, name)).transpose()?;
        Ok(SessionRow {
            session: Session {
                id: SessionId::from_uuid(self.id),
                site: SiteId::from_uuid(self.site_id),
                queue: QueueId::from_uuid(self.queue_id),
                visitor: VisitorId::from_uuid(self.visitor_id),
                channel: named(Channel::from_name, &self.channel)?,
                created_at: Timestamp::from_micros(self.created_at),
                status: named(Status::from_name, &self.status)?,
                outcome,
                owner: self.owner_id.map(AgentId::from_uuid),
                seq: number(self.seq)?,
                vseq: number(self.vseq)?,
                deadline: moment(self.deadline),
                routing: routing(&self.routing)?,
                last_text: self.last_text,
                last_author: author(&self.last_author_kind, self.last_author_id)?,
                last_at: Timestamp::from_micros(self.last_at),
                unread: number(self.unread)?,
                attachments: self.attachments != 0,
                episode: number(self.episode)?,
                waiting_since: Timestamp::from_micros(self.waiting_since),
                assigned_at: moment(self.assigned_at),
                first_reply_at: moment(self.first_reply_at),
                ended_at: moment(self.ended_at),
            },
            visitor_name: self.visitor_name,
            visitor_email: self.visitor_email,
            visitor_phone: self.visitor_phone,
            rules: rules(self.wait_timeout_s, &self.wrap_up, self.wrap_up_s, self.chat_limit)?,
            visitor_marks: Marks { delivered: number(self.visitor_delivered)?, read: number(self.visitor_read)? },
            staff_marks: Marks { delivered: number(self.staff_delivered)?, read: number(self.staff_read)? },
        })
    }
}

/// Most chats have nothing to remember, and this is read for every message.
fn routing(text: &str) -> Result<Routing, StoreError> {
    if text == "{}" { Ok(Routing::default()) } else { serde_json::from_str(text).map_err(StoreError::other) }
}

pub(crate) fn routing_text(routing: &Routing) -> Result<String, StoreError> {
    if *routing == Routing::default() {
        return Ok("{}".to_owned());
    }
    serde_json::to_string(routing).map_err(StoreError::other)
}

impl ResolvedRecord {
    pub(crate) fn row(self) -> Result<ResolvedRow, StoreError> {
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
