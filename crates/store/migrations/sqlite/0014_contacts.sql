-- Addresses that visitors have given up for another, or that were a stranger's before their site named them: nobody stands
-- behind these rows. Paired with postgres/0014_contacts.sql.
DELETE FROM contacts WHERE NOT EXISTS (SELECT 1 FROM visitors WHERE visitors.contact_id = contacts.id);
