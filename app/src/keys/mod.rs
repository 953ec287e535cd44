//! Everything by keyboard (PRODUCT A15): letters with Alt and Shift everywhere, the same alone where nothing is typed, and
//! a palette (Ctrl+K) that finds every command, chat and macro by its name.
//!
//! To add a command: a variant in [`Command`], its words and letter, when it is possible, and what it does in
//! [`Runner::run`].

mod chord;
mod command;
mod fit;
mod help;
mod offers;
mod palette;
mod run;

use leptos::{ev, prelude::*};

use self::{
    chord::{Means, Press, means},
    help::HelpDialog,
    palette::PaletteDialog,
};
use crate::{
    browser,
    later::{Later, Part},
};

pub use self::{command::Command, help::ShortcutsPage, run::Runner};

/// Where the browser keeps that single letters mean nothing.
const QUIET: &str = "quiet-keys";

/// Under what the last used commands stand; signing out forgets them.
const USED: &str = "desk.used";

/// So many of them are offered first.
const LAST_USED: usize = 3;

/// Which of the dialogs is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    Commands,
    /// The palette, for chats only.
    Chats,
    Help,
}

#[derive(Clone, Copy)]
pub struct Keyboard {
    open: RwSignal<Option<Opened>>,
    /// Whether letters mean something without Alt and Shift. The server does not know what this browser keeps.
    alone: RwSignal<bool>,
    /// Whether keys are called as on a Mac.
    mac: RwSignal<bool>,
    /// The words of the commands used last, the newest first.
    used: RwSignal<Vec<String>>,
}

impl Keyboard {
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(None),
            alone: RwSignal::new(true),
            mac: RwSignal::new(false),
            used: RwSignal::default(),
        }
    }

    pub fn show_commands(self) {
        self.open.set(Some(Opened::Commands));
    }

    pub fn show_help(self) {
        self.open.set(Some(Opened::Help));
    }

    /// What this browser remembers.
    fn wake(self) {
        self.mac.set(browser::mac());
        self.alone.set(browser::kept(QUIET).is_none());
        self.used.set(browser::kept(USED).map(|kept| kept.lines().map(str::to_owned).collect()).unwrap_or_default());
    }

    fn set_alone(self, alone: bool) {
        self.alone.set(alone);
        browser::keep(QUIET, (!alone).then_some("1"));
    }

    fn note_used(self, command: Command) {
        self.used.update(|used| {
            used.retain(|one| one != command.word());
            used.insert(0, command.word().to_owned());
            used.truncate(LAST_USED);
            browser::keep(USED, Some(&used.join("\n")));
        });
    }

    /// How the keys of a command are called here; tracked. Empty when it has none.
    pub fn chord(self, command: Command) -> String {
        command.letter().map(|letter| chord_word(letter, self.mac.get())).unwrap_or_default()
    }

    /// A button's tip, with the keys that do the same.
    pub fn tip(self, word: &'static str, command: Command) -> impl Fn() -> String {
        move || format!("{word} ({})", self.chord(command))
    }

    fn palette_word(self) -> &'static str {
        if self.mac.get() { "⌘K" } else { "Ctrl+K" }
    }

    /// The tip of what opens the palette.
    pub fn palette_tip(self) -> impl Fn() -> String {
        move || format!("Commands and search ({})", self.palette_word())
    }
}

/// As `aria-keyshortcuts` has it, which is the same on every system.
pub fn aria_keys(command: Command) -> Option<String> {
    command.letter().map(|letter| chord_word(letter, false))
}

fn chord_word(letter: char, mac: bool) -> String {
    let letter = letter.to_ascii_uppercase();
    if mac { format!("⌥⇧{letter}") } else { format!("Alt+Shift+{letter}") }
}

/// Listens on every page of the dashboard, and holds the dialogs.
#[component]
pub fn Keys() -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let runner = Runner::here();
    Effect::new(move |_| {
        keyboard.wake();
        let keys = window_event_listener(ev::keydown, move |event| heard(keyboard, runner, &event));
        on_cleanup(move || keys.remove());
    });
    move || keyboard.open.get().map(|open| view! { <Later part=move || Part::Keys(open, runner) /> })
}

/// Of [`Part::Keys`].
pub fn dialog(open: Opened, runner: Runner) -> AnyView {
    match open {
        Opened::Help => view! { <HelpDialog /> }.into_any(),
        Opened::Commands => view! { <PaletteDialog runner=runner chats=false /> }.into_any(),
        Opened::Chats => view! { <PaletteDialog runner=runner chats=true /> }.into_any(),
    }
}

fn heard(keyboard: Keyboard, runner: Runner, event: &ev::KeyboardEvent) {
    // 229: a key that an input method is still working on.
    if event.default_prevented() || event.repeat() || event.is_composing() || event.key_code() == 229 {
        return;
    }
    let (key, code) = (event.key(), event.code());
    let command = event.ctrl_key() || event.meta_key();
    let press = Press { key: &key, code: &code, alt: event.alt_key(), shift: event.shift_key(), command };
    let place = browser::place_of_keys();
    let Some(means) = means(press, place, keyboard.alone.get_untracked()) else { return };
    let done = match means {
        Means::Palette => {
            keyboard.show_commands();
            true
        }
        Means::Help => {
            keyboard.show_help();
            true
        }
        Means::Chord(letter) => runner.press(letter, false, place),
        Means::Letter(letter) => runner.press(letter, true, place),
    };
    if done {
        event.prevent_default();
    }
}

pub use self::chord::Place;
