-- Who visitors are by the word of the site's own server, and what their page says of them. Paired with
-- sqlite/0013_identity.sql.

-- The site's name for the person; empty for a stranger. Signed: the kinds of details that are proved too, with blanks
-- between.
ALTER TABLE visitors ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
ALTER TABLE visitors ADD COLUMN signed TEXT NOT NULL DEFAULT '';
-- A JSON object.
ALTER TABLE visitors ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
CREATE UNIQUE INDEX visitors_user ON visitors (site_id, user_id) WHERE user_id <> '';

-- As they are: a signature can only be made again with the secret itself.
CREATE TABLE identity_secrets (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    secret TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX identity_secrets_site ON identity_secrets (site_id, made_at);
