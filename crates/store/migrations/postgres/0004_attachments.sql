-- Paired with sqlite/0004_attachments.sql. The table of the first schema was never written to.

ALTER TABLE sessions ADD COLUMN attachments BIGINT NOT NULL DEFAULT 0;

DROP TABLE attachments;

-- Receiving while content_type is missing, checked and kept once it is there, part of the chat once it has a seq.
CREATE TABLE attachments (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    seq BIGINT,
    author_kind TEXT NOT NULL,
    -- The visitor's or agent's, as in session_events.
    author_id UUID NOT NULL,
    name TEXT NOT NULL,
    -- What was announced; what is kept may be less, because metadata is removed.
    expected BIGINT NOT NULL,
    content_type TEXT,
    bytes BIGINT,
    width BIGINT,
    height BIGINT,
    -- The type of the small picture, where there is one.
    preview TEXT,
    sha256 BYTEA,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_session ON attachments (session_id, seq);
CREATE INDEX attachments_unsent ON attachments (created_at) WHERE seq IS NULL;
