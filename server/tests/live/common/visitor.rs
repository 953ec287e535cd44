//! A visitor's side.

use domain::{ClientId, PageVisit, SessionId};
use reqwest::header;
use serde::{Serialize, de::DeserializeOwned};
use wire::{
    Error, PROTOCOL,
    visitor::{Ack, ClientFrame, Event, Hello, Page, Refused, ServerFrame, StartRequest, Started, Welcome, What},
};

use super::{Server, Socket, client_id, within};

pub type VisitorSocket = Socket<ClientFrame, ServerFrame>;

/// Someone with a chat.
#[derive(Clone)]
pub struct Visitor {
    pub token: String,
    pub session: SessionId,
    pub base: String,
    http: reqwest::Client,
}

/// A request that was not done.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub status: u16,
    /// `None` when the answer was not in the API's own form.
    pub error: Option<Error>,
    pub retry_after: Option<u32>,
}

impl Visitor {
    /// Begins a chat as somebody new.
    pub async fn start(server: &Server, question: &str) -> Self {
        let request = Self::request(server, question);
        let started = Self::try_start(server, &request, None, &[]).await.expect("the chat begins");
        Self::of(server, started)
    }

    pub fn of(server: &Server, started: Started) -> Self {
        Self {
            token: started.token.expect("a new visitor gets a token"),
            session: started.session,
            base: server.dashboard.clone(),
            http: server.http.clone(),
        }
    }

    /// The same one at another server, or at the same one after a restart.
    pub fn at(&self, server: &Server) -> Self {
        Self { base: server.dashboard.clone(), http: server.http.clone(), ..self.clone() }
    }

    pub fn with_token(&self, token: String) -> Self {
        Self { token, ..self.clone() }
    }

    pub fn request(server: &Server, question: &str) -> StartRequest {
        let answers = testkit::answers("Lena S.", "lena@example.org", question);
        let page = PageVisit { url: "https://shop.example/desk#top".into(), title: "Oak desk".into() };
        let site = server.site.clone();
        let (language, time_zone) = (Some("de".into()), Some("Europe/Vienna".into()));
        StartRequest { site, client_id: client_id(), answers, message: false, page: Some(page), language, time_zone }
    }

    pub async fn try_start(
        server: &Server,
        request: &StartRequest,
        token: Option<&str>,
        headers: &[(&str, &str)],
    ) -> Result<Started, Failure> {
        post(&server.http, &server.dashboard, "/w/api/start", token, headers, request).await
    }

    /// An open line from the beginning, with the newest page.
    pub async fn connect(&self) -> (VisitorSocket, Welcome) {
        self.connect_from(0, None, "").await
    }

    /// An open line that goes on from there.
    pub async fn connect_from(&self, after: u32, session: Option<SessionId>, epoch: &str) -> (VisitorSocket, Welcome) {
        let mut socket = self.open().await;
        socket.send(&self.hello(after, session, epoch)).await;
        match socket.frame().await {
            ServerFrame::Welcome(welcome) => (socket, welcome),
            other => panic!("no welcome but {other:?}"),
        }
    }

    /// A line without a hello.
    pub async fn open(&self) -> VisitorSocket {
        Socket::open(&self.base, "/w/api/socket", &[]).await.expect("the socket opens")
    }

    pub fn hello(&self, after: u32, session: Option<SessionId>, epoch: &str) -> ClientFrame {
        ClientFrame::Hello(Hello { v: PROTOCOL, token: self.token.clone(), after, session, epoch: epoch.to_owned() })
    }

    /// One frame as a request; the frame it was answered with, where there was one.
    pub async fn frame(&self, frame: &ClientFrame) -> Result<Option<ServerFrame>, Failure> {
        self.frame_with(frame, &[]).await
    }

    pub async fn frame_with(
        &self,
        frame: &ClientFrame,
        headers: &[(&str, &str)],
    ) -> Result<Option<ServerFrame>, Failure> {
        post(&self.http, &self.base, "/w/api/frame", Some(&self.token), headers, frame).await
    }

    /// A command as a request.
    pub async fn command(&self, frame: &ClientFrame) -> Result<Ack, Failure> {
        match self.frame(frame).await? {
            Some(ServerFrame::Ack(ack)) => Ok(ack),
            other => panic!("a command is answered by an ack, not by {other:?}"),
        }
    }

