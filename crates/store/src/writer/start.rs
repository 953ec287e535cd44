//! Starts and resumes: the two moves that open a chat, and so can collide with another open one of the same visitor.
//!
//! Each first writes what the batch has so far, looks for a collision, and then writes at once under a savepoint: another
//! node may open a chat between the look and the write, which the unique indexes notice.

use domain::{Acted, Session, SessionId, VisitorId};
use uuid::Uuid;

use super::{
    Ack, Act, ActError, NewChat, NewVisitor,
    batch::Batch,
    ledger::{Answer, Done, First, Head},
    load, save,
};
use crate::{Marks, SessionRow, StoreError, rows::fresh_id, sql::Engine, visitors::ADD_TOKEN};

/// Begins a chat, or answers the first start with the same client id again.
pub(super) async fn start(batch: &mut Batch<'_>, new: &NewChat) -> Answer {
    batch.flush().await?;
    if let Some(done) = collision(batch, new).await? {
        return done;
    }
    savepoint(&mut batch.engine).await?;
    match insert(batch, new).await {
        Ok(done) => {
            release(&mut batch.engine).await?;
            Ok(done)
        }
        Err(error) => {
            undo(&mut batch.engine).await?;
            match error {
                ActError::Store(StoreError::Taken) => match collision(batch, new).await? {
                    Some(done) => done,
                    None => Err(StoreError::Taken.into()),
                },
                error => Err(error),
            }
        }
    }
}

/// Opens the chat's next episode.
pub(super) async fn resume(batch: &mut Batch<'_>, act: &Act) -> Answer {
    batch.flush().await?;
    let acted = batch.ledger.apply(act)?;
    let (site, visitor) = (acted.session.site.uuid(), acted.session.visitor.uuid());
    if let Some(other) = load::other_open(&mut batch.engine, site, visitor, act.session.uuid()).await? {
        return Err(ActError::AlreadyOpen(other));
    }
    savepoint(&mut batch.engine).await?;
    // The head goes first: it alone can collide, and in memory nothing has changed yet.
    let row = batch
        .ledger
        .heads
        .get(&act.session)
        .map(|head| SessionRow { session: acted.session.clone(), ..head.row.clone() });
    let row = row.ok_or(ActError::NotFound)?;
    match save::heads_whole(&mut batch.engine, &[&row]).await {
        Ok(()) => {}
        Err(StoreError::Taken) => {
            undo(&mut batch.engine).await?;
            let other = load::other_open(&mut batch.engine, site, visitor, act.session.uuid()).await?;
            return Err(other.map_or(ActError::Store(StoreError::Taken), ActError::AlreadyOpen));
        }
        Err(error) => return Err(error.into()),
    }
    save::insert_episode(&mut batch.engine, &acted.session, acted.session.seq).await?;
    release(&mut batch.engine).await?;
    batch.ledger.take_in(act, acted)
}

/// The answer when it cannot, or need not, be begun.
async fn collision(batch: &mut Batch<'_>, new: &NewChat) -> Result<Option<Answer>, StoreError> {
    let sql = "SELECT id FROM sessions WHERE start_client_id = $1";
    if let Some((first,)) = run!(one (Uuid,); batch.engine, sql, new.start.client_id.uuid())? {
        return repeat(batch, new, first).await.map(Some);
    }
    let (site, visitor) = (new.visitor.site.uuid(), new.visitor.id.uuid());
    // A client's ids are unique over all it does, so this one was the id of another request.
    let client = (visitor, new.start.client_id.uuid());
    if !new.new_visitor
        && let Some(first) = load::answered(&mut batch.engine, &[client]).await?.get(&client)
    {
        return Ok(Some(Ok(batch.ledger.repeat(*first))));
    }
    let open = load::other_open(&mut batch.engine, site, visitor, Uuid::nil()).await?;
    Ok(open.map(|open| Err(ActError::AlreadyOpen(open))))
}

async fn repeat(batch: &mut Batch<'_>, new: &NewChat, first: Uuid) -> Result<Answer, StoreError> {
    let row = match batch.ledger.heads.get(&SessionId::from_uuid(first)) {
        Some(head) => Some(head.row.clone()),
        None => load::head(&mut batch.engine, first).await?,
    };
    let Some(row) = row else { return Ok(Err(ActError::NotFound)) };
    let visitor = row.session.visitor;
    add_token(&mut batch.engine, visitor, new).await?;
    let ack = Ack {
        session: row.session.id,
        seq: 1,
        vseq: Some(1),
        at: row.session.created_at,
        repeated: true,
        row: Some(row),
    };
    Ok(Ok(Done { ack, visitor }))
}

