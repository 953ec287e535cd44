//! To JSON, as text.

use domain::{ClientId, PageVisit};
use wire::visitor::{ClientFrame, StartRequest};

use crate::client::text::{digits, uuid_text};

pub fn client_frame(frame: &ClientFrame) -> String {
    match frame {
        ClientFrame::Hello(hello) => {
            let mut inside = Object::new();
            inside.number("v", hello.v).text("token", &hello.token).number("after", hello.after);
            if let Some(session) = hello.session {
                inside.text("session", &uuid_text(session.uuid()));
            }
            inside.text("epoch", &hello.epoch);
            variant("hello", inside)
        }
        ClientFrame::Send { client_id, text } => {
            variant("send", Object::of(client_id.uuid()).text("text", text).take())
        }
        ClientFrame::Attach { client_id, file } => {
            variant("attach", Object::of(client_id.uuid()).text("file", &uuid_text(file.uuid())).take())
        }
        ClientFrame::Leave { client_id } => variant("leave", Object::of(client_id.uuid())),
        ClientFrame::Resume { client_id } => variant("resume", Object::of(client_id.uuid())),
        ClientFrame::Rate(rate) => {
            let mut inside = Object::of(rate.client_id.uuid());
            inside.number("stars", u32::from(u8::from(rate.stars))).text("words", &rate.words);
            inside.truth("anonymous", rate.anonymous);
            if let Some(secret) = &rate.edit_secret {
                inside.text("edit_secret", secret);
            }
            variant("rate", inside)
        }
        ClientFrame::Typing { on } => variant("typing", Object::new().truth("on", *on).take()),
        ClientFrame::Mark { delivered, read } => {
            variant("mark", Object::new().number("delivered", *delivered).number("read", *read).take())
        }
        ClientFrame::Page(visit) => variant("page", page(visit)),
        ClientFrame::History { before } => variant("history", Object::new().number("before", *before).take()),
        ClientFrame::Ping => "\"ping\"".into(),
        // What the page says is passed on as it is: [`attributes_frame`].
        ClientFrame::Attributes { .. } => String::new(),
    }
}

/// [`ClientFrame::Attributes`] with the page's own JSON.
pub fn attributes_frame(client_id: ClientId, set: &str) -> String {
    variant("attributes", Object::of(client_id.uuid()).raw("set", set).take())
}

/// [`wire::visitor::IdentifyRequest`] with the page's own JSON.
pub fn identify_request(site: &str, identity: &str) -> String {
    Object::new().text("site", site).raw("identity", identity).take().done()
}

pub fn start_request(request: &StartRequest) -> String {
    let answers = &request.answers;
    let mut inside = Object::new();
    for (key, value) in &answers.0 {
        inside.text(key, value);
    }
    let mut object = Object::of(request.client_id.uuid());
    object.text("site", &request.site).object("answers", inside);
    if request.message {
        object.truth("message", true);
    }
    if let Some(visit) = &request.page {
        object.object("page", page(visit));
    }
    if let Some(language) = &request.language {
        object.text("language", language);
    }
    if let Some(zone) = &request.time_zone {
        object.text("time_zone", zone);
    }
    object.done()
}

fn page(visit: &PageVisit) -> Object {
    Object::new().text("url", &visit.url).text("title", &visit.title).take()
}

fn variant(name: &str, inside: Object) -> String {
    let mut object = Object::new();
    object.object(name, inside);
    object.done()
}

/// An object being written.
#[derive(Default)]
struct Object {
    json: String,
}

impl Object {
    fn new() -> Self {
        Self { json: String::from("{") }
    }

    /// One that begins with the client's id.
    fn of(client_id: uuid::Uuid) -> Self {
        Self::new().text("client_id", &uuid_text(client_id)).take()
    }

    fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key);
        quote(&mut self.json, value);
        self
    }

    fn number(&mut self, key: &str, value: u32) -> &mut Self {
        self.raw(key, &digits(i64::from(value)))
    }

    fn truth(&mut self, key: &str, value: bool) -> &mut Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    fn object(&mut self, key: &str, value: Self) -> &mut Self {
        self.raw(key, &value.done())
    }

    fn raw(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key);
        self.json.push_str(json);
        self
    }

    fn key(&mut self, key: &str) {
        if self.json.len() > 1 {
            self.json.push(',');
        }
        quote(&mut self.json, key);
        self.json.push(':');
    }

    fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    fn done(mut self) -> String {
        self.json.push('}');
        self.json
    }
}

fn quote(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                json.push('\\');
                json.push(c);
            }
            '\n' => json.push_str("\\n"),
            '\u{0}'..='\u{1f}' => {
                json.push_str("\\u00");
                let hex = |nibble: u32| char::from_digit(nibble, 16).unwrap_or('0');
                json.push(hex(u32::from(c) >> 4));
                json.push(hex(u32::from(c) & 15));
            }
            _ => json.push(c),
        }
    }
    json.push('"');
}
