-- Where visitors are, roughly: the name of their device's time zone. Paired with sqlite/0009_time_zones.sql.

ALTER TABLE visitors ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