async fn insert(batch: &mut Batch<'_>, new: &NewChat) -> Answer {
    let queue = new.start.queue;
    let rules = load::rules(&mut batch.engine, &[queue.uuid()]).await?;
    let rules = *rules.get(&queue).ok_or(ActError::NotFound)?;
    let (visitor_name, visitor_email, visitor_phone) = if new.new_visitor {
        insert_visitor(&mut batch.engine, new).await?;
        (new.visitor.name.clone(), new.visitor.email.clone(), new.visitor.phone.clone())
    } else {
        note_visitor(&mut batch.engine, new).await?.ok_or(ActError::NotFound)?
    };
    add_token(&mut batch.engine, new.visitor.id, new).await?;
    let Acted { session, events } = Session::start(new.start.clone(), rules, new.now);
    let row = SessionRow {
        session,
        visitor_name,
        visitor_email,
        visitor_phone,
        rules,
        visitor_marks: Marks::default(),
        staff_marks: Marks::default(),
    };
    save::insert_head(&mut batch.engine, &row.session, new.start.client_id.uuid()).await?;
    save::insert_episode(&mut batch.engine, &row.session, 1).await?;
    let cells: Result<Vec<_>, _> =
        events.iter().map(|event| save::event_cells(&row.session, event, new.visitor.id.uuid())).collect();
    save::events(&mut batch.engine, cells?).await?;
    let client = (new.visitor.id.uuid(), new.start.client_id.uuid());
    let visitor = new.visitor.id;
    let first = First { session: row.session.id, visitor, seq: 1, vseq: Some(1), at: new.now };
    batch.ledger.answered.insert(client, first);
    batch.ledger.heads.insert(row.session.id, Head::clean(row.clone()));
    batch.ledger.committed(row.clone(), events, None);
    let ack = Ack { session: row.session.id, seq: 1, vseq: Some(1), at: new.now, repeated: false, row: Some(row) };
    Ok(Done { ack, visitor })
}

async fn insert_visitor(engine: &mut Engine<'_>, new: &NewChat) -> Result<(), StoreError> {
    let NewVisitor { id, site, name, email, phone, language, user_agent, time_zone } = &new.visitor;
    let contact = contact(engine, new).await?;
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
        new.now.micros(),
        time_zone.as_str(),
        phone.as_str(),
    )?;
    Ok(())
}

/// What the visitor says of themselves now; empty fields say nothing. `None` when there is no such visitor on the site.
async fn note_visitor(engine: &mut Engine<'_>, new: &NewChat) -> Result<Option<(String, String, String)>, StoreError> {
    let NewVisitor { id, site, name, email, phone, language, user_agent, time_zone } = &new.visitor;
    let contact = contact(engine, new).await?;
    run!(
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
        new.now.micros(),
        time_zone.as_str(),
        phone.as_str(),
    )
}

/// The contact with this e-mail address, made when it is new. Nothing of an existing one is changed: nobody has proved
/// that the address is theirs.
async fn contact(engine: &mut Engine<'_>, new: &NewChat) -> Result<Option<Uuid>, StoreError> {
    let email = new.visitor.email.to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    run!(
        done,
        engine,
        "INSERT INTO contacts (id, name, email, phone, created_at) VALUES ($1, $2, $3, '', $4)
         ON CONFLICT (email) WHERE email <> '' DO NOTHING",
        fresh_id(new.now)?,
        new.visitor.name.as_str(),
        email.as_str(),
        new.now.micros(),
    )?;
    let row = run!(one (Uuid,); engine, "SELECT id FROM contacts WHERE email = $1 AND email <> ''", email)?;
    Ok(row.map(|(id,)| id))
}

async fn add_token(engine: &mut Engine<'_>, visitor: VisitorId, new: &NewChat) -> Result<(), StoreError> {
    if let Some(hash) = &new.token_hash {
        run!(done, engine, ADD_TOKEN, hash.as_slice(), visitor.uuid(), new.now.micros())?;
    }
    Ok(())
}

async fn savepoint(engine: &mut Engine<'_>) -> Result<(), StoreError> {
    run!(done, engine, "SAVEPOINT opening")?;
    Ok(())
}

async fn release(engine: &mut Engine<'_>) -> Result<(), StoreError> {
    run!(done, engine, "RELEASE SAVEPOINT opening")?;
    Ok(())
}

async fn undo(engine: &mut Engine<'_>) -> Result<(), StoreError> {
    run!(done, engine, "ROLLBACK TO SAVEPOINT opening")?;
    release(engine).await
}
