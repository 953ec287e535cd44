-- Codes by which visitors confirm that their data be handed out or erased. Paired with sqlite/0012_privacy.sql.

CREATE TABLE privacy_codes (
    visitor_id UUID NOT NULL PRIMARY KEY REFERENCES visitors (id),
    -- 'copy' or 'erase'.
    kind TEXT NOT NULL,
    -- Where the code went.
    address TEXT NOT NULL,
    hash BYTEA NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
