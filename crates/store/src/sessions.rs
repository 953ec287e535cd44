//! Questions about chats: lists of them, and what is due.

use domain::{AgentId, Outcome, QueueId, SessionId, SiteId, Span, Stars, Timestamp, VisitorId};
use uuid::Uuid;

use crate::{
    Conn, ResolvedRow, SessionRow, StoreError,
    dialect::Ids,
    rows::number,
    session_row::{ResolvedRecord, SessionRecord, select_resolved, select_sessions},
};

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

impl Conn {
    pub async fn session(&mut self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        let row = run!(one SessionRecord; self.engine()?, select_sessions!("WHERE s.id = $1"), id.uuid())?;
        row.map(SessionRecord::row).transpose()
    }

    /// The one that is not over, else the one that ended last: of a visitor whose chats were two visitors' once, another
    /// may have begun later.
    pub async fn latest_session_of_visitor(&mut self, visitor: VisitorId) -> Result<Option<SessionRow>, StoreError> {
        let sql = select_sessions!(
            "WHERE s.visitor_id = $1
             ORDER BY s.ended_at IS NULL DESC, s.ended_at DESC, s.waiting_since DESC, s.id DESC LIMIT 1"
        );
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

    /// Chats that are not theirs and ring this agent, or in which they write along. The agent's id is looked for in the
    /// text of what routing remembers, which may name them for other reasons too; few chats are unresolved, and for most of
    /// those that text is empty.
    pub async fn guest_sessions(&mut self, agent: AgentId) -> Result<Vec<SessionRow>, StoreError> {
        let sql = select_sessions!("WHERE s.status <> 'resolved' AND s.routing <> '{}' AND s.routing LIKE $1");
        let found = rows(run!(all SessionRecord; self.engine()?, sql, format!("%{agent}%"))?)?;
        let guest = |row: &SessionRow| {
            let routing = &row.session.routing;
            row.session.owner != Some(agent) && (routing.rings(agent) || routing.colleagues.contains(&agent))
        };
        Ok(found.into_iter().filter(guest).collect())
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

    /// Everything not resolved, for routing.
    pub async fn unresolved_sessions(&mut self) -> Result<Vec<SessionRow>, StoreError> {
        let sql = select_sessions!("WHERE s.status <> 'resolved' ORDER BY s.waiting_since, s.id");
        rows(run!(all SessionRecord; self.engine()?, sql)?)
    }

    /// What the agent had last when it ended, or what of it ended so, newest first; a page begins before `before`.
    pub async fn recent_of_agent(
        &mut self,
        agent: AgentId,
        outcome: Option<Outcome>,
        before: Option<(Timestamp, SessionId)>,
        limit: u32,
    ) -> Result<Vec<ResolvedRow>, StoreError> {
        let (at, id) = page_start(before);
        let sql = select_resolved!(
            "s.owner_id = $1 AND ($5 IS NULL OR s.outcome = $5) AND (s.ended_at, s.id) < ($2, $3)
             ORDER BY s.ended_at DESC, s.id DESC LIMIT $4"
        );
        let outcome = outcome.map(Outcome::name);
        let rows = run!(all ResolvedRecord; self.engine()?, sql, agent.uuid(), at, id, i64::from(limit), outcome)?;
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

    /// Chats of the same person that began before this one (or were taken up again before it was), newest first. The
    /// same person is the same visitor, or anyone who gave the same e-mail address.
    pub async fn earlier_sessions(&mut self, chat: &SessionRow, limit: u32) -> Result<Vec<SessionRow>, StoreError> {
        let sql = select_sessions!(
            "WHERE (s.visitor_id = $1 OR s.visitor_id IN (SELECT id FROM visitors WHERE email = $2 AND email <> ''))
             AND (s.waiting_since, s.id) < ($3, $4) ORDER BY s.waiting_since DESC, s.id DESC LIMIT $5"
        );
        self.around(sql, chat, limit).await
    }

    /// Chats of this very visitor that began before this one (or were taken up again before it was), newest first. Who gave
    /// the same e-mail address is somebody else here: nobody has shown that it is theirs.
    pub async fn earlier_sessions_of_visitor(
        &mut self,
        chat: &SessionRow,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let sql = select_sessions!(
            "WHERE s.visitor_id = $1 AND (s.waiting_since, s.id) < ($2, $3)
             ORDER BY s.waiting_since DESC, s.id DESC LIMIT $4"
        );
        let session = &chat.session;
        let (of, since, id) = (session.visitor.uuid(), session.waiting_since.micros(), session.id.uuid());
        rows(run!(all SessionRecord; self.engine()?, sql, of, since, id, i64::from(limit))?)
    }

    /// The other way: those that began after it, newest first.
    pub async fn later_sessions(&mut self, chat: &SessionRow, limit: u32) -> Result<Vec<SessionRow>, StoreError> {
        let sql = select_sessions!(
            "WHERE (s.visitor_id = $1 OR s.visitor_id IN (SELECT id FROM visitors WHERE email = $2 AND email <> ''))
             AND (s.waiting_since, s.id) > ($3, $4) ORDER BY s.waiting_since DESC, s.id DESC LIMIT $5"
        );
        self.around(sql, chat, limit).await
    }

    /// How many [`Self::earlier_sessions`] there are.
    pub async fn count_earlier_sessions(&mut self, chat: &SessionRow) -> Result<u32, StoreError> {
        let sql = "SELECT COUNT(*) FROM sessions s
             WHERE (s.visitor_id = $1 OR s.visitor_id IN (SELECT id FROM visitors WHERE email = $2 AND email <> ''))
             AND (s.waiting_since, s.id) < ($3, $4)";
        let (of, since, id) =
            (chat.session.visitor.uuid(), chat.session.waiting_since.micros(), chat.session.id.uuid());
        let row = run!(one (i64,); self.engine()?, sql, of, chat.visitor_email.as_str(), since, id)?;
        number(row.map_or(0, |(count,)| count))
    }

    async fn around(
        &mut self,
        sql: &'static str,
        chat: &SessionRow,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let (of, since, id) =
            (chat.session.visitor.uuid(), chat.session.waiting_since.micros(), chat.session.id.uuid());
        let email = chat.visitor_email.as_str();
        rows(run!(all SessionRecord; self.engine()?, sql, of, email, since, id, i64::from(limit))?)
    }

    /// 1 for who is next; `None` when it is not waiting.
    pub async fn queue_position(&mut self, session: SessionId) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT COUNT(*) FROM sessions s JOIN sessions mine ON mine.queue_id = s.queue_id
             WHERE mine.id = $1 AND mine.status = 'waiting_for_agent' AND s.status = 'waiting_for_agent'
             AND mine.channel = 'chat' AND s.channel = 'chat' AND (s.waiting_since, s.id) <= (mine.waiting_since, mine.id)";
        let row = run!(one (i64,); self.engine()?, sql, session.uuid())?;
        row.map(|(count,)| count).filter(|count| *count > 0).map(number).transpose()
    }

    /// How many wait in each queue where anybody does, and since when the first of them.
    pub async fn waiting_by_queue(&mut self) -> Result<Vec<(QueueId, u32, Timestamp)>, StoreError> {
        let sql = "SELECT queue_id, COUNT(*), MIN(waiting_since) FROM sessions
             WHERE status = 'waiting_for_agent' AND channel = 'chat' GROUP BY queue_id";
        let rows = run!(all (Uuid, i64, i64); self.engine()?, sql)?;
        let row =
            |(queue, count, since)| Ok((QueueId::from_uuid(queue), number(count)?, Timestamp::from_micros(since)));
        rows.into_iter().map(row).collect()
    }

    /// Who waits longest first.
    pub async fn waiting_sessions(&mut self, queue: QueueId) -> Result<Vec<SessionId>, StoreError> {
        let sql = "SELECT id FROM sessions WHERE queue_id = $1 AND status = 'waiting_for_agent' AND channel = 'chat'
             ORDER BY waiting_since, id";
        Ok(ids(run!(all (Uuid,); self.engine()?, sql, queue.uuid())?))
    }

    /// How long those waited who were taken at or after `since`.
    pub async fn recent_waits(&mut self, queue: QueueId, since: Timestamp) -> Result<Vec<Span>, StoreError> {
        let sql = "SELECT e.waiting_since, e.assigned_at FROM episodes e JOIN sessions s ON s.id = e.session_id
             WHERE e.queue_id = $1 AND e.assigned_at >= $2 AND s.channel = 'chat' ORDER BY e.assigned_at";
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
