//! A chat to take along (PRODUCT A9): everything its reader may see, as text for people, as JSON and CSV for programs.
//!
//! To add a kind of event: its words in [`words`].

mod formats;
#[cfg(test)]
mod tests;

use domain::{
    Answer, Classification, EventKind, FieldKind, Handover, LetterKind, SessionId, Stars, Timestamp, Viewer, rfc3339,
};
use serde::Serialize;
use wire::{
    PAGE, Result,
    agent::{Shown, StaffEvent, Who},
};

use crate::{Staff, faults, views};

/// How a transcript is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranscriptFormat {
    Text,
    Json,
    Csv,
}

/// A file to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptFile {
    pub name: String,
    pub text: String,
}

/// Everything about one chat. Names are what people are called now.
#[derive(Debug, Clone, Serialize)]
struct Transcript {
    chat: SessionId,
    site: String,
    queue: String,
    visitor: Visitor,
    agent: Option<String>,
    /// As on the wire: `resolved`.
    status: domain::Status,
    outcome: Option<domain::Outcome>,
    started_at: String,
    ended_at: Option<String>,
    rating: Option<Rating>,
    /// `None` for who may not read it.
    classification: Option<Classification>,
    events: Vec<Line>,
    #[serde(skip)]
    started: Timestamp,
    #[serde(skip)]
    ended: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize)]
struct Visitor {
    name: String,
    email: String,
}

#[derive(Debug, Clone, Serialize)]
struct Rating {
    stars: Stars,
    words: String,
}

/// One event.
#[derive(Debug, Clone, Serialize)]
struct Line {
    seq: u32,
    /// RFC 3339, UTC.
    at: String,
    by: By,
    /// Of who did it; empty for the system.
    name: String,
    /// What happened, by its name on the wire.
    kind: String,
    /// What was said, or the words for what happened.
    text: String,
    /// Never shown to the visitor.
    internal: bool,
    #[serde(skip)]
    moment: Timestamp,
    /// Somebody's own words, and no line of the system.
    #[serde(skip)]
    said: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Visitor,
    Agent,
    System,
}

