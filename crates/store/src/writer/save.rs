//! What a batch writes: each kind of row in one statement.

use std::{collections::BTreeMap, sync::LazyLock};

use domain::{AgentId, AttachmentId, Author, ClientId, Event, Outcome, Session, Stars, Timestamp};
use uuid::Uuid;

use crate::{
    SessionRow, StoreError,
    events::kind_columns,
    many::{Cells, Many},
    rows::{author_name, fresh_id, micros},
    session_row::routing_text,
    sql::Engine,
};

/// Days are UTC.
const DAY: i64 = 24 * 3600 * 1_000_000;

pub(super) static SAVE_EVENTS: LazyLock<Many<9>> = LazyLock::new(|| {
    Many::new(
        "INSERT INTO session_events
             (session_id, seq, vseq, at, author_kind, author_id, kind, data, client_id) SELECT * FROM",
        "WHERE column1 IS NOT NULL",
    )
});

/// What every message changes. No index holds any of it.
macro_rules! light {
    () => {
        "UPDATE sessions SET seq = column2, vseq = column3, last_text = column4, last_author_kind = column5,
             last_author_id = column6, last_at = column7, unread = column8, visitor_delivered = column9,
             visitor_read = column10, staff_delivered = column11, staff_read = column12"
    };
}

pub(super) static SAVE_LIGHT: LazyLock<Many<12>> =
    LazyLock::new(|| Many::new(concat!(light!(), " FROM"), "WHERE sessions.id = column1"));

static SAVE_WHOLE: LazyLock<Many<24>> = LazyLock::new(|| {
    Many::new(
        concat!(
            light!(),
            ", queue_id = column13, status = column14, outcome = column15, owner_id = column16, deadline = column17,
             episode = column18, waiting_since = column19, assigned_at = column20, first_reply_at = column21,
             ended_at = column22, routing = column23, attachments = column24 FROM"
        ),
        "WHERE sessions.id = column1",
    )
});

static SAVE_EPISODES: LazyLock<Many<9>> = LazyLock::new(|| {
    Many::new(
        "UPDATE episodes SET queue_id = column3, owner_id = column4, waiting_since = column5, assigned_at = column6,
             first_reply_at = column7, ended_at = column8, outcome = column9 FROM",
        "WHERE episodes.session_id = column1 AND episodes.n = column2",
    )
});

static SAVE_OFFERS: LazyLock<Many<2>> =
    LazyLock::new(|| Many::new("UPDATE agents SET last_offer = column2 FROM", "WHERE agents.id = column1"));

/// `by` is whose request it was. The first event carries the request's client id and has to be found under the
/// requester, even where its author is the system (a resume that closes a wrap-up first).
pub(super) fn event_cells(session: &Session, event: &Event, by: Uuid) -> Result<Cells<9>, StoreError> {
    let (kind, data) = kind_columns(&event.kind)?;
    let author = match event.author {
        Author::Agent(agent) => Some(agent.uuid()),
        _ if event.client_id.is_some() => Some(by),
        Author::Visitor => Some(session.visitor.uuid()),
        Author::System => None,
    };
    Ok([
        session.id.uuid().into(),
        event.seq.into(),
        event.vseq.into(),
        event.at.micros().into(),
        author_name(event.author).into(),
        author.into(),
        kind.into(),
        data.into(),
        event.client_id.map(ClientId::uuid).into(),
    ])
}

pub(super) async fn events(engine: &mut Engine<'_>, rows: Vec<Cells<9>>) -> Result<(), StoreError> {
    SAVE_EVENTS.run(engine, rows).await
}

/// Only what every message changes.
pub(super) async fn heads_light(engine: &mut Engine<'_>, rows: &[&SessionRow]) -> Result<(), StoreError> {
    SAVE_LIGHT.run(engine, rows.iter().map(|row| light_cells(row)).collect()).await
}

pub(super) async fn heads_whole(engine: &mut Engine<'_>, rows: &[&SessionRow]) -> Result<(), StoreError> {
    let cells: Result<Vec<_>, _> = rows.iter().map(|row| whole_cells(row)).collect();
    SAVE_WHOLE.run(engine, cells?).await
}

/// The running episodes of these chats.
pub(super) async fn episodes(engine: &mut Engine<'_>, sessions: &[&Session]) -> Result<(), StoreError> {
    let cells = |session: &&Session| {
        [
            session.id.uuid().into(),
            session.episode.into(),
            session.queue.uuid().into(),
            session.owner.map(AgentId::uuid).into(),
            session.waiting_since.micros().into(),
            micros(session.assigned_at).into(),
            micros(session.first_reply_at).into(),
            micros(session.ended_at).into(),
            session.outcome.map(Outcome::name).into(),
        ]
    };
    SAVE_EPISODES.run(engine, sessions.iter().map(cells).collect()).await
}

