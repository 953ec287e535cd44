//! A WebSocket with the house's limits: bounded buffers, bounded time for a send, named close codes.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use bytes::Bytes;
use domain::Timestamp;
use futures::StreamExt;
use realtime::{Frame, Gate, Verdict};
use serde::{Serialize, de::DeserializeOwned};
use wire::{Close, MAX_FRAME};

/// A client that does not take a frame within this time is cut off; it can resume.
const PATIENCE: Duration = Duration::from_secs(10);

/// An upgrade with buffers that fit ten thousand idle connections: tungstenite's own default is 128 KiB each. Larger
/// frames are read in pieces.
pub fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * MAX_FRAME)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
}

/// What came in.
pub enum Incoming<F> {
    /// The first frame.
    Hello(F),
    Frame(F),
    /// Not a frame of the protocol, though valid JSON: answered, not punished, since a newer client may know more.
    Unknown,
    /// A ping, pong or the like; nothing to do.
    Nothing,
    /// The connection has to end.
    Close(Close),
    /// The other side is gone.
    Gone,
}

pub struct Line {
    socket: WebSocket,
    gate: Gate,
}

impl Line {
    pub fn new(socket: WebSocket, now: Timestamp) -> Self {
        Self { socket, gate: Gate::new(now) }
    }

    /// The next thing that comes in. `is_hello` tells the first frame from the others; `now` is asked after waiting.
    pub async fn next<F: DeserializeOwned>(
        &mut self,
        is_hello: impl Fn(&F) -> bool,
        now: impl Fn() -> Timestamp,
    ) -> Incoming<F> {
        let message = match self.socket.next().await {
            Some(Ok(message)) => message,
            // Which of the two it was does not come out of the library in a stable form; its text names capacity.
            Some(Err(error)) if error.to_string().contains("too long") => return Incoming::Close(Close::TooBig),
            Some(Err(_)) | None => return Incoming::Gone,
        };
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) => {
                return self.gate.sign_of_life(now()).map_or(Incoming::Nothing, Incoming::Close);
            }
            Message::Binary(_) => return Incoming::Close(Close::Protocol),
            Message::Close(_) => return Incoming::Gone,
        };
        let Ok(frame) = serde_json::from_str::<F>(&text) else {
            let broken = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err();
            let flood = self.gate.sign_of_life(now());
            return match flood {
                Some(close) => Incoming::Close(close),
                None if broken => Incoming::Close(Close::Protocol),
                None => Incoming::Unknown,
            };
        };
        match self.gate.frame(is_hello(&frame), now()) {
            Verdict::Hello => Incoming::Hello(frame),
            Verdict::Pass => Incoming::Frame(frame),
            Verdict::Close(close) => Incoming::Close(close),
        }
    }

    pub fn welcomed(&mut self) {
        self.gate.welcomed();
    }

    pub fn overdue(&self, now: Timestamp) -> Option<Close> {
        self.gate.overdue(now)
    }

    /// Sends a frame; `false` when the other side is gone or does not read.
    pub async fn send(&mut self, frame: &impl Serialize) -> bool {
        self.send_encoded(Frame::of(frame).bytes()).await
    }

    pub async fn send_encoded(&mut self, bytes: Bytes) -> bool {
        let Ok(text) = Utf8Bytes::try_from(bytes) else { return false };
        matches!(tokio::time::timeout(PATIENCE, self.socket.send(Message::Text(text))).await, Ok(Ok(())))
    }

    /// Says why and ends the connection. Waits for the other side's own close only briefly.
    pub async fn close(mut self, close: Close) {
        let frame = CloseFrame { code: close.code(), reason: close.reason().into() };
        let farewell = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                // Read on until the other side's close has come, or the kernel would reset what is still on its way.
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(2), farewell).await;
    }
}
