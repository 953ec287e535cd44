//! Every difference between the two engines, so that one search lists them.

use sqlx::{
    Database, Encode, Postgres, Sqlite, Type, encode::IsNull, error::BoxDynError, postgres::PgTypeInfo,
    sqlite::SqliteTypeInfo,
};
use uuid::Uuid;

use crate::{sessions::session_columns, sql::Both};

/// A list of ids as one parameter: a JSON array of hex for SQLite, `uuid[]` for PostgreSQL. Used with [`among!`].
#[derive(Clone, Copy)]
pub(crate) struct Ids<'a>(pub(crate) &'a [Uuid]);

/// `among!("SELECT … WHERE id ", "$1", " AND …")` is the statement with "is one of [`Ids`] $1" in the middle.
macro_rules! among {
    ($before:expr, $parameter:literal, $after:expr) => {
        $crate::sql::Both {
            sqlite: concat!($before, "IN (SELECT unhex(value) FROM json_each(", $parameter, "))", $after),
            postgres: concat!($before, "= ANY(", $parameter, ")", $after),
        }
    };
}

impl Type<Sqlite> for Ids<'_> {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Ids<'_> {
    fn encode_by_ref(&self, buffer: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<'_, Sqlite>>::encode(hex_array(self.0), buffer)
    }
}

impl Type<Postgres> for Ids<'_> {
    fn type_info() -> PgTypeInfo {
        <Vec<Uuid> as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Ids<'_> {
    fn encode_by_ref(&self, buffer: &mut <Postgres as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&[Uuid] as Encode<'_, Postgres>>::encode(self.0, buffer)
    }
}

fn hex_array(ids: &[Uuid]) -> String {
    let mut json = String::with_capacity(2 + ids.len() * 35);
    json.push('[');
    for (at, id) in ids.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        json.push('"');
        json.push_str(id.simple().encode_lower(&mut Uuid::encode_buffer()));
        json.push('"');
    }
    json.push(']');
    json
}

/// Whether the table of schema versions is there: a number above 0.
pub(crate) const HAS_VERSIONS: Both = Both {
    sqlite: "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'",
    postgres: "SELECT COUNT(*) FROM information_schema.tables
         WHERE table_schema = current_schema() AND table_name = 'schema_versions'",
};

/// The heads of the chats $1 ([`Ids`], sorted). PostgreSQL locks them in that order, because other nodes write there too;
/// on SQLite the transaction is alone. `CROSS JOIN` keeps SQLite from scanning the table first.
pub(crate) const LOAD_HEADS: Both = Both {
    sqlite: concat!(
        "SELECT ",
        session_columns!(),
        " FROM json_each($1) AS asked CROSS JOIN sessions s ON s.id = unhex(asked.value)
         JOIN visitors v ON v.id = s.visitor_id JOIN queues q ON q.id = s.queue_id"
    ),
    postgres: concat!(
        "SELECT ",
        session_columns!(),
        " FROM sessions s JOIN visitors v ON v.id = s.visitor_id JOIN queues q ON q.id = s.queue_id
         WHERE s.id = ANY($1) ORDER BY s.id FOR UPDATE OF s"
    ),
};

/// The first answers to pairs of author and client id.
pub(crate) const LOAD_ANSWERED: Both = Both {
    sqlite: "SELECT e.author_id, e.client_id, e.session_id, s.visitor_id, e.seq, e.vseq, e.at
         FROM json_each($1) AS asked
         CROSS JOIN session_events e
             ON e.author_id = unhex(asked.value ->> 'author') AND e.client_id = unhex(asked.value ->> 'client')
         JOIN sessions s ON s.id = e.session_id",
    postgres: "SELECT e.author_id, e.client_id, e.session_id, s.visitor_id, e.seq, e.vseq, e.at
         FROM json_to_recordset($1::json) AS asked (author uuid, client uuid)
         JOIN session_events e ON e.author_id = asked.author AND e.client_id = asked.client
         JOIN sessions s ON s.id = e.session_id",
};

pub(crate) const SAVE_EVENTS: Both = Both {
    sqlite: "INSERT INTO session_events
             (session_id, seq, vseq, at, author_kind, author_id, kind, data, client_id)
         SELECT unhex(value ->> 'session'), value ->> 'seq', value ->> 'vseq', value ->> 'at', value ->> 'by',
             unhex(value ->> 'author'), value ->> 'kind', value ->> 'data', unhex(value ->> 'client')
         FROM json_each($1)",
    postgres: "INSERT INTO session_events
             (session_id, seq, vseq, at, author_kind, author_id, kind, data, client_id)
         SELECT session, seq, vseq, at, \"by\", author, kind, data, client
         FROM json_to_recordset($1::json) AS n (session uuid, seq bigint, vseq bigint, at bigint, \"by\" text,
             author uuid, kind text, data text, client uuid)",
};

