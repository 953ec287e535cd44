//! A WebSocket with the frames of one of the two protocols.

use std::marker::PhantomData;

use futures::{SinkExt, StreamExt};
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest, http::HeaderName},
};

use super::within;

/// `Out` is what the client sends, `In` what it hears.
pub struct Socket<Out, In> {
    line: WebSocketStream<MaybeTlsStream<TcpStream>>,
    frames: PhantomData<fn(Out) -> In>,
}

/// The next thing heard.
#[derive(Debug)]
pub enum Heard<In> {
    Frame(In),
    /// Closed with this code.
    Closed(u16),
    /// Ended without a farewell.
    Gone,
}

impl<Out: Serialize, In: DeserializeOwned + std::fmt::Debug> Socket<Out, In> {
    /// Opens it at `base` (http://…) + `path`; the status where the upgrade was refused.
    pub async fn open(base: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        Self::try_open(base, path, headers).await.unwrap_or_else(|cause| panic!("no socket at {path}: {cause}"))
    }

    /// The outer error: there was no answer at all.
    pub async fn try_open(
        base: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Result<Self, u16>, tungstenite::Error> {
        let request = request(base, path, headers);
        match within("the upgrade", connect_async(request)).await {
            Ok((line, _)) => Ok(Ok(Self { line, frames: PhantomData })),
            Err(tungstenite::Error::Http(answer)) => Ok(Err(answer.status().as_u16())),
            Err(cause) => Err(cause),
        }
    }

    /// Over a connection made by the caller.
    pub async fn over(stream: TcpStream, base: &str, path: &str) -> Self {
        let upgraded = client_async(request(base, path, &[]), MaybeTlsStream::Plain(stream));
        let (line, _) = within("the upgrade", upgraded).await.expect("the upgrade succeeds");
        Self { line, frames: PhantomData }
    }

    /// Panics when the line is gone.
    pub async fn send(&mut self, frame: &Out) {
        self.try_send(frame).await.expect("the line takes a frame");
    }

    pub async fn try_send(&mut self, frame: &Out) -> Result<(), tungstenite::Error> {
        let text = serde_json::to_string(frame).expect("frames encode");
        within("the line to take a frame", self.line.send(Message::text(text))).await
    }

    /// Anything at all. A line that is gone is no fault here: what is sent may well make the server hang up early.
    pub async fn send_raw(&mut self, message: Message) {
        let _ = within("the line to take a message", self.line.send(message)).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.send_raw(Message::text(text)).await;
    }

    pub async fn hear(&mut self) -> Heard<In> {
        self.hear_raw().await.0
    }

    /// With the text of the frame.
    pub async fn hear_raw(&mut self) -> (Heard<In>, String) {
        loop {
            match within("a frame", self.line.next()).await {
                None | Some(Err(_)) => return (Heard::Gone, String::new()),
                Some(Ok(Message::Close(farewell))) => {
                    let code = farewell.map_or(1005, |farewell| farewell.code.into());
                    return (Heard::Closed(code), String::new());
                }
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text);
                    let frame = frame.unwrap_or_else(|cause| panic!("not a frame of the protocol ({cause}): {text}"));
                    return (Heard::Frame(frame), text.to_string());
                }
                Some(Ok(_)) => {}
            }
        }
    }

    /// Panics when the line ends instead.
    pub async fn frame(&mut self) -> In {
        match self.hear().await {
            Heard::Frame(frame) => frame,
            end => panic!("the line ended: {end:?}"),
        }
    }

    /// The first frame that `wanted` makes something of; those before it are dropped.
    pub async fn until<T>(&mut self, waiting_for: &str, mut wanted: impl FnMut(In) -> Option<T>) -> T {
        within(waiting_for, async {
            loop {
                if let Some(found) = wanted(self.frame().await) {
                    return found;
                }
            }
        })
        .await
    }

    /// Reads on to the end: the close code, or `None` without a farewell.
    pub async fn end(&mut self) -> Option<u16> {
        within("the line to end", async {
            loop {
                match self.hear().await {
                    Heard::Frame(_) => {}
                    Heard::Closed(code) => return Some(code),
                    Heard::Gone => return None,
                }
            }
        })
        .await
    }
}

fn request(base: &str, path: &str, headers: &[(&str, &str)]) -> tungstenite::handshake::client::Request {
    let address = format!("ws{}{path}", base.strip_prefix("http").expect("an address that begins with http"));
    let mut request = address.into_client_request().expect("an address for a socket");
    for (name, value) in headers {
        let name: HeaderName = name.parse().expect("a header's name");
        request.headers_mut().insert(name, value.parse().expect("a header's value"));
    }
    request
}
