-- Paired with postgres/0004_attachments.sql. The table of the first schema was never written to.

ALTER TABLE sessions ADD COLUMN attachments INTEGER NOT NULL DEFAULT 0;

DROP TABLE attachments;

-- Receiving while content_type is missing, checked and kept once it is there, part of the chat once it has a seq.
CREATE TABLE attachments (
    id BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id),
    seq INTEGER,
    author_kind TEXT NOT NULL,
    -- The visitor's or agent's, as in session_events.
    author_id BLOB NOT NULL,
    name TEXT NOT NULL,
    -- What was announced; what is kept may be less, because metadata is removed.
    expected INTEGER NOT NULL,
    content_type TEXT,
    bytes INTEGER,
    width INTEGER,
    height INTEGER,
    -- The type of the small picture, where there is one.
    preview TEXT,
    sha256 BLOB,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_session ON attachments (session_id, seq);
CREATE INDEX attachments_unsent ON attachments (created_at) WHERE seq IS NULL;
