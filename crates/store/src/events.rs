//! The gapless sequence of each chat.

use domain::{ClientId, Event, EventKind, SessionId, Timestamp};
use uuid::Uuid;

use crate::{
    Conn, StoreError,
    rows::{author, number},
};

record! {
    struct Record {
        seq: i64,
        vseq: Option<i64>,
        at: i64,
        author_kind: String,
        author_id: Option<Uuid>,
        kind: String,
        data: String,
        client_id: Option<Uuid>,
    }
}

impl Record {
    fn event(self) -> Result<Event, StoreError> {
        Ok(Event {
            seq: number(self.seq)?,
            vseq: self.vseq.map(number).transpose()?,
            at: Timestamp::from_micros(self.at),
            author: author(&self.author_kind, self.author_id)?,
            kind: kind(&self.kind, &self.data)?,
            client_id: self.client_id.map(ClientId::from_uuid),
        })
    }
}

/// The two columns of a kind: its name, and its fields as JSON (`null` when it has none). Both are cut out of its one
/// serialised form, `{"name":fields}` or `"name"`, so that they cannot part from it.
pub(crate) fn kind_columns(kind: &EventKind) -> Result<(String, String), StoreError> {
    let json = serde_json::to_string(kind).map_err(StoreError::other)?;
    let columns = match json.strip_prefix("{\"") {
        Some(rest) => rest.split_once("\":").and_then(|(name, fields)| Some((name, fields.strip_suffix('}')?))),
        None => Some((json.trim_matches('"'), "null")),
    };
    let (name, fields) = columns.ok_or_else(|| StoreError::other("an event kind is not a tagged object"))?;
    Ok((name.to_owned(), fields.to_owned()))
}

fn kind(name: &str, fields: &str) -> Result<EventKind, StoreError> {
    serde_json::from_str(&format!("{{\"{name}\":{fields}}}")).map_err(StoreError::other)
}

macro_rules! select_events {
    ($rest:literal) => {
        concat!(
            "SELECT seq, vseq, at, author_kind, author_id, kind, data, client_id FROM session_events
             WHERE session_id = $1 AND ",
            $rest
        )
    };
}

record! {
    struct AnswerRecord {
        session_id: Uuid,
        seq: i64,
        at: i64,
    }
}

/// What a client's id was answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstAnswer {
    pub session: SessionId,
    pub seq: u32,
    pub at: Timestamp,
}

impl Conn {
    /// The first acknowledgement that this author's `client_id` got, if it has had an effect.
    pub async fn first_answer(&mut self, author: Uuid, client_id: ClientId) -> Result<Option<FirstAnswer>, StoreError> {
        let sql = "SELECT session_id, seq, at FROM session_events WHERE author_id = $1 AND client_id = $2";
        let Some(row) = run!(one AnswerRecord; self.engine()?, sql, author, client_id.uuid())? else { return Ok(None) };
        let session = SessionId::from_uuid(row.session_id);
        Ok(Some(FirstAnswer { session, seq: number(row.seq)?, at: Timestamp::from_micros(row.at) }))
    }

    pub async fn events_after(&mut self, session: SessionId, seq: u32, limit: u32) -> Result<Vec<Event>, StoreError> {
        self.events(select_events!("seq > $2 ORDER BY seq LIMIT $3"), session, i64::from(seq), limit).await
    }

    /// The `limit` newest below `seq` (`u32::MAX` for the newest of all), oldest first.
    pub async fn events_before(&mut self, session: SessionId, seq: u32, limit: u32) -> Result<Vec<Event>, StoreError> {
        let sql = select_events!("seq < $2 ORDER BY seq DESC LIMIT $3");
        let mut events = self.events(sql, session, i64::from(seq), limit).await?;
        events.reverse();
        Ok(events)
    }

    /// The number of the first event at `at` or later; `None` when there is none. Clocks may have been set back in
    /// between: numbers order, times only show.
    pub async fn first_event_at(&mut self, session: SessionId, at: Timestamp) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT seq FROM session_events WHERE session_id = $1 AND at >= $2 ORDER BY seq LIMIT 1";
        let row = run!(one (i64,); self.engine()?, sql, session.uuid(), at.micros())?;
        row.map(|(seq,)| number(seq)).transpose()
    }

    /// Only what the visitor may see. (`vseq` never exceeds `seq`, so the primary key serves; see the schema.)
    pub async fn visitor_events_after(
        &mut self,
        session: SessionId,
        vseq: u32,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.events(select_events!("seq > $2 AND vseq > $2 ORDER BY seq LIMIT $3"), session, i64::from(vseq), limit)
            .await
    }

    /// Only what the visitor may see: the `limit` newest below `vseq`, oldest first.
    pub async fn visitor_events_before(
        &mut self,
        session: SessionId,
        vseq: u32,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        // What the visitor may not see pushes `seq` up, by no more than there is of it.
        let sql = select_events!(
            "seq < $2 + (SELECT seq - vseq FROM sessions WHERE id = $1) AND vseq < $2 ORDER BY seq DESC LIMIT $3"
        );
        let mut events = self.events(sql, session, i64::from(vseq), limit).await?;
        events.reverse();
        Ok(events)
    }

    async fn events(
        &mut self,
        sql: &'static str,
        session: SessionId,
        from: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = run!(all Record; self.engine()?, sql, session.uuid(), from, i64::from(limit))?;
        rows.into_iter().map(Record::event).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::{AgentId, Outcome, QueueId, Stars};

    use super::*;

    fn file() -> domain::Attachment {
        domain::Attachment {
            id: domain::AttachmentId::from_uuid(Uuid::from_u128(8)),
            name: "a \"b\": {c}.jpg".into(),
            media: domain::Media::Jpeg,
            bytes: 157_286_400,
            size: Some((4000, 3000)),
            preview: true,
        }
    }

    #[test]
    fn every_kind_comes_back() -> Result<(), Box<dyn std::error::Error>> {
        let id = Uuid::from_u128(7);
        for given in [
            EventKind::Started { page: Some("https://shop.example/\"x\"".into()) },
            EventKind::Message { text: "a \"quoted\": {text}\n\u{1F600}".into() },
            EventKind::Attachment(file()),
            EventKind::AttachmentsAllowed { on: true },
            EventKind::Note { text: "}".into() },
            EventKind::Overrode { rules: vec!["Cards".into(), "\"}".into()] },
            EventKind::Joined,
            EventKind::Assigned { to: AgentId::from_uuid(id) },
            EventKind::Requeued { queue: QueueId::from_uuid(id), from: None },
            EventKind::Ended { outcome: Outcome::Missed },
            EventKind::WrapUpClosed,
            EventKind::Resumed,
            EventKind::Rated { stars: Stars::try_from(4).map_err(|error| error.to_string())?, words: "ok".into() },
        ] {
            let (name, fields) = kind_columns(&given)?;
            assert_eq!(kind(&name, &fields)?, given, "{name} {fields}");
        }
        Ok(())
    }
}
