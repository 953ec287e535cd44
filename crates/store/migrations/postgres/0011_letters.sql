-- Sessions that are answered by e-mail, and letters on their way to visitors. Paired with sqlite/0011_letters.sql.

-- 'chat' or 'email'.
ALTER TABLE sessions ADD COLUMN channel TEXT NOT NULL DEFAULT 'chat';

-- What a letter says is not here: it is written when it is sent, from what the session holds then.
CREATE TABLE letters (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    -- 'transcript' or 'answer'.
    kind TEXT NOT NULL,
    -- '': the visitor's own address when it is sent.
    address TEXT NOT NULL,
    -- '': the visitor's own.
    language TEXT NOT NULL,
    -- Of an answer: the first event that it tells of. Of a transcript: the newest when it was asked for.
    seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it is tried next.
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    done_at BIGINT
);
CREATE INDEX letters_due ON letters (due_at) WHERE done_at IS NULL;
-- What an agent writes before the letter is taken goes along with it.
CREATE UNIQUE INDEX letters_answer ON letters (session_id) WHERE kind = 'answer' AND attempts = 0;
CREATE INDEX letters_session ON letters (session_id, seq);

-- With what a letter's link lets its reader in again, hashed: each use gets a token of its own.
CREATE TABLE letter_codes (
    hash BYTEA NOT NULL PRIMARY KEY,
    visitor_id UUID NOT NULL REFERENCES visitors (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX letter_codes_visitor ON letter_codes (visitor_id);
