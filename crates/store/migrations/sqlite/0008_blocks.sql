-- Visitors who may chat no more. Paired with postgres/0008_blocks.sql.

CREATE TABLE blocked_visitors (
    visitor_id BLOB NOT NULL PRIMARY KEY REFERENCES visitors (id),
    -- The chat over which it happened.
    session_id BLOB NOT NULL REFERENCES sessions (id),
    blocked_by BLOB NOT NULL REFERENCES agents (id),
    blocked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
