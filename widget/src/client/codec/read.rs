//! From JSON that the browser has parsed.

use domain::{Attachment, ClientId, FieldProblem, FileFault, Media, Outcome, SessionId, Stars, Status, Timestamp};
use wire::{
    Conflict, Error, Field,
    visitor::{Ack, Event, Face, Marks, Page, Place, ServerFrame, Started, State, Welcome, What, Who},
};

use crate::client::text;

/// A parsed value. What is not there, or of another kind, is nothing.
pub trait Json: Sized {
    /// A field; nothing when this is not an object.
    fn get(&self, key: &str) -> Self;
    fn text(&self) -> Option<String>;
    fn number(&self) -> Option<f64>;
    fn truth(&self) -> bool;
    fn items(&self) -> Option<Vec<Self>>;
    /// The only key of an object.
    fn key(&self) -> Option<String>;

    /// A variant as serde tags it from outside: its name, and what is in it.
    fn variant(&self) -> Option<(String, Self)> {
        let name = self.text().or_else(|| self.key())?;
        let inside = self.get(&name);
        Some((name, inside))
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    fn count(&self) -> Option<u32> {
        self.number().map(|number| number as u32)
    }
}

/// `None` for what this client does not know.
pub fn server_frame(json: &impl Json) -> Option<ServerFrame> {
    let (name, json) = json.variant()?;
    Some(match name.as_str() {
        "welcome" => ServerFrame::Welcome(Welcome {
            epoch: json.get("epoch").text()?,
            session: session(&json.get("session"))?,
            state: state(&json.get("state"))?,
            marks: marks(&json.get("marks")),
            own: marks(&json.get("own")),
            // An older server, while a newer one takes over, does not say.
            now: time(&json.get("now")).unwrap_or(Timestamp::from_millis(0)),
            page: page(&json.get("page"))?,
        }),
        "ack" => ServerFrame::Ack(Ack {
            client_id: client_id(&json.get("client_id"))?,
            vseq: json.get("vseq").count()?,
            at: time(&json.get("at"))?,
        }),
        "refused" => {
            ServerFrame::Refused { client_id: client_id(&json.get("client_id"))?, error: error(&json.get("error")) }
        }
        "event" => ServerFrame::Event(event(&json)?),
        "events" => ServerFrame::Events(page(&json)?),
        "history" => ServerFrame::History(page(&json)?),
        "state" => ServerFrame::State(state(&json)?),
        "typing" => ServerFrame::Typing { on: json.get("on").truth() },
        "marks" => ServerFrame::Marks(marks(&json)),
        "beat" => ServerFrame::Beat { vseq: json.get("vseq").count()? },
        "error" => ServerFrame::Error(error(&json)),
        _ => return None,
    })
}

pub fn started(json: &impl Json) -> Option<Started> {
    Some(Started { token: json.get("token").text(), session: session(&json.get("session"))? })
}

pub fn refused(json: &impl Json) -> Error {
    error(&json.get("error"))
}

fn state(json: &impl Json) -> Option<State> {
    let queue = json.get("queue");
    Some(State {
        status: Status::from_name(&json.get("status").text()?)?,
        outcome: outcome(&json.get("outcome")),
        agent: face(&json.get("agent")),
        queue: queue.get("position").count().map(|position| Place { position, wait: queue.get("wait").count() }),
        stars: stars(&json.get("stars")),
        attachments: json.get("attachments").truth(),
        by_email: json.get("by_email").truth(),
    })
}

fn page(json: &impl Json) -> Option<Page> {
    let events = json.get("events").items()?;
    let more = json.get("more").truth();
    // All or nothing: one that is left out would be a hole.
    Some(Page { events: events.iter().map(event).collect::<Option<_>>()?, more })
}

fn event(json: &impl Json) -> Option<Event> {
    let (who, author) = json.get("who").variant()?;
    let (what, inside) = json.get("what").variant()?;
    Some(Event {
        vseq: json.get("vseq").count()?,
        at: time(&json.get("at"))?,
        who: match who.as_str() {
            "visitor" => Who::Visitor,
            "agent" => Who::Agent(face(&author)?),
            _ => Who::Site,
        },
        what: match what.as_str() {
            "started" => What::Started,
            "message" => What::Message { text: inside.get("text").text()? },
            "attachment" => What::Attachment(attachment(&inside)?),
            "attachments_allowed" => What::AttachmentsAllowed { on: inside.get("on").truth() },
            "joined" => What::Joined,
            "assigned" => What::Assigned { to: face(&inside.get("to"))? },
            "requeued" => What::Requeued,
            "left" => What::Left,
            "away" => What::Away { agent: face(&inside.get("agent"))? },
            "back" => What::Back { agent: face(&inside.get("agent"))? },
            "ended" => What::Ended { outcome: outcome(&inside.get("outcome"))? },
            "resumed" => What::Resumed,
            "rated" => What::Rated { stars: stars(&inside.get("stars"))? },
            // A newer server's: it has a number, and no words.
            _ => What::Other,
        },
        client_id: client_id(&json.get("client_id")),
    })
}

fn attachment(json: &impl Json) -> Option<Attachment> {
    let size = json.get("size").items().unwrap_or_default();
    Some(Attachment {
        id: text::attachment_id(&json.get("id").text()?)?,
        name: json.get("name").text()?,
        media: media(&json.get("media"))?,
        bytes: bytes(&json.get("bytes"))?,
        size: match size.as_slice() {
            [width, height] => width.count().zip(height.count()),
            _ => None,
        },
        preview: json.get("preview").truth(),
    })
}

fn media(json: &impl Json) -> Option<Media> {
    Some(match json.text()?.as_str() {
        "jpeg" => Media::Jpeg,
        "png" => Media::Png,
        "gif" => Media::Gif,
        "webp" => Media::Webp,
        "mp4" => Media::Mp4,
        "webm" => Media::Webm,
        "pdf" => Media::Pdf,
        "text" => Media::Text,
        _ => return None,
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
fn bytes(json: &impl Json) -> Option<u64> {
    json.number().map(|number| number as u64)
}

/// Why a file was not taken; `None` for a reason that came later than this client.
fn fault(json: &impl Json) -> Option<FileFault> {
    let (name, inside) = json.variant()?;
    Some(match name.as_str() {
        "empty" => FileFault::Empty,
        "too_large" => FileFault::TooLarge { most: bytes(&inside.get("most"))? },
        "unknown_type" => FileFault::UnknownType,
        "not_allowed" => FileFault::NotAllowed(media(&inside)?),
        "svg" => FileFault::Svg,
        "html" => FileFault::Html,
        "polyglot" => FileFault::Polyglot,
        "damaged" => FileFault::Damaged,
        "infected" => FileFault::Infected,
        _ => return None,
    })
}

fn face(json: &impl Json) -> Option<Face> {
    let hue = json.get("hue").count()?;
    Some(Face {
        name: json.get("name").text()?,
        initials: json.get("initials").text()?,
        hue: u16::try_from(hue).unwrap_or(0),
    })
}

fn marks(json: &impl Json) -> Marks {
    let number = |key| json.get(key).count().unwrap_or(0);
    Marks { delivered: number("delivered"), read: number("read") }
}

/// An error that is not known is a fault of the server.
fn error(json: &impl Json) -> Error {
    let Some((name, inside)) = json.variant() else { return Error::Internal };
    match name.as_str() {
        "unauthenticated" => Error::Unauthenticated,
        "forbidden" => Error::Forbidden,
        "not_found" => Error::NotFound,
        "conflict" => conflict(&inside).map_or(Error::Forbidden, Error::Conflict),
        "invalid" => Error::Invalid(inside.items().unwrap_or_default().iter().filter_map(field).collect()),
        "file" => Error::File(fault(&inside).unwrap_or(FileFault::UnknownType)),
        "rate_limited" => Error::RateLimited { retry_after: inside.get("retry_after").count().unwrap_or(1) },
        "plan_required" => Error::PlanRequired,
        "unavailable" => Error::Unavailable,
        "transport" => Error::Transport,
        _ => Error::Internal,
    }
}

/// Those that a visitor can meet.
fn conflict(json: &impl Json) -> Option<Conflict> {
    let (name, inside) = json.variant()?;
    Some(match name.as_str() {
        "ended" => Conflict::Ended,
        "not_ended" => Conflict::NotEnded,
        "already_open" => Conflict::AlreadyOpen { session: session(&inside.get("session"))? },
        "rating_closed" => Conflict::RatingClosed,
        "already_rated" => Conflict::AlreadyRated,
        "attachments_off" => Conflict::AttachmentsOff,
        "unidentified" => Conflict::Unidentified,
        "offset" => Conflict::Offset { at: bytes(&inside.get("at"))? },
        _ => return None,
    })
}

fn field(json: &impl Json) -> Option<Field> {
    let problem = match json.get("problem").text()?.as_str() {
        "missing" => FieldProblem::Missing,
        "too_long" => FieldProblem::TooLong,
        "not_an_email" => FieldProblem::NotAnEmail,
        "not_a_phone" => FieldProblem::NotAPhone,
        "too_many" => FieldProblem::TooMany,
        _ => FieldProblem::Unknown,
    };
    Some(Field { field: json.get("field").text()?, problem })
}

fn client_id(json: &impl Json) -> Option<ClientId> {
    text::client_id(&json.text()?)
}

fn session(json: &impl Json) -> Option<SessionId> {
    text::session_id(&json.text()?)
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this era")]
fn time(json: &impl Json) -> Option<Timestamp> {
    json.number().map(|millis| Timestamp::from_millis(millis as i64))
}

fn outcome(json: &impl Json) -> Option<Outcome> {
    Outcome::from_name(&json.text()?)
}

fn stars(json: &impl Json) -> Option<Stars> {
    Stars::try_from(u8::try_from(json.count()?).ok()?).ok()
}
