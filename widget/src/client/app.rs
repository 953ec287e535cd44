//! The state of the frame, and where everything that happens goes.

use domain::{AttachmentId, ClientId};
use js_sys::Array;
use sync::{Feed, Marker, Outbox, TypingIn, TypingOut};
use wasm_bindgen::{JsCast, JsValue};
use wire::visitor::{Marks, Rate, State};

use super::{
    events::target,
    files, frames,
    host::Host,
    identity::Saying,
    js::{self, On},
    keeper::Keeper,
    line::Line,
    talk::Talk,
    text::{cut, digits},
};
use crate::{Say, parts};

/// What a visitor wants done: each under an id, in order, until the server has answered.
#[derive(Debug, Clone)]
pub enum Wish {
    /// Kept through a reload; the others are not.
    Say(String),
    Attach(AttachmentId),
    Leave,
    Resume,
    Rate(Rate),
    /// JSON, as the page gave it.
    Attributes(String),
}

#[expect(clippy::struct_excessive_bools, reason = "four small facts that have nothing to do with each other")]
pub struct App {
    /// The site's key.
    pub key: String,
    pub site: String,
    pub language: String,
    pub origins: Array,
    says: Array,
    /// What stands below the name while nobody has joined.
    pub reply: String,

    pub keeper: Keeper,
    pub host: Host,
    pub line: Line,
    pub talk: Talk,

    /// Of a visitor with a chat.
    pub token: Option<String>,
    /// Of a visitor whom the page has identified, with a chat or without.
    pub identity: Option<String>,
    pub saying: Saying,
    /// Whether the beginning is over: the storage is there, and the right view is shown.
    pub settled: bool,
    pub feed: Feed,
    pub outbox: Outbox<Wish>,
    pub marker: Marker,
    /// How far the other side has come.
    pub marks: Marks,
    pub typing_out: TypingOut,
    pub typing_in: TypingIn,
    pub state: Option<State>,
    /// The request that starts a chat is on its way.
    pub starting: Option<ClientId>,
    /// Earlier messages are on their way.
    pub fetching: bool,
    pub draft_dirty: bool,
    /// The newest message is in sight, and stays so when the space changes.
    pub reading_along: bool,
}

impl App {
    pub fn new() -> Self {
        let data = js::parse(&js::part(parts::DATA).text_content().unwrap_or_default());
        let key = js::get_text(&data, "key").unwrap_or_default();
        let language = js::get_text(&data, "lang").unwrap_or_default();
        let site = js::get_text(&data, "site").unwrap_or_default();
        Self {
            keeper: Keeper::new(&key),
            origins: js::get(&data, "origins").unchecked_into(),
            says: js::get(&data, "says").unchecked_into(),
            reply: js::part(parts::SUB).text_content().unwrap_or_default(),
            host: Host::new(js::get(&data, "launcher")),
            line: Line::default(),
            talk: Talk::new(&language, &site),
            site,
            key,
            language,
            token: None,
            identity: None,
            saying: Saying::default(),
            settled: false,
            feed: Feed::default(),
            outbox: Outbox::default(),
            marker: Marker::default(),
            marks: Marks::default(),
            typing_out: TypingOut::default(),
            typing_in: TypingIn::default(),
            state: None,
            starting: None,
            fetching: false,
            draft_dirty: false,
            reading_along: true,
        }
    }

    pub fn say(&self, what: Say) -> String {
        self.says.get(what as u32).as_string().unwrap_or_default()
    }

    /// A text with its braces filled in.
    pub fn fill(&self, what: Say, with: &str) -> String {
        let text = self.say(what);
        match cut(&text, '{').and_then(|(before, rest)| Some((before, cut(rest, '}')?.1))) {
            Some((before, after)) => [before, with, after].concat(),
            None => text,
        }
    }

    pub fn fill_n(&self, what: Say, n: i64) -> String {
        self.fill(what, &digits(n))
    }

