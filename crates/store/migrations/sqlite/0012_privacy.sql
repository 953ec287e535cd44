-- Codes by which visitors confirm that their data be handed out or erased. Paired with postgres/0012_privacy.sql.

CREATE TABLE privacy_codes (
    visitor_id BLOB NOT NULL PRIMARY KEY REFERENCES visitors (id),
    -- 'copy' or 'erase'.
    kind TEXT NOT NULL,
    -- Where the code went.
    address TEXT NOT NULL,
    hash BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);