pub(super) fn light_cells(row: &SessionRow) -> Cells<12> {
    let session = &row.session;
    [
        session.id.uuid().into(),
        session.seq.into(),
        session.vseq.into(),
        session.last_text.as_str().into(),
        author_name(session.last_author).into(),
        agent_of(session.last_author).into(),
        session.last_at.micros().into(),
        session.unread.into(),
        row.visitor_marks.delivered.into(),
        row.visitor_marks.read.into(),
        row.staff_marks.delivered.into(),
        row.staff_marks.read.into(),
    ]
}

fn whole_cells(row: &SessionRow) -> Result<Cells<24>, StoreError> {
    let session = &row.session;
    let [id, seq, vseq, text, kind, author, at, unread, v_delivered, v_read, s_delivered, s_read] = light_cells(row);
    Ok([
        id,
        seq,
        vseq,
        text,
        kind,
        author,
        at,
        unread,
        v_delivered,
        v_read,
        s_delivered,
        s_read,
        session.queue.uuid().into(),
        session.status.name().into(),
        session.outcome.map(Outcome::name).into(),
        session.owner.map(AgentId::uuid).into(),
        micros(session.deadline).into(),
        session.episode.into(),
        session.waiting_since.micros().into(),
        micros(session.assigned_at).into(),
        micros(session.first_reply_at).into(),
        micros(session.ended_at).into(),
        routing_text(&session.routing)?.as_str().into(),
        i64::from(session.attachments).into(),
    ])
}

/// Whose turn it was.
pub(super) async fn offers(engine: &mut Engine<'_>, offers: BTreeMap<AgentId, Timestamp>) -> Result<(), StoreError> {
    let cells = |(agent, at): (AgentId, Timestamp)| [agent.uuid().into(), at.micros().into()];
    SAVE_OFFERS.run(engine, offers.into_iter().map(cells).collect()).await
}

/// A new chat's row.
pub(super) async fn insert_head(
    engine: &mut Engine<'_>,
    session: &Session,
    start_client: Uuid,
) -> Result<(), StoreError> {
    run!(
        done,
        engine,
        "INSERT INTO sessions (id, site_id, queue_id, visitor_id, start_client_id, created_at, status, seq, vseq,
             deadline, last_text, last_author_kind, last_author_id, last_at, unread, episode, waiting_since, channel,
             visitor_delivered, visitor_read, staff_delivered, staff_read)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0, 0, 0)",
        session.id.uuid(),
        session.site.uuid(),
        session.queue.uuid(),
        session.visitor.uuid(),
        start_client,
        session.created_at.micros(),
        session.status.name(),
        i64::from(session.seq),
        i64::from(session.vseq),
        micros(session.deadline),
        session.last_text.as_str(),
        author_name(session.last_author),
        agent_of(session.last_author),
        session.last_at.micros(),
        i64::from(session.unread),
        i64::from(session.episode),
        session.waiting_since.micros(),
        session.channel.name(),
    )?;
    Ok(())
}

/// A new episode, whose first event has the number `first_seq`.
pub(super) async fn insert_episode(
    engine: &mut Engine<'_>,
    session: &Session,
    first_seq: u32,
) -> Result<(), StoreError> {
    run!(
        done,
        engine,
        "INSERT INTO episodes (session_id, n, first_seq, queue_id, waiting_since) VALUES ($1, $2, $3, $4, $5)",
        session.id.uuid(),
        i64::from(session.episode),
        i64::from(first_seq),
        session.queue.uuid(),
        session.waiting_since.micros(),
    )?;
    Ok(())
}

/// The files that have become part of their chats, with the numbers of their events.
pub(super) async fn attached(engine: &mut Engine<'_>, files: &[(AttachmentId, u32)]) -> Result<(), StoreError> {
    for (file, seq) in files {
        let sql = "UPDATE attachments SET seq = $2 WHERE id = $1 AND seq IS NULL";
        run!(done, engine, sql, file.uuid(), i64::from(*seq))?;
    }
    Ok(())
}

/// The named rating of a chat's running episode, given or changed.
pub(super) struct Rating {
    pub(super) session: Session,
    pub(super) stars: Stars,
    pub(super) words: String,
    pub(super) at: Timestamp,
}

pub(super) async fn rating(engine: &mut Engine<'_>, rating: Rating) -> Result<(), StoreError> {
    run!(
        done,
        engine,
        "INSERT INTO ratings (id, session_id, episode, agent_id, queue_id, day, stars, words, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (session_id, episode) DO UPDATE
         SET stars = excluded.stars, words = excluded.words, day = excluded.day, at = excluded.at",
        fresh_id(rating.at)?,
        rating.session.id.uuid(),
        i64::from(rating.session.episode),
        rating.session.owner.map(AgentId::uuid),
        rating.session.queue.uuid(),
        rating.at.micros().div_euclid(DAY),
        i64::from(u8::from(rating.stars)),
        rating.words,
        rating.at.micros(),
    )?;
    Ok(())
}

const fn agent_of(author: Author) -> Option<Uuid> {
    match author {
        Author::Agent(agent) => Some(agent.uuid()),
        Author::Visitor | Author::System => None,
    }
}
