//! Where one is in a conversation, and which part of it stands in the document.
//!
//! Short conversations stand whole. Of long ones there are the messages on the screen and some around them; the rest is
//! room of the height that it would have. Whatever changes above, the message at the top of the screen stays where it is.

use std::{ops::Range, sync::Arc};

use domain::Timestamp;
use leptos::{html, prelude::*, task::spawn_local};
use web_sys::HtmlDivElement;

use super::{
    api,
    items::{Item, Key, Laid, What},
    lines::error_line,
};
use crate::{
    browser,
    live::{Live, Talk},
    ui::Strip,
};

/// Up to so many items all stand in the document, for the browser's own search and selection.
const WHOLE: usize = 300;

/// Closer to what is not here than this many pixels, it is asked for.
const NEAR: f64 = 600.0;

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
    /// The line did not bring what is asked for: not again until one moves.
    tired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum View {
    End,
    /// This message at the top of the screen; it is the one with about this number.
    Around(Key, usize),
}

/// What stands in the list.
#[derive(Debug, Clone)]
pub enum Slot {
    /// Room for what does not; which of them it is.
    Space(usize),
    Row(Arc<Item>),
}

#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub slots: Vec<Slot>,
    pub spaces: Vec<f64>,
    rows: Range<usize>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        let same = |pair: (&Slot, &Slot)| match pair {
            (Slot::Row(one), Slot::Row(other)) => Arc::ptr_eq(one, other),
            (Slot::Space(one), Slot::Space(other)) => one == other,
            _ => false,
        };
        self.rows == other.rows
            && self.spaces == other.spaces
            && self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(same)
    }
}

/// What makes a node another one: besides the message itself, whether it begins a day or a group.
pub fn key(item: &Item) -> (Key, bool, bool) {
    let first = matches!(&item.what, What::Bubble(bubble) if bubble.author.is_some());
    (item.key, item.new_day, first)
}

