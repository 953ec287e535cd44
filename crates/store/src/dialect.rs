//! Every difference between the two engines, so that one search lists them.

use sqlx::{
    Database, Encode, Postgres, Sqlite, Type, encode::IsNull, error::BoxDynError, postgres::PgTypeInfo,
    sqlite::SqliteTypeInfo,
};
use uuid::Uuid;

use crate::{session_row::session_columns, sql::Both};

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

/// Limits of the agents $1 ([`Ids`], sorted), locked on PostgreSQL in that order.
pub(crate) const LOCK_AGENTS: Both = Both {
    sqlite: "SELECT id, chat_limit FROM agents WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, chat_limit FROM agents WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
};

/// The chats of the visitor $1, locked on PostgreSQL in the order of their ids, as the writer does it.
pub(crate) const LOCK_SESSIONS_OF: Both = Both {
    sqlite: "SELECT id FROM sessions WHERE visitor_id = $1",
    postgres: "SELECT id FROM sessions WHERE visitor_id = $1 ORDER BY id FOR UPDATE",
};

/// What the page of the visitor $1 has said about them, to be changed.
pub(crate) const LOCK_ATTRIBUTES: Both = Both {
    sqlite: "SELECT attributes FROM visitors WHERE id = $1",
    postgres: "SELECT attributes FROM visitors WHERE id = $1 FOR NO KEY UPDATE",
};

/// Letters that are due at $1, at most $3, taken until $2. One to which another transaction is just adding is left for the next
/// time.
pub(crate) const TAKE_LETTERS: Both = {
    macro_rules! take {
        ($lock:literal) => {
            concat!(
                "UPDATE letters SET due_at = $2, attempts = attempts + 1
                 WHERE done_at IS NULL AND due_at <= $1 AND id IN
                   (SELECT id FROM letters WHERE done_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $3",
                $lock,
                ") RETURNING id, session_id, kind, address, language, seq, created_at, attempts"
            )
        };
    }
    Both { sqlite: take!(""), postgres: take!(" FOR UPDATE SKIP LOCKED") }
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
