//! The connection: a socket, or, where sockets are blocked, plain requests with a streamed answer.

mod http;

use sync::{Backoff, Millis, Pulse};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, CloseEvent, ReadableStreamDefaultReader, WebSocket};
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
        let ping = matches!(frame, ClientFrame::Ping);
        self.send_json(&codec::client_frame(frame), if ping { On::Begin } else { reply });
    }

    /// [`On::Begin`]: only over a socket.
    pub fn send_json(&mut self, json: &str, reply: On) {
        if let Some(socket) = &self.line.socket {
            // One that is closing will say so; writing into it only makes the browser complain.
            if socket.ready_state() == WebSocket::OPEN {
                let _ = socket.send_with_str(json);
            }
        } else if self.line.over_http && reply != On::Begin {
            let failed = if reply == On::Nothing { On::Nothing } else { On::ReplyError };
            self.post("/w/api/frame", json, reply, failed);
        }
    }

    pub fn line_heard(&mut self, on: On, line: u32, what: &JsValue) {
        // The beginning of a chat belongs to no connection.
        match on {
            On::Start => return self.read_body(what, On::Started, On::StartError),
            On::Started => return self.start_answered(what),
            On::StartError => return self.not_started(None),
            On::StartLost => return self.submit_form(),
            On::Identify | On::Identified | On::IdentifyLost | On::IdentifyAgain => {
                return self.identify_heard(on, line, what);
            }
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
        if code == Close::Unidentified.code() {
            return self.strange();
        }
        if code != 0 && !Close::resumable(code) {
            self.line.phase = Phase::Stopped;
            self.host.error("version");
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
