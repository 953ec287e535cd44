//! The connection: a socket, or, where sockets are blocked, plain requests with a streamed answer.

use js_sys::{Promise, Uint8Array};
use sync::{Backoff, Millis, Pulse};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, CloseEvent, Headers, ReadableStream, ReadableStreamDefaultReader, RequestInit, Response, WebSocket,
};
use wire::{
    Close, PROTOCOL,
    visitor::{ClientFrame, Hello},
};

use super::{
    app::App,
    codec,
    js::{self, On},
};

/// A connection that takes longer than this to say welcome will not.
const OPENING: Millis = 10_000;
/// After so many sockets in a row that did not open, plain requests are tried.
const BLOCKED: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing to connect for.
    Off,
    /// Until the next attempt.
    Waiting(Millis),
    /// Since then.
    Opening(Millis),
    /// Welcome was said.
    Open,
    /// The server will not have this client: the page must be loaded anew.
    Stopped,
}

pub struct Line {
    pub phase: Phase,
    /// Since when there has been no connection although there should be one.
    pub down_since: Option<Millis>,
    /// Which connection it is; whatever an earlier one still says is ignored.
    serial: u32,
    over_http: bool,
    /// Sockets that did not open, in a row.
    unopened: u32,
    backoff: Backoff,
    pulse: Pulse,
    socket: Option<WebSocket>,
    stream: Option<AbortController>,
    reader: Option<ReadableStreamDefaultReader>,
    /// The beginning of a line of the stream.
    partial: Vec<u8>,
    /// The status of the answer whose body is being read.
    status: u16,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            phase: Phase::Off,
            down_since: None,
            serial: 0,
            over_http: false,
            unopened: 0,
            backoff: Backoff::default(),
            pulse: Pulse::default(),
            socket: None,
            stream: None,
            reader: None,
            partial: Vec::new(),
            status: 0,
        }
    }
}

impl App {
    pub fn connect(&mut self) {
        self.hang_up();
        if self.token.is_none() {
            self.line.phase = Phase::Off;
            return;
        }
        let now = js::now();
        self.line.phase = Phase::Opening(now);
        self.line.down_since.get_or_insert(now);
        self.line.pulse = Pulse::new(now);
        if self.line.over_http { self.open_stream() } else { self.open_socket() }
    }

    /// At once: the position is void, or somebody waits.
    pub fn reconnect(&mut self) {
        self.line.backoff.reset();
        self.connect();
    }

    pub fn disconnect(&mut self) {
        self.hang_up();
        self.line.phase = Phase::Off;
        self.line.down_since = None;
    }

    /// The visitor wants something sent: no more waiting.
    pub fn line_wanted(&mut self) {
        if matches!(self.line.phase, Phase::Waiting(_)) {
            self.connect();
        }
    }

    /// The machine woke up, the network is back, or the page is looked at again.
    pub fn line_awake(&mut self) {
        match self.line.phase {
            Phase::Waiting(_) => self.connect(),
            Phase::Open if !self.line.over_http => {
                self.line.pulse.pinged(js::now());
                self.send(&ClientFrame::Ping, On::Nothing);
            }
            _ => {}
        }
    }

    pub fn line_tick(&mut self, now: Millis) {
        let dead = match self.line.phase {
            Phase::Opening(since) => now - since >= OPENING,
            Phase::Open => self.line.pulse.dead(now) || self.outbox.stuck(now),
            // Time-outs of pages in the background may be late.
            Phase::Waiting(until) if now >= until => return self.connect(),
            _ => false,
        };
        if dead {
            self.lost(0);
        }
    }

    pub fn line_welcomed(&mut self) {
        self.line.phase = Phase::Open;
        self.line.down_since = None;
        self.line.unopened = 0;
        self.line.backoff.reset();
    }

    pub fn tell_typing(&mut self, on: bool) {
        if self.line.phase == Phase::Open && !self.ended() {
            self.send(&ClientFrame::Typing { on }, On::Nothing);
        }
    }

    pub fn tell_page(&mut self) {
        if self.line.phase == Phase::Open
            && !self.ended()
            && let Some(page) = self.page()
        {
            self.send(&ClientFrame::Page(page), On::Nothing);
        }
    }

