use domain::SessionId;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

use super::{
    Keyboard, Opened,
    chord::Place,
    command::{Command, Scene, possible},
};
use crate::{
    browser, files,
    inbox::{
        Ask, Asking, Narrowed, Section, api, be, flat, oldest,
        section::place as place_of,
        tools::{Popup, Tools},
        use_claim,
    },
    live::{Docked, Live},
    ringing::{Answer, Rings},
};

/// Does what a command says, wherever it was given.
#[derive(Clone, Copy)]
pub struct Runner(StoredValue<Parts>);

/// Behind one handle, which keeps that small enough to go into every closure.
#[derive(Clone, Copy)]
pub struct Parts {
    pub live: Live,
    pub tools: Tools,
    pub keyboard: Keyboard,
    asking: Asking,
    rings: Rings,
    docked: Docked,
    narrowed: Narrowed,
    claim: Callback<SessionId>,
    path: Memo<String>,
}

impl Runner {
    /// For the page that is being made.
    pub fn here() -> Self {
        let claim = use_claim();
        Self(StoredValue::new(Parts {
            live: expect_context(),
            tools: expect_context(),
            keyboard: expect_context(),
            asking: expect_context(),
            rings: expect_context(),
            docked: expect_context(),
            narrowed: expect_context(),
            claim: Callback::new(claim),
            path: use_location().pathname,
        }))
    }

    pub fn parts(self) -> Parts {
        self.0.get_value()
    }

    /// What can be done now; tracked.
    pub fn possible(self) -> Vec<Command> {
        let Parts { live, rings, .. } = self.parts();
        let open = live.current();
        let round = self.round().len();
        live.me.with(|me| {
            live.queues.with(|queues| {
                live.rows.with(|rows| {
                    possible(&Scene {
                        me,
                        queues,
                        row: open.and_then(|open| rows.get(open)),
                        panel: open.is_some() && self.on_page(),
                        rings: rings.first().is_some(),
                        round,
                        waits: oldest(me, rows.iter()).is_some(),
                    })
                })
            })
        })
    }

    /// A letter was pressed, `alone` or with Alt and Shift; whether it meant something.
    pub fn press(self, letter: char, alone: bool, place: Place) -> bool {
        let can = untrack(|| self.possible());
        let Some(command) = can.into_iter().find(|one| one.letter() == Some(letter)) else { return false };
        // A question above everything is answered first; only what rings does not wait. It takes one elsewhere, or is
        // gone: never in the middle of a sentence.
        let rings = matches!(command, Command::Accept | Command::Decline);
        let may = if rings { !alone && !browser::writing() } else { place != Place::Dialog };
        if !may {
            return false;
        }
        self.run(command, place != Place::Page);
        true
    }

    /// `writing`: the cursor was in a field, and belongs into the next chat's too.
    pub fn run(self, command: Command, writing: bool) {
        let Parts { live, asking, tools, rings, keyboard, claim, .. } = self.parts();
        let open = untrack(|| live.current());
        let ask = |what: Ask| {
            if let Some(session) = open {
                asking.ask(session, what);
            }
        };
        match command {
            Command::Accept => {
                keyboard.open.set(None);
                rings.answer_first(Answer::Accept);
            }
            Command::Decline => rings.answer_first(Answer::Decline),
            Command::Respond => {
                if let Some(session) = open {
                    claim.run(session);
                }
            }
            Command::Oldest => {
                let first = live.me.with_untracked(|me| live.rows.with_untracked(|rows| oldest(me, rows.iter())));
                if let Some(session) = first {
                    claim.run(session);
                }
            }
            Command::Next | Command::Previous => self.step(command == Command::Next, writing),
            Command::Write => browser::focus("composer"),
            Command::Templates => tools.show(Popup::Templates),
            Command::Files => browser::press("attach-files"),
            Command::Panel => browser::press("customer-toggle"),
            Command::Tag => {
                if !browser::on_screen("add-tag") {
                    browser::press("customer-toggle");
                }
                browser::focus("add-tag");
            }
            Command::Transfer => ask(Ask::Transfer),
            Command::Assign => ask(Ask::Assign),
            Command::Add => ask(Ask::Add),
            Command::Reassign => ask(Ask::Reassign),
            Command::End => ask(Ask::End),
            Command::Attachments(on) => {
                if let (Some(session), Some(id)) = (open, browser::client_id()) {
                    spawn_local(async move {
                        if let Err(error) = files::api::allow_attachments(id, session, on).await {
                            live.refused(&error);
                        }
                    });
                }
            }
            Command::CloseWrapUp => {
                if let (Some(session), Some(id)) = (open, browser::client_id()) {
                    spawn_local(async move {
                        if let Err(error) = api::close_wrap_up(id, session).await {
                            live.refused(&error);
                        }
                    });
                }
            }
            Command::Go(section) => self.go(section.href()),
            Command::Resolved => self.go("/resolved".to_owned()),
            Command::Settings => self.go("/settings".to_owned()),
            Command::Be(to) => be(live, to),
            Command::Theme(n) => browser::set_theme(browser::THEMES.get(n).map_or("auto", |theme| theme.0)),
            Command::Search => keyboard.open.set(Some(Opened::Chats)),
            Command::Help => keyboard.show_help(),
        }
    }

    /// To another place of the dashboard, unless something typed here would be lost by it.
    pub fn go(self, address: String) {
        if browser::may_leave() {
            self.parts().live.destination.set(Some(address));
        }
    }

    /// Opens a chat where it stands.
    pub fn open(self, session: SessionId, section: Section) {
        self.go(section.chat_href(session));
    }

    /// The chat below or above in the list that is shown; elsewhere among one's own.
    fn step(self, down: bool, writing: bool) {
        let round = untrack(|| self.round());
        let at =
            untrack(|| self.parts().live.current()).and_then(|open| round.iter().position(|(one, _)| *one == open));
        let last = round.len().saturating_sub(1);
        let to = match at {
            Some(at) if down => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            Some(at) => at.checked_sub(1).unwrap_or(last),
            None if down => 0,
            None => last,
        };
        if let Some((session, section)) = round.get(to).copied() {
            let Parts { live, docked, .. } = self.parts();
            if writing {
                live.talk(session).wants_focus.set_value(true);
            }
            if untrack(|| self.on_page()) {
                self.open(session, section);
            } else {
                docked.0.set(Some(session));
            }
        }
    }

    /// The chats that Next and Previous go round, with where they stand; tracked.
    fn round(self) -> Vec<(SessionId, Section)> {
        let Parts { live, path, narrowed, .. } = self.parts();
        let section = path.with(|path| path.strip_prefix("/inbox").map(|place| place_of(place).0));
        // The list of recent ones is not at hand, and there is nothing to answer in it.
        let listed = section.filter(|section| *section != Section::Recent);
        let section = listed.unwrap_or(Section::Active);
        let filter = listed.and_then(|section| narrowed.of(section));

        let all = live.rows.with(|rows| flat(section, rows, filter));
        all.into_iter().map(|session| (session, section)).collect()
    }

    /// Whether the open chat has the page.
    fn on_page(self) -> bool {
        self.parts().path.with(|path| path.starts_with("/inbox") || path.starts_with("/resolved"))
    }
}
