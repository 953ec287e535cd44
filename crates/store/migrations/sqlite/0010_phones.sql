-- Telephone numbers that visitors gave. Paired with postgres/0010_phones.sql.

ALTER TABLE visitors ADD COLUMN phone TEXT NOT NULL DEFAULT '';
