-- How chats find their agent. Paired with postgres/0002_routing.sql.

-- A queue's strategy, times, hours and texts, as JSON; what the writer needs for each chat stays in columns.
ALTER TABLE queues ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- 0: no limit. Here and below.
ALTER TABLE queues ADD COLUMN chat_limit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN chat_limit INTEGER NOT NULL DEFAULT 0;
-- Whose turn it is, and whether they were here when the server was last heard of.
ALTER TABLE agents ADD COLUMN last_offer INTEGER;
ALTER TABLE agents ADD COLUMN here INTEGER NOT NULL DEFAULT 0;
-- What routing remembers of the running episode, as JSON: who is rung until when, who declined, who writes along.
ALTER TABLE sessions ADD COLUMN routing TEXT NOT NULL DEFAULT '{}';
