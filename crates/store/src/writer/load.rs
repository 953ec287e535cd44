//! What a batch reads before it judges.

use std::{collections::HashMap, sync::LazyLock};

use domain::{AgentId, QueueId, QueueRules, Session, SessionId, Timestamp, VisitorId};
use uuid::Uuid;

use super::ledger::{First, Hands};
use crate::{
    SessionRow, StoreError,
    dialect::{self, Ids},
    many::Many,
    queues,
    rows::number,
    session_row::SessionRecord,
    sql::Engine,
};

record! {
    struct Answered {
        author_id: Uuid,
        client_id: Uuid,
        session_id: Uuid,
        visitor_id: Uuid,
        seq: i64,
        vseq: Option<i64>,
        at: i64,
    }
}

record! {
    struct Rules {
        id: Uuid,
        wait_timeout_s: i64,
        wrap_up: String,
        wrap_up_s: i64,
        chat_limit: i64,
    }
}

/// `CROSS JOIN` keeps SQLite from beginning with the large table.
static LOAD_ANSWERED: LazyLock<Many<2>> = LazyLock::new(|| {
    Many::new(
        "SELECT e.author_id, e.client_id, e.session_id, s.visitor_id, e.seq, e.vseq, e.at FROM",
        "CROSS JOIN session_events e JOIN sessions s ON s.id = e.session_id
         WHERE e.author_id = n.column1 AND e.client_id = n.column2",
    )
});

/// The heads of these chats, locked on PostgreSQL. `sessions` is sorted.
pub(super) async fn heads(engine: &mut Engine<'_>, sessions: &[Uuid]) -> Result<Vec<SessionRow>, StoreError> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let records = run!(all SessionRecord; engine, dialect::LOAD_HEADS, Ids(sessions))?;
    records.into_iter().map(SessionRecord::row).collect()
}

/// One head, as the transaction sees it, not locked.
pub(super) async fn head(engine: &mut Engine<'_>, session: Uuid) -> Result<Option<SessionRow>, StoreError> {
    let sql = crate::session_row::select_sessions!("WHERE s.id = $1");
    run!(one SessionRecord; engine, sql, session)?.map(SessionRecord::row).transpose()
}

/// The answers already given, by author and client id.
pub(super) async fn answered(
    engine: &mut Engine<'_>,
    clients: &[(Uuid, Uuid)],
) -> Result<HashMap<(Uuid, Uuid), First>, StoreError> {
    if clients.is_empty() {
        return Ok(HashMap::new());
    }
    let asked = clients.iter().map(|&(author, client)| [author.into(), client.into()]).collect();
    let rows = LOAD_ANSWERED.all::<Answered>(engine, asked).await?;
    let first = |row: Answered| {
        let first = First {
            session: SessionId::from_uuid(row.session_id),
            visitor: VisitorId::from_uuid(row.visitor_id),
            seq: number(row.seq)?,
            vseq: row.vseq.map(number).transpose()?,
            at: Timestamp::from_micros(row.at),
        };
        Ok(((row.author_id, row.client_id), first))
    };
    rows.into_iter().map(first).collect()
}

pub(super) async fn rules(
    engine: &mut Engine<'_>,
    queues: &[Uuid],
) -> Result<HashMap<QueueId, QueueRules>, StoreError> {
    if queues.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = among!("SELECT id, wait_timeout_s, wrap_up, wrap_up_s, chat_limit FROM queues WHERE id ", "$1", "");
    let rows = run!(all Rules; engine, sql, Ids(queues))?;
    let rule = |row: Rules| {
        let rules = queues::rules(row.wait_timeout_s, &row.wrap_up, row.wrap_up_s, row.chat_limit)?;
        Ok((QueueId::from_uuid(row.id), rules))
    };
    rows.into_iter().map(rule).collect()
}

/// What these agents have in hand, by their id. On PostgreSQL their rows stay locked to the end of the batch, so that no
/// other node gives them a chat at the same moment. `agents` is sorted.
pub(super) async fn hands(engine: &mut Engine<'_>, agents: &[Uuid]) -> Result<HashMap<AgentId, Hands>, StoreError> {
    if agents.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = run!(all (Uuid, i64); engine, dialect::LOCK_AGENTS, Ids(agents))?;
    let mut hands = HashMap::new();
    for (id, limit) in rows {
        hands.insert(AgentId::from_uuid(id), Hands { limit: number(limit)?, open: 0 });
    }
    let sql = among!(
        "SELECT owner_id, COUNT(*) FROM sessions WHERE status IN ('assigned_to_agent', 'active_chat')
         AND channel = 'chat' AND owner_id ",
        "$1",
        " GROUP BY owner_id"
    );
    for (id, open) in run!(all (Uuid, i64); engine, sql, Ids(agents))? {
        if let Some(hands) = hands.get_mut(&AgentId::from_uuid(id)) {
            hands.open = number(open)?;
        }
    }
    Ok(hands)
}

/// The visitor's messages of the running episode above `read`.
pub(super) async fn unread(engine: &mut Engine<'_>, session: &Session, read: u32) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM session_events
         WHERE session_id = $1 AND seq > $2 AND vseq > $2 AND kind IN ('message', 'attachment') AND author_kind = 'visitor'
         AND seq >= (SELECT first_seq FROM episodes WHERE session_id = $1 AND n = $3)";
    let row = run!(one (i64,); engine, sql, session.id.uuid(), i64::from(read), i64::from(session.episode))?;
    number(row.map_or(0, |(count,)| count))
}

/// The open chat of this visitor on this site other than `except`.
pub(super) async fn other_open(
    engine: &mut Engine<'_>,
    site: Uuid,
    visitor: Uuid,
    except: Uuid,
) -> Result<Option<SessionId>, StoreError> {
    let sql = "SELECT id FROM sessions WHERE site_id = $1 AND visitor_id = $2 AND id <> $3
         AND status IN ('waiting_for_agent', 'assigned_to_agent', 'active_chat')";
    let row = run!(one (Uuid,); engine, sql, site, visitor, except)?;
    Ok(row.map(|(id,)| SessionId::from_uuid(id)))
}
