//! Where one is in a conversation, and which part of it stands in the document.
//!
//! Short conversations stand whole. Of long ones there are the messages on the screen and some around them; the rest is
//! room of the height that it would have. Whatever changes above, the message at the top of the screen stays where it is.

mod fetch;
mod part;

use domain::Timestamp;
use leptos::{html, prelude::*};
use web_sys::HtmlDivElement;

use self::part::WHOLE;
use super::items::{Item, Key, Laid};
use crate::{
    browser,
    live::{Live, Talk},
    ui::Strip,
};

pub use self::part::{Shown, Slot, key};

/// Taken for the height of the screen until it is known, in pixels.
const SCREEN: f64 = 900.0;

/// Above what one has jumped to, in pixels.
const MARGIN: f64 = 12.0;

/// A handle: small enough to be copied.
#[derive(Clone, Copy)]
pub struct Place {
    talk: StoredValue<Talk>,
    toast: RwSignal<String>,
    pub items: Memo<Laid>,
    pub scroll: NodeRef<html::Div>,
    pub list: NodeRef<html::Div>,
    state: StoredValue<State>,
    /// What the document's part is made around.
    view: RwSignal<View>,
    measured: Trigger,
    /// The row that has the keyboard.
    focused: RwSignal<Option<Key>>,
    /// All of it, for paper.
    whole: RwSignal<bool>,
    /// One is not at the end.
    pub away: RwSignal<bool>,
    /// Rows have not just come into sight by going back to the end.
    speaks: RwSignal<bool>,
    /// Something is being put above, silently.
    pub loading: RwSignal<bool>,
    /// When the first message on the screen was written; `None` while all of them are on it.
    pub top_at: RwSignal<Option<Timestamp>>,
    /// The newest event that was seen.
    pub seen: RwSignal<u32>,
}

/// What nobody is told of.
struct State {
    strip: Strip<Key>,
    /// What stays where it is on the screen, and how far below the screen's top it begins.
    anchor: Option<(Key, f64)>,
    at_end: bool,
    /// How far it was scrolled when that was last known, in pixels.
    top: i32,
    /// The line did not bring what is asked for: not again until one moves.
    tired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum View {
    End,
    /// This message at the top of the screen; it is the one with about this number.
    Around(Key, usize),
}

impl Place {
    pub fn new(live: Live, talk: Talk, items: Memo<Laid>) -> Self {
        Self {
            talk: StoredValue::new(talk),
            toast: live.toast,
            items,
            scroll: NodeRef::new(),
            list: NodeRef::new(),
            state: StoredValue::new(State {
                strip: Strip::default(),
                anchor: None,
                at_end: true,
                top: 0,
                tired: false,
            }),
            view: RwSignal::new(View::End),
            measured: Trigger::new(),
            focused: RwSignal::new(None),
            whole: RwSignal::new(false),
            away: RwSignal::new(false),
            speaks: RwSignal::new(true),
            loading: RwSignal::new(false),
            top_at: RwSignal::new(None),
            seen: RwSignal::new(0),
        }
    }

    /// A row has been seen to be so high.
    pub fn measure(self, key: Key, height: f64) {
        if self.strip(|strip| strip.measure(key, height)) == Some(true) {
            self.measured.notify();
        }
    }

    /// A row got the keyboard, or it went elsewhere.
    pub fn has_keyboard(self, key: Key, on: bool) {
        // It also leaves a row that goes with the whole conversation, when there is nobody to tell any more.
        if on {
            self.focused.try_set(Some(key));
        } else if self.focused.try_get_untracked() == Some(Some(key)) {
            self.focused.try_set(None);
        }
    }

    /// One has scrolled.
    pub fn moved(self) {
        let Some((scroll, y)) = self.position() else { return };
        self.change(|state| state.tired = false);
        let top = scroll.scroll_top();
        // A window that has just become smaller is no scrolling: who was at the end leaves it by going up.
        let up = self.state.try_update_value(|state| top < std::mem::replace(&mut state.top, top)).unwrap_or(true);
        self.note_end(browser::at_end(&scroll) || self.is_at_end() && !up);
        let screen = f64::from(scroll.client_height());
        let seen = self.strip(|strip| {
            let rows = strip.between(y, y + screen);
            Some((strip.key(rows.start)?, strip.top(rows.start) - y, rows))
        });
        let Some((key, below, rows)) = seen.flatten() else { return };
        self.change(|state| state.anchor = Some((key, below)));
        self.note_top(&scroll, rows.start);
        if self.is_at_end() {
            self.view.set(View::End);
        } else if self.view.get_untracked() == View::End || !self.comfortable(y, screen) {
            self.view.set(View::Around(key, rows.start));
        }
        self.need();
    }