    /// Sends a frame over what there is; `reply` is where the answer to a plain request goes.
    pub fn send(&mut self, frame: &ClientFrame, reply: On) {
        let json = codec::client_frame(frame);
        if let Some(socket) = &self.line.socket {
            // One that is closing will say so; writing into it only makes the browser complain.
            if socket.ready_state() == WebSocket::OPEN {
                let _ = socket.send_with_str(&json);
            }
        } else if self.line.over_http && *frame != ClientFrame::Ping {
            let failed = if reply == On::Nothing { On::Nothing } else { On::ReplyError };
            self.post("/w/api/frame", &json, reply, failed);
        }
    }

    pub fn post_start(&mut self, json: &str) {
        self.post("/w/api/start", json, On::Start, On::StartError);
    }

    pub fn line_heard(&mut self, on: On, line: u32, what: &JsValue) {
        // The beginning of a chat belongs to no connection.
        match on {
            On::Start => return self.read_body(what, On::Started, On::StartError),
            On::Started => return self.start_answered(what),
            On::StartError => return self.not_started(None),
            On::StartLost => return self.submit_form(),
            _ => {}
        }
        if line != self.line.serial {
            return;
        }
        match on {
            On::Again => self.connect(),
            On::SocketOpen => self.say_hello(),
            On::SocketMessage => self.heard(js::get_text(what, "data").as_deref()),
            On::SocketClose => self.lost(what.unchecked_ref::<CloseEvent>().code()),
            On::Stream => self.stream_opened(what),
            On::StreamChunk => self.stream_chunk(what),
            On::StreamLost | On::ReplyError => self.lost(0),
            On::Reply => self.read_body(what, On::ReplyBody, On::ReplyError),
            On::ReplyBody => self.replied(what),
            On::History => self.read_body(what, On::HistoryBody, On::Nothing),
            On::HistoryBody => {
                if let Some(frame) = codec::server_frame(what) {
                    self.frame(frame);
                }
            }
            _ => {}
        }
    }

    fn open_socket(&mut self) {
        let location = js::window().location();
        let host = location.host().unwrap_or_default();
        let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
        let mut url = String::from(if secure { "wss://" } else { "ws://" });
        url.push_str(&host);
        url.push_str("/w/api/socket");
        let serial = self.line.serial;
        match WebSocket::new(&url) {
            Ok(socket) => {
                socket.set_onopen(Some(&js::ear(On::SocketOpen, serial)));
                socket.set_onmessage(Some(&js::ear(On::SocketMessage, serial)));
                socket.set_onclose(Some(&js::ear(On::SocketClose, serial)));
                self.line.socket = Some(socket);
            }
            Err(_) => self.lost(0),
        }
    }

    fn say_hello(&mut self) {
        let hello = Hello {
            v: PROTOCOL,
            token: self.token.clone().unwrap_or_default(),
            after: self.feed.after(),
            session: self.feed.session(),
            epoch: self.feed.epoch().into(),
        };
        self.send(&ClientFrame::Hello(hello), On::Nothing);
    }

    fn heard(&mut self, json: Option<&str>) {
        self.line.pulse.heard(js::now());
        let Some(json) = json else { return };
        // A frame that this client does not know is a newer server's: it does without.
        if let Some(frame) = codec::server_frame(&js::parse(json)) {
            self.frame(frame);
        }
    }

    fn open_stream(&mut self) {
        let mut path = String::from("/w/api/stream?after=");
        path.push_str(&js::digits(i64::from(self.feed.after())));
        if let Some(session) = self.feed.session() {
            path.push_str("&session=");
            path.push_str(&js::uuid_text(session.uuid()));
            path.push_str("&epoch=");
            path.push_str(&String::from(js_sys::encode_uri_component(self.feed.epoch())));
        }
        let request = RequestInit::new();
        request.set_headers(&self.headers());
        if let Ok(controller) = AbortController::new() {
            request.set_signal(Some(&controller.signal()));
            self.line.stream = Some(controller);
        }
        self.fetch(&path, &request, On::Stream, On::StreamLost);
    }

    fn stream_opened(&mut self, response: &JsValue) {
        let response: &Response = response.unchecked_ref();
        if response.status() == 401 {
            return self.token_unknown();
        }
        let reader = response.body().filter(|_| response.ok()).map(|body: ReadableStream| body.get_reader());
        let Some(reader) = reader else { return self.lost(0) };
        self.line.reader = Some(reader.unchecked_into());
        self.read_on();
    }

