-- What agents note about a chat: is it worth something, what was it about. Paired with sqlite/0007_classification.sql.

CREATE TABLE classifications (
    session_id UUID NOT NULL PRIMARY KEY REFERENCES sessions (id),
    -- 1 yes, 0 no, NULL not said.
    qualified BIGINT,
    -- In the currency's smallest unit.
    value BIGINT,
    -- ISO 4217, or ''.
    currency TEXT NOT NULL,
    notes TEXT NOT NULL,
    -- Rises with each change, so that two who edit at once notice each other.
    rev BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by UUID NOT NULL REFERENCES agents (id)
);

CREATE TABLE session_tags (
    session_id UUID NOT NULL REFERENCES sessions (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (session_id, tag)
);
CREATE INDEX session_tags_tag ON session_tags (tag);
