//! The side of those who work in the dashboard.

use domain::{AgentId, ClientId, SessionId};
use reqwest::{StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::{
    Error, PROTOCOL,
    agent::{Ack, ClientFrame, Inbox, ServerFrame, StaffEvent, Thread},
};

use super::{Server, Socket, client_id, within};

pub type AgentSocket = Socket<ClientFrame, ServerFrame>;

/// The cookie of the sign-in.
pub const COOKIE: &str = "deskbell_sign_in";

/// Someone signed in.
#[derive(Clone)]
pub struct Agent {
    /// The token in the cookie.
    pub token: String,
    pub base: String,
    http: reqwest::Client,
}

impl Agent {
    /// Signs in with the demo's account number `n` of this role, through the form.
    pub async fn sign_in(server: &Server, role: &str, n: usize) -> Self {
        let account = server.account(role, n);
        let password = account.password.as_deref().expect("the password is the first one");
        let answer =
            Self::try_sign_in(server, &account.email, password, &[("origin", server.dashboard.as_str())]).await;
        let token = answer.expect("signed in");
        Self::with_token(server, token)
    }

    /// With a sign-in that was made otherwise.
    pub fn with_token(server: &Server, token: String) -> Self {
        Self { token, base: server.dashboard.clone(), http: server.http.clone() }
    }

    /// The cookie's token, or the status without one.
    pub async fn try_sign_in(
        server: &Server,
        email: &str,
        password: &str,
        headers: &[(&str, &str)],
    ) -> Result<String, StatusCode> {
        let form = [("email", email), ("password", password), ("next", "/inbox")];
        let mut request = server.http.post(format!("{}/sign-in", server.dashboard)).form(&form);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = within("the answer to the form", request.send()).await.expect("the server answers");
        let cookie = answer
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .find_map(|cookie| cookie.to_str().ok()?.strip_prefix("deskbell_sign_in=").map(str::to_owned));
        match cookie.as_deref().and_then(|cookie| cookie.split(';').next()).filter(|token| !token.is_empty()) {
            Some(token) => {
                let attributes = cookie.as_deref().unwrap_or_default().to_lowercase();
                assert!(attributes.contains("httponly") && attributes.contains("samesite"), "{attributes}");
                Ok(token.to_owned())
            }
            None => Err(answer.status()),
        }
    }

    pub fn cookie(&self) -> String {
        format!("{COOKIE}={}", self.token)
    }

    /// A server function. Checks that the status goes with the error.
    pub async fn call<T: DeserializeOwned>(&self, function: &str, arguments: Value) -> Result<T, Error> {
        let (status, body) = self.raw(function, &arguments, &[("origin", self.base.as_str())]).await;
        if status == 200 {
            return Ok(
                serde_json::from_str(&body).unwrap_or_else(|cause| panic!("{function} answered {body}: {cause}"))
            );
        }
        let error: Error = serde_json::from_str(&body)
            .unwrap_or_else(|cause| panic!("{function} answered {status} with {body:?}: {cause}"));
        assert_eq!(status, error.status(), "the status that goes with {error:?}");
        Err(error)
    }

    /// A server function with headers of the caller's choice, apart from the cookie: status and body.
    pub async fn raw(&self, function: &str, arguments: &Value, headers: &[(&str, &str)]) -> (u16, String) {
        let request = self.http.post(format!("{}/api/{function}", self.base)).json(arguments);
        let mut request = request.header(header::COOKIE, self.cookie());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = within("an answer", request.send()).await.expect("the server answers");
        let status = answer.status().as_u16();
        (status, within("the answer's body", answer.text()).await.expect("the answer has a body"))
    }

    /// A page, as a browser asks for one.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.base)).header(header::COOKIE, self.cookie());
        within("an answer", request.header(header::ACCEPT, "text/html").send()).await.expect("the server answers")
    }

    pub async fn inbox(&self) -> Inbox {
        self.call("inbox", json!({})).await.expect("the inbox")
    }

    pub async fn id(&self) -> AgentId {
        self.inbox().await.me.id
    }

    pub async fn claim(&self, session: SessionId) -> Result<Ack, Error> {
        self.claim_as(client_id(), session).await
    }

    pub async fn claim_as(&self, client_id: ClientId, session: SessionId) -> Result<Ack, Error> {
        self.call("claim", json!({"client_id": client_id, "session": session})).await
    }

    pub async fn write(&self, session: SessionId, text: &str) -> Result<Ack, Error> {
        self.write_as(client_id(), session, text).await
    }

    pub async fn write_as(&self, client_id: ClientId, session: SessionId, text: &str) -> Result<Ack, Error> {
        self.call("send", json!({"client_id": client_id, "session": session, "text": text})).await
    }

    pub async fn end(&self, session: SessionId) -> Result<Ack, Error> {
        self.call("end", json!({"client_id": client_id(), "session": session})).await
    }

    pub async fn thread(&self, session: SessionId, after: u32, epoch: &str) -> Result<Thread, Error> {
        self.call("thread", json!({"session": session, "after": after, "epoch": epoch})).await
    }

    /// An open line, with the inbox of its welcome.
    pub async fn connect(&self) -> (AgentSocket, Inbox) {
        let (socket, inbox, _) = self.connect_fully().await;
        (socket, inbox)
    }

    /// With the epoch too.
    pub async fn connect_fully(&self) -> (AgentSocket, Inbox, String) {
        let mut socket = self.open().await.expect("the socket opens");
        socket.send(&ClientFrame::Hello { v: PROTOCOL }).await;
        match socket.frame().await {
            ServerFrame::Welcome { epoch, inbox } => (socket, inbox, epoch),
            other => panic!("no welcome but {other:?}"),
        }
    }

    /// A line without a hello.
    pub async fn open(&self) -> Result<AgentSocket, u16> {
        self.open_from(&[("origin", self.base.as_str())]).await
    }

    /// With headers of the caller's choice, apart from the cookie.
    pub async fn open_from(&self, headers: &[(&str, &str)]) -> Result<AgentSocket, u16> {
        let cookie = self.cookie();
        let mut all = vec![("cookie", cookie.as_str())];
        all.extend_from_slice(headers);
        Socket::open(&self.base, "/agent/socket", &all).await
    }
}

