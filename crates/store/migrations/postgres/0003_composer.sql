-- Reply templates and guarded words. Paired with sqlite/0003_composer.sql.

-- Of one agent, of a queue's members, or (neither) of everyone.
CREATE TABLE macros (
    id UUID NOT NULL PRIMARY KEY,
    agent_id UUID REFERENCES agents (id),
    queue_id UUID REFERENCES queues (id),
    title TEXT NOT NULL,
    -- The title in lower case: one of each per owner.
    title_key TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX macros_agent ON macros (agent_id, title_key) WHERE agent_id IS NOT NULL;
CREATE UNIQUE INDEX macros_queue ON macros (queue_id, title_key) WHERE queue_id IS NOT NULL;
CREATE UNIQUE INDEX macros_everyone ON macros (title_key) WHERE agent_id IS NULL AND queue_id IS NULL;

CREATE TABLE guard_rules (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- JSON: what the rule looks for.
    pattern TEXT NOT NULL,
    -- 0 while it rests.
    active BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
