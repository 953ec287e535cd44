//! Which rows of a conversation stand in the document.

use std::{ops::Range, sync::Arc};

use leptos::prelude::*;

use super::{Place, View};
use crate::{
    inbox::items::{Item, Key, Laid, What},
    ui::Strip,
};

/// Up to so many items all stand in the document, for the browser's own search and selection.
pub const WHOLE: usize = 300;

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

    /// Whether what stands in the document goes on for half a screen beyond what is on it.
    pub(super) fn comfortable(self, y: f64, screen: f64) -> bool {
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
}
