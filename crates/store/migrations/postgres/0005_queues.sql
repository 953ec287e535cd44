-- Queues that are no more. Paired with sqlite/0005_queues.sql.

-- The row stays, because ended chats, episodes and ratings speak of it; NULL: in use.
ALTER TABLE queues ADD COLUMN deleted_at BIGINT;