impl AgentSocket {
    /// Looks at a chat from there on.
    pub async fn watch(&mut self, session: SessionId, after: u32, epoch: &str) -> Result<Thread, Error> {
        self.send(&ClientFrame::Watch { session, after, epoch: epoch.to_owned() }).await;
        self.until("the thread", |frame| match frame {
            ServerFrame::Thread(thread) if thread.session == session => Some(Ok(thread)),
            ServerFrame::Error(error) => Some(Err(error)),
            _ => None,
        })
        .await
    }

    pub async fn event(&mut self) -> StaffEvent {
        self.until("an event", |frame| match frame {
            ServerFrame::Event { event, .. } => Some(event),
            _ => None,
        })
        .await
    }

    /// The newest numbers of what is watched, by ping and beat; `None` for a chat that is not watched.
    pub async fn newest(&mut self, session: SessionId) -> Option<u32> {
        self.send(&ClientFrame::Ping).await;
        self.until("a beat", |frame| match frame {
            ServerFrame::Beat { newest } => {
                Some(newest.into_iter().find(|(watched, _)| *watched == session).map(|(_, seq)| seq))
            }
            _ => None,
        })
        .await
    }

    /// All that was heard before the answer to a ping.
    pub async fn heard_so_far(&mut self) -> Vec<ServerFrame> {
        self.send(&ClientFrame::Ping).await;
        let mut heard = Vec::new();
        self.until("a beat", |frame| match frame {
            ServerFrame::Beat { .. } => Some(()),
            other => {
                heard.push(other);
                None
            }
        })
        .await;
        heard
    }
}