    pub fn hear(&mut self, on: On, line: u32, what: &JsValue) {
        match on {
            On::Begin => self.begin(),
            On::Tick => self.tick(),
            On::WindowMessage => self.window_message(what.unchecked_ref()),
            On::Host => self.host_said(js::get(what, "data").unchecked_ref()),
            On::HostSilent => self.host_silent(),
            On::Click => self.clicked(&target(what)),
            On::Input => self.typed(&target(what)),
            On::Key => self.key(what.unchecked_ref()),
            On::Submit => self.submitted(what.unchecked_ref()),
            On::Storage => self.stored(what.unchecked_ref()),
            On::Awake => self.awake(),
            On::Scroll => self.scrolled(),
            On::Links => files::read(what),
            On::LinksBody => self.talk.linked(what),
            On::Upload => self.attach(what),
            On::Keep => self.keep(what.unchecked_ref()),
            On::Resize if self.reading_along => frames::to_bottom(),
            On::Nothing | On::Resize => {}
            _ => self.line_heard(on, line, what),
        }
    }

    fn begin(&mut self) {
        let document = js::document();
        for (name, on) in [
            ("click", On::Click),
            ("input", On::Input),
            ("keydown", On::Key),
            ("submit", On::Submit),
            ("visibilitychange", On::Awake),
            ("upload", On::Upload),
        ] {
            js::listen(&document, name, on);
        }
        let window = js::window();
        for (name, on) in [
            ("storage", On::Storage),
            ("online", On::Awake),
            ("pageshow", On::Awake),
            ("pagehide", On::Awake),
            ("resize", On::Resize),
        ] {
            js::listen(&window, name, on);
        }
        js::listen(&js::part(parts::LOG), "scroll", On::Scroll);
        let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(&js::ear(On::Tick, 0), 1_000);
        // From here on they are ours.
        js::part(parts::CLOSE).set_onclick(None);
        js::part(parts::FORM).set_onsubmit(None);
        self.greet_host();
        if self.keeper.has_own() {
            self.settle_in();
        }
    }

    /// The storage can be read: show what belongs there, and connect if a chat is known.
    pub fn settle_in(&mut self) {
        if self.settled {
            return;
        }
        self.settled = true;
        if self.keeper.get("large").is_some()
            && let Some(root) = js::document().document_element()
        {
            let _ = root.toggle_attribute_with_force("data-large", true);
        }
        self.restore_form();
        self.token = self.keeper.get("token");
        self.identity = self.keeper.get("id");
        self.draw_asked();
        if self.token.is_some() {
            self.restore_chat();
            self.show_chat(true);
            self.connect();
        } else {
            self.show_chat(false);
            self.host.chat(false);
        }
        self.identify();
        self.submit_early();
    }

    /// The host page was late, and has more than was thought.
    pub fn unsettle(&mut self) {
        if self.token.is_none() {
            self.settled = false;
        }
    }

    fn tick(&mut self) {
        let now = js::now();
        self.line_tick(now);
        if let Some(on) = self.typing_out.tick(now) {
            self.tell_typing(on);
        }
        self.save_dirty_draft();
        self.flush();
        self.ask_links(now);
        self.refresh();
    }

    /// Everything that follows from the state and the time.
    pub fn refresh(&mut self) {
        self.draw_bar();
        self.draw_typing();
        self.draw_ticks();
    }

    pub fn save_dirty_draft(&mut self) {
        if self.draft_dirty {
            self.draft_dirty = false;
            self.save_draft();
        }
    }

    /// The page came back, or goes: then what was written in its last second is kept too.
    fn awake(&mut self) {
        self.save_dirty_draft();
        if !js::document().hidden() {
            // A page that comes back from the browser's memory has not heard of a chat that began meanwhile.
            if self.token.is_none()
                && let Some(token) = self.keeper.get("token")
            {
                self.changed("token", Some(token));
            }
            self.line_awake();
            self.seen();
        }
    }

    /// Whether the visitor has the conversation before their eyes.
    pub fn watched(&self) -> bool {
        self.host.open && !js::document().hidden() && !js::part(parts::CHAT_VIEW).hidden()
    }

    /// Whether the chat is over for the visitor.
    pub fn ended(&self) -> bool {
        self.state.as_ref().is_some_and(|state| !state.status.open())
    }
}
