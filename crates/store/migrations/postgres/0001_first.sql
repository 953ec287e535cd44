-- Times are microseconds since 1970 (UTC), numbers bigint. Paired with sqlite/0001_first.sql.

CREATE TABLE schema_versions (
    version BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE agents (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    availability TEXT NOT NULL,
    auth_epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deactivated_at BIGINT
);

CREATE TABLE agent_roles (
    agent_id UUID NOT NULL REFERENCES agents (id),
    role TEXT NOT NULL,
    PRIMARY KEY (agent_id, role)
);

CREATE TABLE sign_ins (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    agent_id UUID NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_agent ON sign_ins (agent_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

CREATE TABLE queues (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    wait_timeout_s BIGINT NOT NULL,
    wrap_up TEXT NOT NULL,
    wrap_up_s BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE queue_members (
    queue_id UUID NOT NULL REFERENCES queues (id),
    agent_id UUID NOT NULL REFERENCES agents (id),
    PRIMARY KEY (queue_id, agent_id)
);
CREATE INDEX queue_members_agent ON queue_members (agent_id);

CREATE TABLE queue_supervisors (
    queue_id UUID NOT NULL REFERENCES queues (id),
    agent_id UUID NOT NULL REFERENCES agents (id),
    PRIMARY KEY (queue_id, agent_id)
);
CREATE INDEX queue_supervisors_agent ON queue_supervisors (agent_id);

CREATE TABLE sites (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- A JSON array of strings.
    origins TEXT NOT NULL,
    queue_id UUID NOT NULL REFERENCES queues (id),
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE contacts (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contacts_email ON contacts (email) WHERE email <> '';

CREATE TABLE visitors (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    contact_id UUID REFERENCES contacts (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX visitors_email ON visitors (email) WHERE email <> '';

CREATE TABLE visitor_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    visitor_id UUID NOT NULL REFERENCES visitors (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX visitor_tokens_visitor ON visitor_tokens (visitor_id);

-- The fields from waiting_since to ended_at are those of the running episode. Marks count in vseq.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    queue_id UUID NOT NULL REFERENCES queues (id),
    visitor_id UUID NOT NULL REFERENCES visitors (id),
    start_client_id UUID NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    outcome TEXT,
    owner_id UUID REFERENCES agents (id),
    seq BIGINT NOT NULL,
    vseq BIGINT NOT NULL,
    deadline BIGINT,
    last_text TEXT NOT NULL,
    last_author_kind TEXT NOT NULL,
    last_author_id UUID,
    last_at BIGINT NOT NULL,
    unread BIGINT NOT NULL,
    episode BIGINT NOT NULL,
    waiting_since BIGINT NOT NULL,
    assigned_at BIGINT,
    first_reply_at BIGINT,
    ended_at BIGINT,
    visitor_delivered BIGINT NOT NULL,
    visitor_read BIGINT NOT NULL,
    staff_delivered BIGINT NOT NULL,
    staff_read BIGINT NOT NULL
);
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
    session_id UUID NOT NULL REFERENCES sessions (id),
    n BIGINT NOT NULL,
    -- The number of its first event.
    first_seq BIGINT NOT NULL,
    queue_id UUID NOT NULL REFERENCES queues (id),
    owner_id UUID REFERENCES agents (id),
    waiting_since BIGINT NOT NULL,
    assigned_at BIGINT,
    first_reply_at BIGINT,
    ended_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (session_id, n)
);
CREATE INDEX episodes_queue ON episodes (queue_id, assigned_at);

-- No foreign key on session_id: only the writer inserts, and it has read the session's row in the same transaction.
-- No index on vseq: it rises with seq, so the primary key finds it, and every index costs each message a page.
CREATE TABLE session_events (
    session_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    vseq BIGINT,
    at BIGINT NOT NULL,
    author_kind TEXT NOT NULL,
    -- Whose request it was: client_id is unique under it.
    author_id UUID,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    client_id UUID,
    PRIMARY KEY (session_id, seq)
);
CREATE UNIQUE INDEX session_events_client ON session_events (author_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE page_visits (
    session_id UUID NOT NULL REFERENCES sessions (id),
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (session_id, n)
);

-- Named ones have session, episode and moment; anonymous ones only the day, and the secret for changing them.
CREATE TABLE ratings (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID REFERENCES sessions (id),
    episode BIGINT,
    agent_id UUID REFERENCES agents (id),
    queue_id UUID NOT NULL REFERENCES queues (id),
    day BIGINT NOT NULL,
    stars BIGINT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT,
    edit_hash BYTEA UNIQUE,
    UNIQUE (session_id, episode)
);
CREATE INDEX ratings_agent ON ratings (agent_id, day);

CREATE TABLE attachments (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_session ON attachments (session_id, seq);

CREATE TABLE drafts (
    agent_id UUID NOT NULL REFERENCES agents (id),
    session_id UUID NOT NULL REFERENCES sessions (id),
    text TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, session_id)
);

CREATE TABLE audit (
    id UUID NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor UUID,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL
);