pub(crate) const SAVE_HEADS_LIGHT: Both = Both {
    sqlite: "UPDATE sessions SET seq = value ->> 'seq', vseq = value ->> 'vseq', last_text = value ->> 'last_text',
             last_author_kind = value ->> 'last_by', last_author_id = unhex(value ->> 'last_author'),
             last_at = value ->> 'last_at', unread = value ->> 'unread',
             visitor_delivered = value ->> 'visitor_delivered', visitor_read = value ->> 'visitor_read',
             staff_delivered = value ->> 'staff_delivered', staff_read = value ->> 'staff_read'
         FROM json_each($1) AS n WHERE sessions.id = unhex(n.value ->> 'id')",
    postgres: "UPDATE sessions SET seq = n.seq, vseq = n.vseq, last_text = n.last_text,
             last_author_kind = n.last_by, last_author_id = n.last_author, last_at = n.last_at, unread = n.unread,
             visitor_delivered = n.visitor_delivered, visitor_read = n.visitor_read,
             staff_delivered = n.staff_delivered, staff_read = n.staff_read
         FROM json_to_recordset($1::json) AS n (id uuid, seq bigint, vseq bigint, last_text text, last_by text,
             last_author uuid, last_at bigint, unread bigint, visitor_delivered bigint, visitor_read bigint,
             staff_delivered bigint, staff_read bigint)
         WHERE sessions.id = n.id",
};

pub(crate) const SAVE_HEADS: Both = Both {
    sqlite: "UPDATE sessions SET seq = value ->> 'seq', vseq = value ->> 'vseq', last_text = value ->> 'last_text',
             last_author_kind = value ->> 'last_by', last_author_id = unhex(value ->> 'last_author'),
             last_at = value ->> 'last_at', unread = value ->> 'unread',
             visitor_delivered = value ->> 'visitor_delivered', visitor_read = value ->> 'visitor_read',
             staff_delivered = value ->> 'staff_delivered', staff_read = value ->> 'staff_read',
             queue_id = unhex(value ->> 'queue'), status = value ->> 'status', outcome = value ->> 'outcome',
             owner_id = unhex(value ->> 'owner'), deadline = value ->> 'deadline', episode = value ->> 'episode',
             waiting_since = value ->> 'waiting_since', assigned_at = value ->> 'assigned_at',
             first_reply_at = value ->> 'first_reply_at', ended_at = value ->> 'ended_at'
         FROM json_each($1) AS n WHERE sessions.id = unhex(n.value ->> 'id')",
    postgres: "UPDATE sessions SET seq = n.seq, vseq = n.vseq, last_text = n.last_text,
             last_author_kind = n.last_by, last_author_id = n.last_author, last_at = n.last_at, unread = n.unread,
             visitor_delivered = n.visitor_delivered, visitor_read = n.visitor_read,
             staff_delivered = n.staff_delivered, staff_read = n.staff_read,
             queue_id = n.queue, status = n.status, outcome = n.outcome, owner_id = n.owner, deadline = n.deadline,
             episode = n.episode, waiting_since = n.waiting_since, assigned_at = n.assigned_at,
             first_reply_at = n.first_reply_at, ended_at = n.ended_at
         FROM json_to_recordset($1::json) AS n (id uuid, seq bigint, vseq bigint, last_text text, last_by text,
             last_author uuid, last_at bigint, unread bigint, visitor_delivered bigint, visitor_read bigint,
             staff_delivered bigint, staff_read bigint, queue uuid, status text, outcome text, owner uuid,
             deadline bigint, episode bigint, waiting_since bigint, assigned_at bigint, first_reply_at bigint,
             ended_at bigint)
         WHERE sessions.id = n.id",
};

pub(crate) const SAVE_EPISODES: Both = Both {
    sqlite: "UPDATE episodes SET queue_id = unhex(value ->> 'queue'), owner_id = unhex(value ->> 'owner'),
             waiting_since = value ->> 'waiting_since', assigned_at = value ->> 'assigned_at',
             first_reply_at = value ->> 'first_reply_at', ended_at = value ->> 'ended_at',
             outcome = value ->> 'outcome'
         FROM json_each($1) AS n
         WHERE episodes.session_id = unhex(n.value ->> 'session') AND episodes.n = n.value ->> 'n'",
    postgres: "UPDATE episodes SET queue_id = n.queue, owner_id = n.owner, waiting_since = n.waiting_since,
             assigned_at = n.assigned_at, first_reply_at = n.first_reply_at, ended_at = n.ended_at,
             outcome = n.outcome
         FROM json_to_recordset($1::json) AS n (session uuid, n bigint, queue uuid, owner uuid, waiting_since bigint,
             assigned_at bigint, first_reply_at bigint, ended_at bigint, outcome text)
         WHERE episodes.session_id = n.session AND episodes.n = n.n",
};