impl TranscriptFormat {
    /// By the ending of the file's name.
    pub fn from_ending(ending: &str) -> Option<Self> {
        match ending {
            "txt" => Some(Self::Text),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    pub const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

impl Staff {
    /// The whole chat, for whoever may read it, as far as they may. `zone`: of the clock that the text's times are read
    /// from (IANA); what is none counts as UTC. That somebody took it along is written down.
    pub async fn transcript(&self, session: SessionId, format: TranscriptFormat, zone: &str) -> Result<TranscriptFile> {
        let transcript = self.whole(session).await?;
        let now = self.services.now();
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        let data = serde_json::json!({ "format": format.ending() });
        self.note(&mut tx, "chat.exported", &session.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(TranscriptFile {
            name: transcript.file_name(format, zone),
            text: match format {
                TranscriptFormat::Text => transcript.text(zone),
                TranscriptFormat::Json => transcript.json(),
                TranscriptFormat::Csv => transcript.csv(),
            },
        })
    }

    async fn whole(&self, session: SessionId) -> Result<Transcript> {
        let details = self.details(session).await?;
        let (_, viewer) = self.readable(session).await?;
        let directory = self.services.directory();
        let visitor = Visitor { name: details.row.visitor.name.clone(), email: details.row.visitor.email.clone() };
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let mut events = Vec::new();
        let mut after = 0;
        loop {
            let page = conn.events_after(session, after, PAGE).await.map_err(faults::stored)?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            let told = page.iter().filter_map(|event| views::for_staff(event, viewer, &directory));
            events.extend(told.filter_map(|event| line(event, &visitor.name)));
        }
        let classification = match viewer {
            Viewer::Staff => Some(conn.classification(session).await.map_err(faults::stored)?.0),
            Viewer::Passer | Viewer::Visitor => None,
        };
        let row = details.row;
        Ok(Transcript {
            chat: session,
            site: details.site,
            queue: row.queue_name,
            visitor,
            agent: row.owner_name,
            status: row.status,
            outcome: row.outcome,
            started_at: rfc3339(details.started_at),
            ended_at: row.ended_at.map(rfc3339),
            rating: row.rating.map(|rating| Rating { stars: rating.stars, words: rating.words }),
            classification,
            events,
            started: details.started_at,
            ended: row.ended_at,
        })
    }
}

/// `None` for what is withheld.
fn line(event: StaffEvent, visitor: &str) -> Option<Line> {
    let shown = event.shown?;
    let (by, name) = match &shown.who {
        Who::Visitor => (By::Visitor, visitor.to_owned()),
        Who::Agent { face, .. } => (By::Agent, face.name.clone()),
        Who::System => (By::System, String::new()),
    };
    let said = matches!(shown.kind, EventKind::Message { .. } | EventKind::Note { .. } | EventKind::Attachment(_));
    Some(Line {
        seq: event.seq,
        at: rfc3339(event.at),
        by,
        name,
        kind: kind_name(&shown.kind),
        internal: !shown.kind.for_visitor(),
        text: words(&shown),
        moment: event.at,
        said,
    })
}

/// As the wire names it: the one key of its JSON, or its only word.
fn kind_name(kind: &EventKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(one)) => one.into_iter().next().map(|(name, _)| name).unwrap_or_default(),
        _ => String::new(),
    }
}

/// As it was asked; in our words where the site had none.
fn label(answer: &Answer) -> &str {
    match answer.kind {
        _ if !answer.label.is_empty() => &answer.label,
        FieldKind::Name => "Name",
        FieldKind::Email => "E-mail",
        FieldKind::Phone => "Phone",
        _ => "Answer",
    }
}

fn words(shown: &Shown) -> String {
    let named = shown.named.clone().unwrap_or_default();
    let on = |page: &Option<String>| page.as_ref().map(|page| format!(" on {page}")).unwrap_or_default();
    match &shown.kind {
        EventKind::Message { text } | EventKind::Note { text } => text.clone(),
        EventKind::Attachment(file) => format!("{} ({} bytes)", file.name, file.bytes),
        EventKind::Started { page } => format!("began the chat{}", on(page)),
        EventKind::Answered { answers, .. } => {
            let line = |answer: &Answer| format!("{}: {}", label(answer), answer.value);
            answers.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        EventKind::AttachmentsAllowed { on: true } => "let the visitor send files".to_owned(),
        EventKind::AttachmentsAllowed { on: false } => "let the visitor send no more files".to_owned(),
        EventKind::Overrode { rules } => format!("sent it although it was guarded: {}", rules.join(", ")),
        EventKind::Joined => "took the chat".to_owned(),
        EventKind::Assigned { .. } => format!("gave the chat to {named}"),
        EventKind::Given { .. } => format!("the chat was given to {named}"),
        EventKind::Requeued { .. } => format!("the chat went to the queue {named}"),
        EventKind::Overflowed { seconds, .. } => format!("on to the queue {named} after {seconds} s"),
        EventKind::Offered { seconds, .. } => format!("offered to {named} for {seconds} s"),
        EventKind::OfferEnded { .. } => format!("the offer to {named} ended"),
        EventKind::GaveBack { .. } => format!("back in its queue: {named} was gone"),
        EventKind::OwnerLost { .. } => format!("{named} lost the connection"),
        EventKind::OwnerBack { .. } => format!("{named} is back"),
        EventKind::ColleagueJoined { .. } => format!("{named} joined"),
        EventKind::ColleagueLeft { .. } => format!("{named} left"),
        EventKind::Ended { outcome } => format!("the chat ended: {}", outcome.name()),
        EventKind::WrapUpClosed => "finished the wrap-up".to_owned(),
        EventKind::Resumed => "took the chat up again".to_owned(),
        EventKind::Mailed { letter, to, handover } => {
            let what = match letter {
                LetterKind::Transcript => "the transcript",
                LetterKind::Answer => "the answer",
            };
            match handover {
                Handover::Sent => format!("{what} was sent to {to}"),
                Handover::Bounced => format!("{what} was refused by the mail server: {to}"),
                Handover::Failed => format!("{what} could not be sent to {to}"),
            }
        }
        EventKind::Rated { stars, words } if words.is_empty() => format!("gave {} of 5 stars", u8::from(*stars)),
        EventKind::Rated { stars, words } => format!("gave {} of 5 stars: {words}", u8::from(*stars)),
    }
}
