//! Starts and resumes: the two moves that open a chat, and so can collide with another open one of the same visitor.
//!
//! Each first writes what the batch has so far, looks for a collision, and then writes at once under a savepoint: another
//! node may open a chat between the look and the write, which the unique indexes notice.

use domain::{Acted, Session, SessionId, VisitorId};
use uuid::Uuid;

use super::{
    Ack, Act, ActError, NewChat,
    batch::Batch,
    ledger::{Answer, Done, First, Head},
    load, save, visitor,
};
use crate::{Marks, SessionRow, StoreError, sql::Engine, visitors::ADD_TOKEN};

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
    // Knowing the id of a start is as good as the visitor's token, until the site has said who they are: from then on only
    // it opens their chats, also to the browser in which they were strangers.
    let sql = "SELECT user_id FROM visitors WHERE id = $1";
    let named = run!(one (String,); batch.engine, sql, visitor.uuid())?.is_some_and(|(user_id,)| !user_id.is_empty());
    if named && visitor != new.visitor.id {
        return Ok(Err(ActError::NotFound));
    }
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
        visitor::insert_visitor(&mut batch.engine, &new.visitor, new.now).await?;
        (new.visitor.name.clone(), new.visitor.email.clone(), new.visitor.phone.clone())
    } else {
        visitor::note_visitor(&mut batch.engine, &new.visitor, new.now).await?.ok_or(ActError::NotFound)?
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