    fn read_on(&self) {
        if let Some(reader) = &self.line.reader {
            let promise: Promise = reader.read().unchecked_into();
            js::then(&promise, On::StreamChunk, On::StreamLost, self.line.serial);
        }
    }

    fn stream_chunk(&mut self, chunk: &JsValue) {
        if js::get(chunk, "done").is_truthy() {
            return self.lost(0);
        }
        let serial = self.line.serial;
        self.line.partial.extend(js::get(chunk, "value").unchecked_into::<Uint8Array>().to_vec());
        while let Some(end) = self.line.partial.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.line.partial.drain(..=end).collect();
            let text = String::from_utf8(line).unwrap_or_default();
            self.heard(Some(text.trim_end()));
            // It may have led to another connection.
            if self.line.serial != serial {
                return;
            }
        }
        self.read_on();
    }

    fn replied(&mut self, body: &JsValue) {
        if self.line.status == 200 {
            if let Some(frame) = codec::server_frame(body) {
                self.frame(frame);
            }
            return;
        }
        let flying = self.outbox.entries().find(|entry| entry.state == sync::State::Flying).map(|entry| entry.id);
        if let Some(id) = flying {
            self.refused(id, &codec::refused(body));
        }
    }

    fn start_answered(&mut self, body: &JsValue) {
        if self.starting.is_none() {
            return;
        }
        if self.line.status == 200 {
            match codec::started(body) {
                Some(started) => self.started(started),
                None => self.not_started(Some(wire::Error::Internal)),
            }
        } else {
            let error = codec::refused(body);
            self.not_started(Some(error));
        }
    }

    fn read_body(&mut self, response: &JsValue, done: On, failed: On) {
        let response: &Response = response.unchecked_ref();
        self.line.status = response.status();
        // Only a body that was read already could fail at once.
        if let Ok(body) = response.json() {
            js::then(body.unchecked_ref(), done, failed, self.line.serial);
        }
    }

    fn post(&self, path: &str, json: &str, done: On, failed: On) {
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(&JsValue::from_str(json));
        let headers = self.headers();
        let _ = headers.set("Content-Type", "application/json");
        request.set_headers(&headers);
        self.fetch(path, &request, done, failed);
    }

    fn headers(&self) -> Headers {
        let mut bearer = String::from("Bearer ");
        bearer.push_str(self.token.as_deref().unwrap_or_default());
        // Only a browser without `Headers` could fail here.
        let headers = Headers::new().unwrap_or_else(|_| JsValue::NULL.unchecked_into());
        if self.token.is_some() {
            let _ = headers.set("Authorization", &bearer);
        }
        headers
    }

    fn fetch(&self, path: &str, request: &RequestInit, done: On, failed: On) {
        let promise: Promise = js::window().fetch_with_str_and_init(path, request).unchecked_into();
        js::then(&promise, done, failed, self.line.serial);
    }

    fn hang_up(&mut self) {
        self.line.serial = self.line.serial.wrapping_add(1);
        self.outbox.cut();
        if let Some(socket) = self.line.socket.take() {
            let _ = socket.close();
        }
        if let Some(stream) = self.line.stream.take() {
            stream.abort();
        }
        self.line.reader = None;
        self.line.partial.clear();
    }

    fn lost(&mut self, code: u16) {
        let opened = self.line.phase == Phase::Open;
        self.hang_up();
        let now = js::now();
        self.line.down_since.get_or_insert(now);
        if code == Close::Unauthenticated.code() {
            return self.token_unknown();
        }
        if code != 0 && !Close::resumable(code) {
            self.line.phase = Phase::Stopped;
            self.host.event("error", "protocol".into());
            return self.refresh();
        }
        if opened {
            self.line.backoff.reset();
        } else if self.line.over_http {
            // Not the sockets' fault, then.
            self.line.over_http = false;
            self.line.unopened = 0;
        } else {
            self.line.unopened += 1;
            self.line.over_http = self.line.unopened >= BLOCKED;
        }
        let wait = self.line.backoff.next(js::random());
        self.line.phase = Phase::Waiting(now + wait);
        js::after(wait, On::Again, self.line.serial);
        self.refresh();
    }
}
