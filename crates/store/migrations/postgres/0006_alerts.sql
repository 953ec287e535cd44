-- What agents are alerted to, and what is on its way to them. Paired with sqlite/0006_alerts.sql.

-- What an agent has chosen, as JSON; no row: the defaults.
CREATE TABLE alert_preferences (
    agent_id UUID NOT NULL PRIMARY KEY REFERENCES agents (id),
    preferences TEXT NOT NULL
);

-- A browser that takes Web Push; it goes with its sign-in.
CREATE TABLE push_subscriptions (
    id UUID NOT NULL PRIMARY KEY,
    agent_id UUID NOT NULL REFERENCES agents (id),
    sign_in_id UUID NOT NULL UNIQUE REFERENCES sign_ins (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_agent ON push_subscriptions (agent_id);

-- Messages on their way out. Those that are done stay for a while, so that nothing is said twice.
CREATE TABLE alert_outbox (
    id UUID NOT NULL PRIMARY KEY,
    agent_id UUID NOT NULL REFERENCES agents (id),
    -- NULL: an e-mail.
    subscription_id UUID REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    -- NULL: a test.
    session_id UUID,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it is tried next.
    due_at BIGINT NOT NULL,
    -- After this nobody needs it any more.
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    done_at BIGINT
);
CREATE INDEX alert_outbox_due ON alert_outbox (due_at) WHERE done_at IS NULL;
CREATE INDEX alert_outbox_said ON alert_outbox (agent_id, session_id);
