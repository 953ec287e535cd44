//! Letters on their way to visitors. A row says which letter, never its words.

use domain::{Author, Channel, Event, EventKind, LetterKind, Outcome, Session, SessionId, Span, Timestamp, VisitorId};
use uuid::Uuid;

use crate::{
    Conn, StoreError, Tx, dialect,
    rows::{fresh_id, named, number},
    sql::Engine,
};

/// An agent who answers in several lines makes one letter of them.
const GATHERED: Span = Span::seconds(20);

/// One to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLetter {
    pub session: SessionId,
    pub kind: LetterKind,
    /// Empty: the visitor's own when it is sent.
    pub address: String,
    /// BCP 47; empty: the visitor's own.
    pub language: String,
    /// Of an answer: the first event that it tells of. Of a transcript: the newest when it was asked for.
    pub seq: u32,
    pub now: Timestamp,
    pub due: Timestamp,
}

/// One that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLetter {
    pub id: Uuid,
    pub session: SessionId,
    pub kind: LetterKind,
    pub address: String,
    pub language: String,
    pub seq: u32,
    pub created_at: Timestamp,
    /// How often it was tried before.
    pub attempts: u32,
}

record! {
    struct Due {
        id: Uuid,
        session_id: Uuid,
        kind: String,
        address: String,
        language: String,
        seq: i64,
        created_at: i64,
        attempts: i64,
    }
}

impl NewLetter {
    /// What an event sends on its way: the answer of an agent to who has left a message, and the transcript of a chat that
    /// an agent or its visitor has ended. Whether the site wants the latter is seen when it is sent.
    pub(crate) fn called_for_by(session: &Session, event: &Event) -> Option<Self> {
        let kind = match (&event.kind, session.channel, event.author) {
            (EventKind::Message { .. } | EventKind::Attachment(_), Channel::Email, Author::Agent(_)) => {
                LetterKind::Answer
            }
            (EventKind::Ended { outcome }, Channel::Chat, _) if *outcome != Outcome::Blocked => LetterKind::Transcript,
            _ => return None,
        };
        let due = if kind == LetterKind::Answer { event.at + GATHERED } else { event.at };
        Some(Self {
            session: session.id,
            kind,
            address: String::new(),
            language: String::new(),
            seq: event.seq,
            now: event.at,
            due,
        })
    }

    /// An answer that is still to be sent takes the new event along. It is locked by that: whoever sends it must see the event.
    pub(crate) async fn save(self, engine: &mut Engine<'_>) -> Result<(), StoreError> {
        run!(
            done,
            engine,
            "INSERT INTO letters (id, session_id, kind, address, language, seq, created_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (session_id) WHERE kind = 'answer' AND attempts = 0 DO UPDATE SET seq = letters.seq",
            fresh_id(self.now)?,
            self.session.uuid(),
            self.kind.name(),
            self.address,
            self.language,
            i64::from(self.seq),
            self.now.micros(),
            self.due.micros(),
        )?;
        Ok(())
    }
}

impl Conn {
    /// When the next attempt falls due.
    pub async fn next_letter(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT MIN(due_at) FROM letters WHERE done_at IS NULL";
        let row = run!(one (Option<i64>,); self.engine()?, sql)?;
        Ok(row.and_then(|(due,)| due).map(Timestamp::from_micros))
    }

    /// Who may come in again with this code, if it was made after `since`.
    pub async fn visitor_of_letter(
        &mut self,
        hash: &[u8; 32],
        since: Timestamp,
    ) -> Result<Option<VisitorId>, StoreError> {
        let sql = "SELECT visitor_id FROM letter_codes WHERE hash = $1 AND created_at > $2";
        let row = run!(one (Uuid,); self.engine()?, sql, hash.as_slice(), since.micros())?;
        Ok(row.map(|(id,)| VisitorId::from_uuid(id)))
    }

    /// The event at which the next answer after the one that begins at `seq` begins. Asked after the events were read, it
    /// knows of all that belong to the next one: a letter comes to be in the same transaction as what it tells of.
    pub async fn next_answer(&mut self, session: SessionId, seq: u32) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT MIN(seq) FROM letters WHERE session_id = $1 AND kind = 'answer' AND seq > $2";
        let row = run!(one (Option<i64>,); self.engine()?, sql, session.uuid(), i64::from(seq))?;
        row.and_then(|(seq,)| seq).map(number).transpose()
    }
}

impl Tx {
    pub async fn add_letter(&mut self, new: NewLetter) -> Result<(), StoreError> {
        new.save(&mut self.engine()?).await
    }

    /// Up to `most` that are due, taken for the time `lease`: whoever dies meanwhile leaves them to be tried again. Two
    /// nodes never take the same one, because the second finds it no longer due.
    pub async fn take_letters(&mut self, now: Timestamp, lease: Span, most: u32) -> Result<Vec<DueLetter>, StoreError> {
        let rows = run!(all Due; self.engine()?, dialect::TAKE_LETTERS, now.micros(), (now + lease).micros(), i64::from(most))?;
        let mut due = rows.into_iter().map(Due::public).collect::<Result<Vec<_>, _>>()?;
        // `RETURNING` promises no order; ids rise with time.
        due.sort_by_key(|letter| letter.id);
        Ok(due)
    }

    /// What the link of a letter holds; codes made before `since` are forgotten.
    pub async fn add_letter_code(
        &mut self,
        visitor: VisitorId,
        hash: &[u8; 32],
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        run!(done, self.engine()?, "DELETE FROM letter_codes WHERE created_at <= $1", since.micros())?;
        let sql = "INSERT INTO letter_codes (hash, visitor_id, created_at) VALUES ($1, $2, $3)";
        run!(done, self.engine()?, sql, hash.as_slice(), visitor.uuid(), now.micros())?;
        Ok(())
    }

    /// Handed over, or given up.
    pub async fn letter_done(&mut self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE letters SET done_at = $2 WHERE id = $1", id, now.micros())?;
        Ok(())
    }

    pub async fn letter_later(&mut self, id: Uuid, due: Timestamp) -> Result<(), StoreError> {
        run!(done, self.engine()?, "UPDATE letters SET due_at = $2 WHERE id = $1", id, due.micros())?;
        Ok(())
    }

    /// Forgets those that were done before then.
    pub async fn forget_letters(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        run!(done, self.engine()?, "DELETE FROM letters WHERE done_at < $1", before.micros())
    }
}

impl Due {
    fn public(self) -> Result<DueLetter, StoreError> {
        Ok(DueLetter {
            id: self.id,
            session: SessionId::from_uuid(self.session_id),
            kind: named(LetterKind::from_name, &self.kind)?,
            address: self.address,
            language: self.language,
            seq: number(self.seq)?,
            created_at: Timestamp::from_micros(self.created_at),
            attempts: number(self.attempts)?.saturating_sub(1),
        })
    }
}
