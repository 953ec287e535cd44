-- Visitors who may chat no more. Paired with sqlite/0008_blocks.sql.

CREATE TABLE blocked_visitors (
    visitor_id UUID NOT NULL PRIMARY KEY REFERENCES visitors (id),
    -- The chat over which it happened.
    session_id UUID NOT NULL REFERENCES sessions (id),
    blocked_by UUID NOT NULL REFERENCES agents (id),
    blocked_at BIGINT NOT NULL
);
