//! Which rows of the list stand in the document: all of a short one; of a long one those on the screen and some around
//! them. Rows are of one height, which is measured.

use std::ops::Range;

use domain::SessionId;
use leptos::{html, prelude::*};

use super::section::Group;

/// Up to so many rows all stand in the document.
const WHOLE: usize = 150;

/// Of a row and of a heading until they are measured, in pixels.
const ROW: f64 = 56.0;
const HEADING: f64 = 31.0;

/// Taken for the height of the screen until it is known, in pixels.
const SCREEN: f64 = 900.0;

#[derive(Clone, Copy)]
pub struct Part {
    pub scroll: NodeRef<html::Div>,
    /// What is on the screen, in pixels from the list's beginning; not told for less than half a screen.
    seen: RwSignal<(f64, f64)>,
    row: RwSignal<f64>,
    heading: RwSignal<f64>,
    /// The row that has the keyboard does not go.
    focused: RwSignal<Option<SessionId>>,
}

/// The rows of a group that stand in the document, with their numbers, and the room for the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    pub shown: Vec<(usize, SessionId)>,
    pub above: f64,
    pub below: f64,
    /// Between a row that only stays for the keyboard and the others: below this row, so much.
    pub between: Option<(SessionId, f64)>,
    /// How many rows the group has.
    pub all: usize,
}

impl Part {
    pub fn new(scroll: NodeRef<html::Div>) -> Self {
        Self {
            scroll,
            seen: RwSignal::new((0.0, SCREEN)),
            row: RwSignal::new(ROW),
            heading: RwSignal::new(HEADING),
            focused: RwSignal::new(None),
        }
    }

    /// One has scrolled, or the list has got another size.
    pub fn moved(self) {
        let Some(scroll) = self.scroll.try_get_untracked().flatten() else { return };
        let (top, screen) = (f64::from(scroll.scroll_top()), f64::from(scroll.client_height()));
        let moved = |(from, to): (f64, f64)| (from - top).abs() > screen / 2.0 || (to - from - screen).abs() > 1.0;
        if screen > 0.0 && self.seen.try_get_untracked().is_some_and(moved) {
            self.seen.set((top, top + screen));
        }
    }

    pub fn measured_row(self, height: f64) {
        measured(self.row, height);
    }

    pub fn measured_heading(self, height: f64) {
        measured(self.heading, height);
    }

    pub fn has_keyboard(self, session: SessionId, on: bool) {
        // It also leaves a row that goes with the whole list, when there is nobody to tell any more.
        if on {
            self.focused.try_set(Some(session));
        } else if self.focused.try_get_untracked() == Some(Some(session)) {
            self.focused.try_set(None);
        }
    }

    /// The part of this group.
    pub fn of(self, groups: &[Group], heading: &str) -> Rows {
        let (row, head, focused) = (self.row.get(), self.heading.get(), self.focused.get());
        let whole = groups.iter().map(|group| group.sessions.len()).sum::<usize>() <= WHOLE;
        let mut top = head;
        for group in groups {
            if group.heading == heading {
                let seen = (!whole).then(|| self.seen.get()).map(|(from, to)| (from - top, to - top));
                return rows(&group.sessions, seen, row, focused);
            }
            top += height(group.sessions.len(), row) + head;
        }
        Rows::default()
    }
}

fn measured(what: RwSignal<f64>, height: f64) {
    if height > 0.0 && what.try_get_untracked().is_some_and(|before| (before - height).abs() >= 0.5) {
        what.set(height);
    }
}

/// `seen` is what is on the screen, from the beginning of the group; `None` for all of it.
fn rows(sessions: &[SessionId], seen: Option<(f64, f64)>, row: f64, focused: Option<SessionId>) -> Rows {
    let all = sessions.len();
    let range = seen.map_or(0..all, |(from, to)| {
        let screen = to - from;
        number(from - screen, row).min(all)..(number(to + screen, row) + 1).min(all)
    });
    let mut shown: Vec<_> = range.clone().map(|at| (at, sessions[at])).collect();
    let (mut above, mut below) = (height(range.start, row), height(all - range.end, row));
    let mut between = None;
    let pinned = focused.and_then(|focused| sessions.iter().position(|session| *session == focused));
    if let Some(at) = pinned.filter(|at| !range.contains(at)) {
        let gap = |rows: Range<usize>| height(rows.len(), row);
        if at < range.start {
            shown.insert(0, (at, sessions[at]));
            above = gap(0..at);
            between = Some((sessions[at], gap(at + 1..range.start)));
        } else {
            let last = shown.last().copied();
            shown.push((at, sessions[at]));
            below = gap(at + 1..all);
            match last {
                Some((_, last)) => between = Some((last, gap(range.end..at))),
                None => above = gap(0..at),
            }
        }
    } else if shown.is_empty() {
        above = height(all, row);
        below = 0.0;
    }
    Rows { shown, above, below, between, all }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has seen 2^52 rows")]
fn height(rows: usize, row: f64) -> f64 {
    rows as f64 * row
}

/// The row at `y`; 0 above all of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of rows, not negative here")]
fn number(y: f64, row: f64) -> usize {
    (y.max(0.0) / row) as usize
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::inbox::sample;

    fn sessions(n: u128) -> Vec<SessionId> {
        (0..n).map(sample::session).collect()
    }

    /// As high as all rows together, with everything in between.
    fn total(rows: &Rows) -> f64 {
        rows.above + rows.below + height(rows.shown.len(), 50.0) + rows.between.map_or(0.0, |(_, gap)| gap)
    }

    #[test]
    fn the_rows_on_the_screen_and_a_screen_on_either_side() {
        let all = sessions(5_000);
        let part = rows(&all, Some((100_000.0, 101_000.0)), 50.0, None);
        assert_eq!((part.shown[0].0, part.shown.len()), (1_980, 61));
        assert_eq!((part.above, total(&part)), (99_000.0, 250_000.0));
        let end = rows(&all, Some((249_000.0, 250_000.0)), 50.0, None);
        assert_eq!((end.shown.last().map(|(at, _)| *at), end.below), (Some(4_999), 0.0));
        assert_eq!(rows(&all[..20], None, 50.0, None).shown.len(), 20);
    }

    #[test]
    fn a_group_that_is_not_on_the_screen_is_only_room() {
        let all = sessions(1_000);
        for seen in [(-9_000.0, -8_000.0), (90_000.0, 91_000.0)] {
            let part = rows(&all, Some(seen), 50.0, None);
            assert!(part.shown.len() <= 1, "{part:?}");
            assert_eq!(total(&part), 50_000.0);
        }
        assert_eq!(rows(&[], Some((0.0, 900.0)), 50.0, None), Rows::default());
    }

    #[test]
    fn the_row_with_the_keyboard_stays_where_it_is() {
        let all = sessions(1_000);
        for at in [0, 3, 39, 100, 500, 999] {
            let part = rows(&all, Some((5_000.0, 6_000.0)), 50.0, Some(all[at]));
            assert_eq!(part.shown.iter().filter(|(row, _)| *row == at).count(), 1, "{at}");
            assert_eq!(total(&part), 50_000.0, "{at}");
            assert!(part.shown.is_sorted(), "{at}");
        }
        let far = rows(&all, Some((90_000.0, 91_000.0)), 50.0, Some(all[7]));
        assert_eq!((far.shown.len(), total(&far)), (1, 50_000.0));
    }
}
