//! Visitors' own rows: written with their first chat, or when their site says who they are.

use domain::Timestamp;
use uuid::Uuid;

use super::NewVisitor;
use crate::{StoreError, rows::fresh_id, sql::Engine};

pub(crate) async fn insert_visitor(
    engine: &mut Engine<'_>,
    visitor: &NewVisitor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let NewVisitor { id, site, name, email, phone, language, user_agent, time_zone } = visitor;
    let contact = contact(engine, visitor, now).await?;
    run!(
        done,
        engine,
        "INSERT INTO visitors (id, site_id, contact_id, name, email, language, user_agent, created_at, last_seen_at,
             time_zone, phone)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
        id.uuid(),
        site.uuid(),
        contact,
        name.as_str(),
        email.as_str(),
        language.as_str(),
        user_agent.as_str(),
        now.micros(),
        time_zone.as_str(),
        phone.as_str(),
    )?;
    Ok(())
}

/// What the visitor says of themselves now; empty fields say nothing. `None` when there is no such visitor on the site.
pub(crate) async fn note_visitor(
    engine: &mut Engine<'_>,
    visitor: &NewVisitor,
    now: Timestamp,
) -> Result<Option<(String, String, String)>, StoreError> {
    let NewVisitor { id, site, name, email, phone, language, user_agent, time_zone } = visitor;
    let contact = contact(engine, visitor, now).await?;
    let sql = "SELECT email, contact_id FROM visitors WHERE id = $1 AND site_id = $2";
    let before = run!(one (String, Option<Uuid>); engine, sql, id.uuid(), site.uuid())?;
    let noted = run!(
        one (String, String, String);
        engine,
        "UPDATE visitors SET contact_id = COALESCE($3, contact_id),
             name = CASE WHEN $4 = '' THEN name ELSE $4 END,
             email = CASE WHEN $5 = '' THEN email ELSE $5 END,
             language = CASE WHEN $6 = '' THEN language ELSE $6 END,
             user_agent = CASE WHEN $7 = '' THEN user_agent ELSE $7 END,
             time_zone = CASE WHEN $9 = '' THEN time_zone ELSE $9 END,
             phone = CASE WHEN $10 = '' THEN phone ELSE $10 END,
             last_seen_at = $8
         WHERE id = $1 AND site_id = $2
         RETURNING name, email, phone",
        id.uuid(),
        site.uuid(),
        contact,
        name.as_str(),
        email.as_str(),
        language.as_str(),
        user_agent.as_str(),
        now.micros(),
        time_zone.as_str(),
        phone.as_str(),
    )?;
    if let Some((address, of)) = before
        && !email.is_empty()
        && address.to_lowercase() != email.to_lowercase()
    {
        // Whoever reads at the address from before is not let in by letters that went there.
        run!(done, engine, "DELETE FROM letter_codes WHERE visitor_id = $1", id.uuid())?;
        forget_contact(engine, of).await?;
    }
    Ok(noted)
}

/// Removes a contact behind whom no visitor stands any more: whoever is erased later could not be found in it.
pub(crate) async fn forget_contact(engine: &mut Engine<'_>, contact: Option<Uuid>) -> Result<(), StoreError> {
    if let Some(contact) = contact {
        let sql = "DELETE FROM contacts WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM visitors WHERE contact_id = $1)";
        run!(done, engine, sql, contact)?;
    }
    Ok(())
}

/// The contact with this e-mail address, made when it is new. Nothing of an existing one is changed: nobody has proved
/// that the address is theirs.
async fn contact(engine: &mut Engine<'_>, visitor: &NewVisitor, now: Timestamp) -> Result<Option<Uuid>, StoreError> {
    let email = visitor.email.to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    run!(
        done,
        engine,
        "INSERT INTO contacts (id, name, email, phone, created_at) VALUES ($1, $2, $3, '', $4)
         ON CONFLICT (email) WHERE email <> '' DO NOTHING",
        fresh_id(now)?,
        visitor.name.as_str(),
        email.as_str(),
        now.micros(),
    )?;
    let row = run!(one (Uuid,); engine, "SELECT id FROM contacts WHERE email = $1 AND email <> ''", email)?;
    Ok(row.map(|(id,)| id))
}
