-- What agents note about a chat: is it worth something, what was it about. Paired with postgres/0007_classification.sql.

CREATE TABLE classifications (
    session_id BLOB NOT NULL PRIMARY KEY REFERENCES sessions (id),
    -- 1 yes, 0 no, NULL not said.
    qualified INTEGER,
    -- In the currency's smallest unit.
    value INTEGER,
    -- ISO 4217, or ''.
    currency TEXT NOT NULL,
    notes TEXT NOT NULL,
    -- Rises with each change, so that two who edit at once notice each other.
    rev INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by BLOB NOT NULL REFERENCES agents (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_tags (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (session_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_tags_tag ON session_tags (tag);
