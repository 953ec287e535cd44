//! Plain requests: how a chat begins, and the way round blocked sockets.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Headers, ReadableStream, RequestInit, Response};

use crate::client::{
    app::App,
    codec,
    js::{self, On},
    text::{digits, uuid_text},
};

impl App {
    pub fn post_start(&mut self, json: &str) {
        self.post("/w/api/start", json, On::Start, On::StartError);
    }

    pub(super) fn open_stream(&mut self) {
        let mut path = String::from("/w/api/stream?after=");
        path.push_str(&digits(i64::from(self.feed.after())));
        if let Some(session) = self.feed.session() {
            path.push_str("&session=");
            path.push_str(&uuid_text(session.uuid()));
            path.push_str("&epoch=");
            path.push_str(&String::from(js_sys::encode_uri_component(self.feed.epoch())));
        }
        let request = RequestInit::new();
        request.set_headers(&self.headers());
        if let Ok(controller) = AbortController::new() {
            request.set_signal(Some(&controller.signal()));
            self.line.stream = Some(controller);
        }
        fetch(&path, &request, On::Stream, On::StreamLost, self.line.serial);
    }

    pub(super) fn stream_opened(&mut self, response: &JsValue) {
        let response: &Response = response.unchecked_ref();
        if response.status() == 401 {
            return self.token_unknown();
        }
        // Strangers are not served here.
        if response.status() == 409 {
            return self.strange();
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

    pub(super) fn stream_chunk(&mut self, chunk: &JsValue) {
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

    pub(super) fn replied(&mut self, body: &JsValue) {
        if self.line.status == 200 {
            if let Some(frame) = codec::server_frame(body) {
                self.frame(frame);
            }
            return;
        }
        let flying =
            self.outbox.entries().find(|entry| matches!(entry.state, sync::State::Flying)).map(|entry| entry.id);
        if let Some(id) = flying {
            self.refused(id, &codec::refused(body));
        }
    }

    pub(super) fn start_answered(&mut self, body: &JsValue) {
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

    pub(super) fn read_body(&mut self, response: &JsValue, done: On, failed: On) {
        let response: &Response = response.unchecked_ref();
        self.line.status = response.status();
        // Only a body that was read already could fail at once.
        if let Ok(body) = response.json() {
            js::then(body.unchecked_ref(), done, failed, self.line.serial);
        }
    }

    pub(super) fn post(&self, path: &str, json: &str, done: On, failed: On) {
        self.post_as(path, json, done, failed, self.line.serial);
    }

    /// What is heard of it belongs to this turn.
    pub fn post_as(&self, path: &str, json: &str, done: On, failed: On, turn: u32) {
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(&JsValue::from_str(json));
        let headers = self.headers();
        let _ = headers.set("Content-Type", "application/json");
        request.set_headers(&headers);
        fetch(path, &request, done, failed, turn);
    }

    /// What is at this path, for who has the token.
    pub fn ask(&self, path: &str, done: On) {
        let request = RequestInit::new();
        request.set_headers(&self.headers());
        fetch(path, &request, done, On::Nothing, self.line.serial);
    }

    fn headers(&self) -> Headers {
        let mut bearer = String::from("Bearer ");
        let token = self.token.as_deref().or(self.identity.as_deref());
        bearer.push_str(token.unwrap_or_default());
        // Only a browser without `Headers` could fail here.
        let headers = Headers::new().unwrap_or_else(|_| JsValue::NULL.unchecked_into());
        if token.is_some() {
            let _ = headers.set("Authorization", &bearer);
        }
        headers
    }
}

fn fetch(path: &str, request: &RequestInit, done: On, failed: On, turn: u32) {
    let promise: Promise = js::window().fetch_with_str_and_init(path, request).unchecked_into();
    js::then(&promise, done, failed, turn);
}