    pub async fn write(&self, text: &str) -> Ack {
        self.command(&send(client_id(), text)).await.expect("the message is taken")
    }

    /// The streamed answer that takes the place of a socket, from there on.
    pub async fn stream(&self, after: u32, session: Option<SessionId>, epoch: &str) -> Lines {
        let session = session.map(|id| format!("&session={id}")).unwrap_or_default();
        let address = format!("{}/w/api/stream?after={after}&epoch={epoch}{session}", self.base);
        let request = self.http.get(address).bearer_auth(&self.token);
        let answer = within("the stream", request.send()).await.expect("the stream opens");
        assert_eq!(answer.status(), 200);
        Lines { answer, rest: Vec::new() }
    }

    /// Everything the visitor may see, by asking for page after page. Checks that it is gapless from 1 on.
    pub async fn whole_chat(&self) -> Vec<Event> {
        let (mut socket, welcome) = self.connect().await;
        let Page { mut events, mut more } = welcome.page;
        while more {
            let before = events.first().map_or(0, |event| event.vseq);
            socket.send(&ClientFrame::History { before }).await;
            let page = socket
                .until("earlier events", |frame| match frame {
                    ServerFrame::History(page) => Some(page),
                    _ => None,
                })
                .await;
            more = page.more;
            events.splice(..0, page.events);
        }
        let numbers: Vec<_> = events.iter().map(|event| event.vseq).collect();
        let expected: Vec<_> = (1..).take(events.len()).collect();
        assert_eq!(numbers, expected, "vseq is gapless");
        events
    }
}

/// A stream of frames, one a line.
pub struct Lines {
    answer: reqwest::Response,
    rest: Vec<u8>,
}

impl Lines {
    /// `None` at its end.
    pub async fn next(&mut self) -> Option<ServerFrame> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).expect("each line is a frame"));
            }
            match within("a line", self.answer.chunk()).await {
                Ok(Some(chunk)) => self.rest.extend_from_slice(&chunk),
                Ok(None) | Err(_) => return None,
            }
        }
    }
}

impl VisitorSocket {
    /// Writes and waits for the answer; what is heard before it is dropped.
    pub async fn write(&mut self, text: &str) -> Ack {
        self.command(&send(client_id(), text)).await.expect("the message is taken")
    }

    pub async fn command(&mut self, frame: &ClientFrame) -> Result<Ack, Error> {
        self.send(frame).await;
        self.until("the answer", |frame| match frame {
            ServerFrame::Ack(ack) => Some(Ok(ack)),
            ServerFrame::Refused { error, .. } => Some(Err(error)),
            _ => None,
        })
        .await
    }

    pub async fn event(&mut self) -> Event {
        self.until("an event", |frame| match frame {
            ServerFrame::Event(event) => Some(event),
            _ => None,
        })
        .await
    }

    /// The newest number, by ping and beat.
    pub async fn newest(&mut self) -> u32 {
        self.send(&ClientFrame::Ping).await;
        self.until("a beat", |frame| match frame {
            ServerFrame::Beat { vseq } => Some(vseq),
            _ => None,
        })
        .await
    }
}

/// The words said, in order.
pub fn texts(events: &[Event]) -> Vec<&str> {
    let text = |event| match event {
        &Event { what: What::Message { ref text }, .. } => Some(text.as_str()),
        _ => None,
    };
    events.iter().filter_map(text).collect()
}

pub fn send(client_id: ClientId, text: &str) -> ClientFrame {
    ClientFrame::Send { client_id, text: text.to_owned() }
}

async fn post<T: DeserializeOwned>(
    http: &reqwest::Client,
    base: &str,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    body: &impl Serialize,
) -> Result<T, Failure> {
    let mut request = http.post(format!("{base}{path}")).json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = within("an answer", request.send()).await.expect("the server answers");
    let status = answer.status().as_u16();
    let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = within("the answer's body", answer.text()).await.expect("the answer has a body");
    if status == 200 {
        return Ok(serde_json::from_str(&body).unwrap_or_else(|cause| panic!("{path} answered {body}: {cause}")));
    }
    let error = serde_json::from_str::<Refused>(&body).ok().map(|refused| refused.error);
    if let Some(error) = &error {
        assert_eq!(status, error.status(), "the status that goes with {error:?}");
    }
    Err(Failure { status, error, retry_after })
}
