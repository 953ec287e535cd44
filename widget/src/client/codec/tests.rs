use domain::{
    Answers, Attachment, AttachmentId, ClientId, FieldProblem, FileFault, Media, Outcome, PageVisit, SessionId, Stars,
    Status, Timestamp,
};
use proptest::prelude::*;
use serde_json::Value;
use wire::{
    Conflict, Error,
    visitor::{
        Ack, ClientFrame, Event, Face, Hello, IdentifyRequest, Marks, Page, Place, Rate, Refused, ServerFrame,
        StartRequest, Started, State, Welcome, What, Who,
    },
};

use super::*;

impl Json for Value {
    fn get(&self, key: &str) -> Self {
        Self::get(self, key).cloned().unwrap_or_default()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn truth(&self) -> bool {
        self.as_bool() == Some(true)
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }

    fn key(&self) -> Option<String> {
        self.as_object().and_then(|object| object.keys().next().cloned())
    }
}

fn client_id() -> ClientId {
    ClientId::from_uuid(uuid::Uuid::from_u128(0x1234_5678_9abc_4def_8000_0000_0000_0001))
}

fn session() -> SessionId {
    SessionId::from_uuid(uuid::Uuid::from_u128(7))
}

fn face() -> Face {
    Face { name: "Åki".into(), initials: "ÅK".into(), hue: 359 }
}

fn stars(n: u8) -> Stars {
    Stars::try_from(n).expect("1 to 5")
}

fn at() -> Timestamp {
    Timestamp::from_millis(1_790_000_000_123)
}

fn attachment(media: Media, size: Option<(u32, u32)>) -> What {
    let id = AttachmentId::from_uuid(session().uuid());
    let preview = size.is_some();
    What::Attachment(Attachment { id, name: "a\"b.jpg".into(), media, bytes: 157_286_400, size, preview })
}

fn events() -> Vec<Event> {
    let whats = [
        What::Started,
        What::Message { text: "a\n\"b\" \u{1F600}".into() },
        attachment(Media::Jpeg, Some((4000, 3000))),
        attachment(Media::Text, None),
        What::AttachmentsAllowed { on: true },
        What::AttachmentsAllowed { on: false },
        What::Joined,
        What::Assigned { to: face() },
        What::Requeued,
        What::Left,
        What::Away { agent: Face { name: "Aki".into(), initials: "A".into(), hue: 7 } },
        What::Back { agent: Face { name: "Aki".into(), initials: "A".into(), hue: 7 } },
        What::Resumed,
        What::Rated { stars: stars(4) },
    ];
    let ends = Outcome::ALL.map(|outcome| What::Ended { outcome });
    let whos = [Who::Visitor, Who::Agent(face()), Who::Site];
    let all = whats.into_iter().chain(ends).zip(whos.iter().cycle()).zip(1..);
    all.map(|((what, who), vseq)| Event {
        vseq,
        at: at(),
        who: who.clone(),
        what,
        client_id: (vseq % 2 == 0).then(client_id),
    })
    .collect()
}

fn states() -> Vec<State> {
    let bare = |status| State {
        status,
        outcome: None,
        agent: None,
        queue: None,
        stars: None,
        attachments: false,
        by_email: false,
    };
    let mut states: Vec<_> = Status::ALL.map(bare).into();
    states.push(State {
        outcome: Some(Outcome::Handled),
        agent: Some(face()),
        queue: Some(Place { position: 3, wait: Some(61) }),
        stars: Some(stars(1)),
        attachments: true,
        by_email: true,
        ..bare(Status::Resolved)
    });
    states.push(State { queue: Some(Place { position: 1, wait: None }), ..bare(Status::WaitingForAgent) });
    states
}

fn errors() -> Vec<Error> {
    vec![
        Error::Unauthenticated,
        Error::Forbidden,
        Error::NotFound,
        Error::Conflict(Conflict::Ended),
        Error::Conflict(Conflict::NotEnded),
        Error::Conflict(Conflict::AlreadyOpen { session: session() }),
        Error::Conflict(Conflict::RatingClosed),
        Error::Conflict(Conflict::AlreadyRated),
        Error::Conflict(Conflict::AttachmentsOff),
        Error::Conflict(Conflict::Unidentified),
        Error::Conflict(Conflict::Offset { at: 157_286_400 }),
        Error::File(FileFault::Empty),
        Error::File(FileFault::TooLarge { most: 157_286_400 }),
        Error::File(FileFault::UnknownType),
        Error::File(FileFault::NotAllowed(Media::Pdf)),
        Error::File(FileFault::Svg),
        Error::File(FileFault::Html),
        Error::File(FileFault::Polyglot),
        Error::File(FileFault::Damaged),
        Error::File(FileFault::Infected),
        Error::invalid("email", FieldProblem::NotAnEmail),
        Error::invalid("question", FieldProblem::Missing),
        Error::invalid("name", FieldProblem::TooLong),
        Error::RateLimited { retry_after: 17 },
        Error::PlanRequired,
        Error::Unavailable,
        Error::Internal,
        Error::Transport,
    ]
}

#[test]
fn every_frame_of_the_server_is_read_as_it_was_meant() {
    let page = Page { events: events(), more: true };
    let mut frames = vec![
        ServerFrame::Ack(Ack { client_id: client_id(), vseq: u32::MAX, at: at() }),
        ServerFrame::Events(page.clone()),
        ServerFrame::History(Page::default()),
        ServerFrame::Typing { on: true },
        ServerFrame::Typing { on: false },
        ServerFrame::Marks(Marks { delivered: 5, read: 4 }),
        ServerFrame::Beat { vseq: 12 },
    ];
    frames.extend(events().into_iter().map(ServerFrame::Event));
    frames.extend(states().into_iter().map(ServerFrame::State));
    frames.extend(states().into_iter().map(|state| {
        ServerFrame::Welcome(Welcome {
            epoch: "e1".into(),
            session: session(),
            state,
            marks: Marks { delivered: 2, read: 1 },
            own: Marks { delivered: 9, read: 8 },
            now: at(),
            page: page.clone(),
        })
    }));
    frames.extend(errors().into_iter().map(|error| ServerFrame::Refused { client_id: client_id(), error }));
    frames.extend(errors().into_iter().map(ServerFrame::Error));
    for frame in frames {
        let json = serde_json::to_value(&frame).expect("JSON");
        assert_eq!(server_frame(&json), Some(frame), "{json}");
    }
}

#[test]
fn answers_over_plain_http_are_read_as_they_were_meant() {
    for token in [None, Some("t0ken".to_owned())] {
        let answer = Started { token, session: session() };
        assert_eq!(started(&serde_json::to_value(&answer).expect("JSON")), Some(answer));
    }
    for error in errors() {
        assert_eq!(refused(&serde_json::to_value(Refused { error: error.clone() }).expect("JSON")), error);
    }
    assert_eq!(refused(&Value::Null), Error::Internal, "an answer from something in between");
}

#[test]
fn what_is_not_known_is_left_alone() {
    for json in
        ["null", "{}", "[]", "\"ping\"", "{\"surprise\":{}}", "{\"ack\":{}}", "{\"event\":{\"what\":\"x\"}}", "7"]
    {
        let value: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(server_frame(&value), None, "{json}");
    }
}

fn sent_frames(text: &str) -> Vec<ClientFrame> {
    let id = client_id();
    let rate = |edit_secret: Option<String>| {
        let anonymous = edit_secret.is_some();
        ClientFrame::Rate(Rate { client_id: id, stars: stars(5), words: text.into(), anonymous, edit_secret })
    };
    let hello = |session| ClientFrame::Hello(Hello { v: 1, token: text.into(), after: 0, session, epoch: text.into() });
    vec![
        hello(None),
        hello(Some(session())),
        ClientFrame::Send { client_id: id, text: text.into() },
        ClientFrame::Attach { client_id: id, file: AttachmentId::from_uuid(session().uuid()) },
        ClientFrame::Leave { client_id: id },
        ClientFrame::Resume { client_id: id },
        rate(None),
        rate(Some(text.into())),
        ClientFrame::Typing { on: true },
        ClientFrame::Typing { on: false },
        ClientFrame::Mark { delivered: 10, read: 9 },
        ClientFrame::Page(PageVisit { url: text.into(), title: text.into() }),
        ClientFrame::History { before: 101 },
        ClientFrame::Ping,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_server_reads_every_frame_as_it_was_meant(text in any::<String>()) {
        for frame in sent_frames(&text) {
            let json = client_frame(&frame);
            prop_assert_eq!(serde_json::from_str::<ClientFrame>(&json).ok(), Some(frame), "{}", json);
        }
        for page in [None, Some(PageVisit { url: text.clone(), title: text.clone() })] {
            let language = page.is_none().then(|| text.clone());
            let answers = Answers(vec![(text.clone(), text.clone()), ("question".into(), text.clone())]);
            let time_zone = language.clone();
            let (site, message) = (text.clone(), page.is_none());
            let request = StartRequest { site, client_id: client_id(), answers, message, page, language, time_zone };
            let json = start_request(&request);
            prop_assert_eq!(serde_json::from_str::<StartRequest>(&json).ok(), Some(request), "{}", json);
        }
        let said = serde_json::json!({"plan": text, "seats": 12.5, "old": null}).to_string();
        let json = attributes_frame(client_id(), &said);
        let set = serde_json::from_str(&said).expect("changes");
        let frame = ClientFrame::Attributes { client_id: client_id(), set };
        prop_assert_eq!(serde_json::from_str::<ClientFrame>(&json).ok(), Some(frame), "{}", json);
        let said = serde_json::json!({"userId": text, "expires": 7, "signature": text}).to_string();
        let json = identify_request(&text, &said);
        let request = IdentifyRequest { site: text, identity: serde_json::from_str(&said).expect("an identity") };
        prop_assert_eq!(serde_json::from_str::<IdentifyRequest>(&json).ok(), Some(request), "{}", json);
    }
}
