-- Ids are 16 bytes, times microseconds since 1970 (UTC), numbers integers. Paired with postgres/0001_first.sql.

CREATE TABLE schema_versions (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    availability TEXT NOT NULL,
    auth_epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deactivated_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE agent_roles (
    agent_id BLOB NOT NULL REFERENCES agents (id),
    role TEXT NOT NULL,
    PRIMARY KEY (agent_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_ins (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    agent_id BLOB NOT NULL REFERENCES agents (id),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_ins_agent ON sign_ins (agent_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

CREATE TABLE queues (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    wait_timeout_s INTEGER NOT NULL,
    wrap_up TEXT NOT NULL,
    wrap_up_s INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_members (
    queue_id BLOB NOT NULL REFERENCES queues (id),
    agent_id BLOB NOT NULL REFERENCES agents (id),
    PRIMARY KEY (queue_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_members_agent ON queue_members (agent_id);

CREATE TABLE queue_supervisors (
    queue_id BLOB NOT NULL REFERENCES queues (id),
    agent_id BLOB NOT NULL REFERENCES agents (id),
    PRIMARY KEY (queue_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_supervisors_agent ON queue_supervisors (agent_id);

CREATE TABLE sites (
    id BLOB NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- A JSON array of strings.
    origins TEXT NOT NULL,
    queue_id BLOB NOT NULL REFERENCES queues (id),
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX contacts_email ON contacts (email) WHERE email <> '';

CREATE TABLE visitors (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    contact_id BLOB REFERENCES contacts (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visitors_email ON visitors (email) WHERE email <> '';

CREATE TABLE visitor_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    visitor_id BLOB NOT NULL REFERENCES visitors (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visitor_tokens_visitor ON visitor_tokens (visitor_id);

-- The fields from waiting_since to ended_at are those of the running episode. Marks count in vseq.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    queue_id BLOB NOT NULL REFERENCES queues (id),
    visitor_id BLOB NOT NULL REFERENCES visitors (id),
    start_client_id BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    outcome TEXT,
    owner_id BLOB REFERENCES agents (id),
    seq INTEGER NOT NULL,
    vseq INTEGER NOT NULL,
    deadline INTEGER,
    last_text TEXT NOT NULL,
    last_author_kind TEXT NOT NULL,
    last_author_id BLOB,
    last_at INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    episode INTEGER NOT NULL,
    waiting_since INTEGER NOT NULL,
    assigned_at INTEGER,
    first_reply_at INTEGER,
    ended_at INTEGER,
    visitor_delivered INTEGER NOT NULL,
    visitor_read INTEGER NOT NULL,
    staff_delivered INTEGER NOT NULL,
    staff_read INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- At most one open chat of a visitor on a site.
CREATE UNIQUE INDEX sessions_open ON sessions (site_id, visitor_id)
    WHERE status IN ('waiting_for_agent', 'assigned_to_agent', 'active_chat');
CREATE INDEX sessions_visitor ON sessions (visitor_id, waiting_since);
CREATE INDEX sessions_waiting ON sessions (queue_id, waiting_since) WHERE status = 'waiting_for_agent';
CREATE INDEX sessions_unresolved ON sessions (queue_id, waiting_since) WHERE status <> 'resolved';
CREATE INDEX sessions_owner ON sessions (owner_id, status, ended_at);
CREATE INDEX sessions_deadline ON sessions (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX sessions_resolved ON sessions (ended_at, id) WHERE status = 'resolved';

CREATE TABLE episodes (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    n INTEGER NOT NULL,
    -- The number of its first event.
    first_seq INTEGER NOT NULL,
    queue_id BLOB NOT NULL REFERENCES queues (id),
    owner_id BLOB REFERENCES agents (id),
    waiting_since INTEGER NOT NULL,
    assigned_at INTEGER,
    first_reply_at INTEGER,
    ended_at INTEGER,
    outcome TEXT,
    PRIMARY KEY (session_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX episodes_queue ON episodes (queue_id, assigned_at);

-- No foreign key on session_id: only the writer inserts, and it has read the session's row in the same transaction.
-- No index on vseq: it rises with seq, so the primary key finds it, and every index costs each message a page.
CREATE TABLE session_events (
    session_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    vseq INTEGER,
    at INTEGER NOT NULL,
    author_kind TEXT NOT NULL,
    -- Whose request it was: client_id is unique under it.
    author_id BLOB,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    client_id BLOB,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX session_events_client ON session_events (author_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE page_visits (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (session_id, n)
) STRICT, WITHOUT ROWID;

-- Named ones have session, episode and moment; anonymous ones only the day, and the secret for changing them.
CREATE TABLE ratings (
    id BLOB NOT NULL PRIMARY KEY,
    session_id BLOB REFERENCES sessions (id),
    episode INTEGER,
    agent_id BLOB REFERENCES agents (id),
    queue_id BLOB NOT NULL REFERENCES queues (id),
    day INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    words TEXT NOT NULL,
    at INTEGER,
    edit_hash BLOB UNIQUE,
    UNIQUE (session_id, episode)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_agent ON ratings (agent_id, day);

CREATE TABLE attachments (
    id BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id),
    seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_session ON attachments (session_id, seq);

CREATE TABLE drafts (
    agent_id BLOB NOT NULL REFERENCES agents (id),
    session_id BLOB NOT NULL REFERENCES sessions (id),
    text TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (agent_id, session_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor BLOB,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