impl Place {
    pub fn new(live: Live, talk: Talk, items: Memo<Laid>) -> Self {
        Self {
            talk: StoredValue::new(talk),
            toast: live.toast,
            items,
            scroll: NodeRef::new(),
            list: NodeRef::new(),
            state: StoredValue::new(State { strip: Strip::default(), anchor: None, at_end: true, tired: false }),
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

    /// The rows for the document, made anew when one moves far enough, when messages come, and when heights are known.
    pub fn shown(self) -> Memo<Shown> {
        let shown = Memo::new(move |_| {
            self.measured.track();
            let (view, whole, focused) = (self.view.get(), self.whole.get(), self.focused.get());
            self.items.with(|laid| self.cut(laid, view, whole, focused))
        });
        Effect::new(move |_| {
            shown.track();
            // The rows are put into the document in this turn too, before or after this.
            queue_microtask(move || queue_microtask(move || self.settle()));
            request_animation_frame(move || self.settle());
        });
        Effect::new(move |_| {
            let printing = |on: bool| {
                move |_: web_sys::Event| {
                    self.whole.try_set(on);
                }
            };
            let before = window_event_listener_untyped("beforeprint", printing(true));
            let after = window_event_listener_untyped("afterprint", printing(false));
            on_cleanup(move || {
                before.remove();
                after.remove();
            });
        });
        shown
    }

    fn cut(self, laid: &Laid, view: View, whole: bool, focused: Option<Key>) -> Shown {
        let screen = self.screen();
        let cut = self.strip(|strip| {
            strip.arrange(laid.version, laid.items.iter().map(|item| item.key));
            let rows = if whole || strip.len() <= WHOLE {
                0..strip.len()
            } else {
                match view {
                    View::End => {
                        let end = strip.top(strip.len());
                        strip.between(end - 2.5 * screen, end)
                    }
                    View::Around(key, near) => {
                        let row = strip.place(key, near).unwrap_or(near);
                        let top = strip.top(row);
                        strip.between(top - 1.5 * screen, top + 2.5 * screen)
                    }
                }
            };
            let pinned = focused.and_then(|key| strip.place(key, rows.start));
            (rows.clone(), strip.cut(rows, pinned))
        });
        let Some((rows, cut)) = cut else { return Shown::default() };
        let mut slots = Vec::with_capacity(rows.len() + 3);
        let mut spaces = Vec::with_capacity(cut.runs.len() + 1);
        for (above, run) in cut.runs {
            slots.push(Slot::Space(spaces.len()));
            spaces.push(above);
            slots.extend(laid.items[run].iter().cloned().map(Slot::Row));
        }
        slots.push(Slot::Space(spaces.len()));
        spaces.push(cut.below);
        Shown { slots, spaces, rows }
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
        self.note_end(browser::at_end(&scroll));
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

    /// Whether what stands in the document goes on for half a screen beyond what is on it.
    fn comfortable(self, y: f64, screen: f64) -> bool {
        let view = self.view.get_untracked();
        self.strip(|strip| {
            let around = |strip: &mut Strip<Key>| match view {
                View::End => {
                    let end = strip.top(strip.len());
                    end - 2.5 * screen..end
                }
                View::Around(key, near) => {
                    let row = strip.place(key, near).unwrap_or(near);
                    let top = strip.top(row);
                    top - 1.5 * screen..top + 2.5 * screen
                }
            };
            let (there, end) = (around(strip), strip.top(strip.len()));
            (there.start <= 0.0 || there.start <= y - screen / 2.0)
                && (there.end >= end || there.end >= y + 1.5 * screen)
        })
        .unwrap_or(true)
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

    /// Brings the first message of this moment, or the next one after it, to the top of the screen.
    pub async fn go_to_date(self, at: Timestamp) -> Result<Option<Timestamp>, wire::Error> {
        let talk = self.talk.get_value();
        let page = api::thread_at(talk.session, at).await?;
        let Some(first) = page.events.first().map(|event| event.seq) else {
            self.go_to_end();
            return Ok(None);
        };
        talk.merge(page);
        let is_it = move |item: &Item| item.seq >= first && !matches!(item.what, What::Hole { .. } | What::New);
        let found = self.items.with_untracked(|laid| laid.items.iter().find(|item| is_it(item)).map(|item| item.at));
        self.go_to(is_it);
        Ok(found)
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

    /// Asks for what is not here and about to be on the screen.
    fn need(self) {
        let Some((scroll, y)) = self.position() else { return };
        if self.loading.get_untracked() || self.state.with_value(|state| state.tired) {
            return;
        }
        let screen = f64::from(scroll.client_height());
        let rows = self.strip(|strip| strip.between(y - NEAR, y + screen + NEAR)).unwrap_or(0..0);
        let first = self.strip(|strip| strip.at(y)).unwrap_or(0);
        let hole = self.items.with_untracked(|laid| {
            let rows = rows.start..rows.end.min(laid.items.len());
            laid.items[rows.clone()].iter().zip(rows).find_map(|(item, row)| match item.what {
                What::Hole { after, before } => Some((row, after, before)),
                _ => None,
            })
        });
        match hole {
            // One comes from above.
            Some((row, after, _)) if row > first => self.fetch(After(after)),
            Some((_, _, before)) => self.fetch(Before(before)),
            None if y < NEAR && !self.is_at_end() && self.talk.with_value(|talk| talk.earlier.get_untracked()) => {
                self.earlier();
            }
            None => {}
        }
    }

    /// A page of history above.
    pub fn earlier(self) {
        self.change(|state| state.tired = false);
        if !self.loading.get_untracked() && self.talk.with_value(|talk| talk.earlier.get_untracked()) {
            self.fetch(Before(self.talk.with_value(|talk| talk.oldest())));
        }
    }

    /// What is missing between two messages, because one asks for it.
    pub fn fill(self, before: u32) {
        self.change(|state| state.tired = false);
        if !self.loading.get_untracked() {
            self.fetch(Before(before));
        }
    }

    fn fetch(self, what: Fetch) {
        self.loading.set(true);
        let talk = self.talk.get_value();
        spawn_local(async move {
            let page = match what {
                Before(seq) => api::history(talk.session, seq).await,
                After(seq) => api::thread(talk.session, seq, talk.position().1).await,
            };
            self.keeping(move || match page {
                Ok(page) => talk.merge(page),
                Err(error) => {
                    self.change(|state| state.tired = true);
                    self.toast.try_set(format!("Other messages did not come. {}", error_line(&error)));
                }
            });
        });
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

use Fetch::{After, Before};

enum Fetch {
    After(u32),
    Before(u32),
}

#[expect(clippy::cast_possible_truncation, reason = "browsers draw nothing beyond 2^31 pixels")]
fn set_scroll_top(scroll: &HtmlDivElement, to: f64) {
    scroll.set_scroll_top(to.round() as i32);
}