    /// After the document has changed: what one reads goes back to where it was.
    fn settle(self) {
        let Some((scroll, _)) = self.position() else { return };
        if self.is_at_end() {
            browser::to_end(&scroll);
        } else if let Some((key, below)) = self.state.try_with_value(|state| state.anchor).flatten() {
            let top = self.strip(|strip| {
                let near = match self.view.get_untracked() {
                    View::End => strip.len(),
                    View::Around(_, near) => near,
                };
                strip.place(key, near).map(|row| strip.top(row))
            });
            if let (Some(top), Some(list)) = (top.flatten(), self.list()) {
                let to = f64::from(list.offset_top()) + top - below;
                if (to - f64::from(scroll.scroll_top())).abs() >= 1.0 {
                    set_scroll_top(&scroll, to);
                }
            }
        }
        if let Some((scroll, y)) = self.position() {
            let row = self.strip(|strip| strip.at(y)).unwrap_or(0);
            self.note_top(&scroll, row);
        }
        self.need();
    }

    /// Puts something above the list, with what one sees kept in its place.
    pub fn keeping(self, put: impl FnOnce()) {
        put();
        request_animation_frame(move || {
            self.settle();
            self.loading.try_set(false);
            // One page may not be enough, and nothing moves by itself.
            self.need();
        });
    }

    /// Also after the next frame, when the conversation may be gone from the screen.
    pub fn go_to_end(self) {
        self.note_end(true);
        self.view.try_set(View::End);
        if let Some((scroll, _)) = self.position() {
            browser::to_end(&scroll);
        }
    }

    /// Brings this row to the top of the screen.
    pub fn go_to(self, find: impl Fn(&Item) -> bool) -> bool {
        let found = self
            .items
            .with_untracked(|laid| laid.items.iter().position(|item| find(item)).map(|row| (laid.items[row].key, row)));
        let Some((key, row)) = found else { return false };
        self.note_end(false);
        self.change(|state| state.anchor = Some((key, MARGIN)));
        self.view.set(View::Around(key, row));
        let arrive = move || {
            self.settle();
            // Whoever jumps to one of the last messages may be at the end with it.
            if let Some((scroll, _)) = self.position() {
                self.note_end(browser::at_end(&scroll));
            }
        };
        request_animation_frame(move || {
            self.settle();
            request_animation_frame(arrive);
        });
        true
    }

    /// Whether nothing may be read out: rows come into the document that are no news. Whoever reads above in a short
    /// conversation hears what comes below; in a long one it is not there.
    pub fn quiet(self) -> bool {
        let away = || self.away.get() && self.items.with(|laid| laid.items.len() > WHOLE);
        self.loading.get() || !self.speaks.get() || away()
    }

    pub fn is_at_end(self) -> bool {
        self.state.try_with_value(|state| state.at_end) == Some(true)
    }

    /// Who was at the end stays there when the room for the conversation has changed.
    pub fn resized(self) {
        if self.is_at_end() {
            self.go_to_end();
        } else {
            self.settle();
        }
    }

    fn note_end(self, at_end: bool) {
        self.change(|state| state.at_end = at_end);
        if self.away.try_get_untracked() == Some(!at_end) {
            return;
        }
        self.away.try_set(!at_end);
        self.speaks.try_set(false);
        if at_end {
            // The rows that come into sight by that are no news; those that come afterwards are.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    if self.is_at_end() {
                        self.speaks.try_set(true);
                    }
                });
            });
        } else {
            self.speaks.try_set(true);
        }
    }

    fn note_top(self, scroll: &HtmlDivElement, row: usize) {
        let scrolls = scroll.scroll_height() > scroll.client_height() + 1
            || self.talk.with_value(|talk| talk.earlier.get_untracked());
        let at = self.items.with_untracked(|laid| laid.items.get(row).map(|item| item.at)).filter(|_| scrolls);
        if self.top_at.try_get_untracked().is_some_and(|before| before != at) {
            self.top_at.try_set(at);
        }
    }

    /// `None` when the conversation is gone from the screen.
    fn strip<R>(self, f: impl FnOnce(&mut Strip<Key>) -> R) -> Option<R> {
        self.state.try_update_value(|state| f(&mut state.strip))
    }

    fn change(self, f: impl FnOnce(&mut State)) {
        self.state.try_update_value(f);
    }

    /// The element that scrolls, and what of the list is at its top.
    fn position(self) -> Option<(HtmlDivElement, f64)> {
        let scroll = self.scroll.try_get_untracked().flatten()?;
        let y = f64::from(scroll.scroll_top()) - f64::from(self.list()?.offset_top());
        Some((scroll, y))
    }

    fn list(self) -> Option<HtmlDivElement> {
        self.list.try_get_untracked().flatten()
    }

    fn screen(self) -> f64 {
        let height = self.scroll.get_untracked().map_or(0, |scroll| scroll.client_height());
        if height > 0 { f64::from(height) } else { SCREEN }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "browsers draw nothing beyond 2^31 pixels")]
fn set_scroll_top(scroll: &HtmlDivElement, to: f64) {
    scroll.set_scroll_top(to.round() as i32);
}
