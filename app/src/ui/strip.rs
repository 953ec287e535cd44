//! Which part of a long list stands in the document: pure, so that it can be tested.
//!
//! Rows have the heights that were measured, and the mean of those until they are. Everything else follows from that:
//! where a row begins, which one is at a place, and how much room is left for those that are not there.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    ops::Range,
};

/// What a row is taken for before any was measured, in pixels.
const GUESS: f64 = 48.0;

/// The rows of a list from its beginning to its end, by their keys.
#[derive(Debug, Clone)]
pub struct Strip<K> {
    keys: Vec<K>,
    /// Heights in pixels. Those of rows that went are kept: they may come back.
    known: HashMap<K, f64>,
    sum: f64,
    /// Where each row begins, and where the last one ends.
    tops: Vec<f64>,
    /// Which arrangement this is.
    version: u64,
    stale: bool,
}

/// A part of the document: the rows that stand there, and the room between and around them.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// Row numbers with the space above each run of them; runs do not touch.
    pub runs: Vec<(f64, Range<usize>)>,
    /// Below the last run.
    pub below: f64,
}

impl<K> Default for Strip<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), known: HashMap::new(), sum: 0.0, tops: vec![0.0], version: 0, stale: false }
    }
}

impl<K: Copy + Eq + Hash> Strip<K> {
    /// These rows from now on. The same `version` says that they are the same.
    pub fn arrange(&mut self, version: u64, keys: impl Iterator<Item = K>) {
        if version != self.version {
            self.version = version;
            self.keys = keys.collect();
            self.stale = true;
        }
    }

    /// A row has been seen to be so high; whether that was news. Less than half a pixel is not.
    pub fn measure(&mut self, key: K, height: f64) -> bool {
        let before = self.known.insert(key, height);
        self.sum += height - before.unwrap_or(0.0);
        let news = before.is_none_or(|before| (before - height).abs() >= 0.5);
        self.stale |= news;
        news
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The number of a row; looked for from `near` outwards, where it mostly is.
    pub fn place(&self, key: K, near: usize) -> Option<usize> {
        let near = near.min(self.keys.len());
        let below = self.keys[near..].iter().position(|one| *one == key).map(|found| near + found);
        below.or_else(|| self.keys[..near].iter().rposition(|one| *one == key))
    }

    pub fn key(&self, row: usize) -> Option<K> {
        self.keys.get(row).copied()
    }

    /// Where this row begins; the end of everything for one past the last.
    pub fn top(&mut self, row: usize) -> f64 {
        self.settle();
        self.tops[row.min(self.keys.len())]
    }

    /// The row at `y`: the first one above everything, the last one below.
    pub fn at(&mut self, y: f64) -> usize {
        self.settle();
        let after = self.tops.partition_point(|top| *top <= y);
        after.saturating_sub(1).min(self.keys.len().saturating_sub(1))
    }

    /// The rows that touch `from..to`.
    pub fn between(&mut self, from: f64, to: f64) -> Range<usize> {
        if self.keys.is_empty() {
            return 0..0;
        }
        self.at(from)..self.at(to) + 1
    }

    /// The document with these rows, and `pinned` ones wherever they are: what has the keyboard must not go.
    pub fn cut(&mut self, rows: Range<usize>, pinned: Option<usize>) -> Cut {
        self.settle();
        let end = self.keys.len();
        let rows = rows.start.min(end)..rows.end.min(end);
        let mut runs = vec![rows.clone()];
        if let Some(pinned) = pinned.filter(|pinned| *pinned < end && !rows.contains(pinned)) {
            if pinned + 1 == rows.start {
                runs[0].start = pinned;
            } else if pinned == rows.end {
                runs[0].end = pinned + 1;
            } else {
                runs.insert(usize::from(pinned > rows.start), pinned..pinned + 1);
            }
        }
        let mut from = 0.0;
        let runs: Vec<_> = runs
            .into_iter()
            .map(|run| {
                let above = self.tops[run.start] - from;
                from = self.tops[run.end];
                (above, run)
            })
            .collect();
        Cut { runs, below: self.tops[end] - from }
    }

    fn settle(&mut self) {
        if !self.stale {
            return;
        }
        self.stale = false;
        let here: HashSet<K> = if self.known.len() > 2 * self.keys.len() + 1000 {
            self.keys.iter().copied().collect()
        } else {
            HashSet::new()
        };
        if !here.is_empty() {
            self.known.retain(|key, _| here.contains(key));
            self.sum = self.known.values().sum();
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody has seen 2^52 rows")]
        let mean = if self.known.is_empty() { GUESS } else { self.sum / self.known.len() as f64 };
        let mut top = 0.0;
        self.tops.clear();
        self.tops.push(top);
        for key in &self.keys {
            top += self.known.get(key).copied().unwrap_or(mean);
            self.tops.push(top);
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;

    /// Rows 0 to `n`, each as high as its number says in `heights`.
    fn strip(n: u32, heights: &[(u32, f64)]) -> Strip<u32> {
        let mut strip = Strip::default();
        strip.arrange(1, 0..n);
        for (key, height) in heights {
            strip.measure(*key, *height);
        }
        strip
    }

    #[test]
    fn rows_that_were_not_seen_are_as_high_as_the_others_on_average() {
        let mut seen = strip(4, &[(1, 20.0), (2, 40.0)]);
        assert_eq!([0, 1, 2, 3, 4].map(|row| seen.top(row)), [0.0, 30.0, 50.0, 90.0, 120.0]);
        assert!(!seen.measure(2, 40.2), "the same, as well as one can see");
        assert!(seen.measure(2, 60.0));
        assert_eq!(seen.top(4), 40.0 + 20.0 + 60.0 + 40.0);
        assert_eq!(strip(4, &[]).top(4), 4.0 * GUESS);
    }

    #[test]
    fn a_place_belongs_to_one_row_and_the_ends_to_the_first_and_last() {
        let mut rows = strip(3, &[(0, 10.0), (1, 10.0), (2, 10.0)]);
        assert_eq!([-5.0, 0.0, 9.9, 10.0, 29.0, 99.0].map(|y| rows.at(y)), [0, 0, 0, 1, 2, 2]);
        assert_eq!(rows.between(5.0, 15.0), 0..2);
        assert_eq!(strip(0, &[]).between(0.0, 100.0), 0..0);
    }

    #[test]
    fn the_document_is_as_high_as_the_list_whatever_stands_in_it() {
        let heights: Vec<_> = (0..50).map(|key| (key, f64::from(key % 7 + 10))).collect();
        let mut rows = strip(50, &heights);
        for (range, pinned) in [(10..20, None), (10..20, Some(2)), (10..20, Some(40)), (0..50, Some(7)), (48..60, None)]
        {
            let cut = rows.cut(range.clone(), pinned);
            let shown: f64 = cut.runs.iter().map(|(above, run)| above + rows.top(run.end) - rows.top(run.start)).sum();
            assert!((shown + cut.below - rows.top(50)).abs() < 1e-6, "{range:?} {pinned:?}: {cut:?}");
            let wanted = pinned.into_iter().chain(range.clone()).filter(|row| *row < 50);
            for row in wanted {
                assert_eq!(cut.runs.iter().filter(|(_, run)| run.contains(&row)).count(), 1, "{row} in {cut:?}");
            }
        }
    }

    #[test]
    fn a_pinned_row_beside_the_others_is_one_of_them() {
        let mut rows = strip(30, &[(0, 10.0)]);
        assert_eq!(rows.cut(10..20, Some(9)).runs, [(90.0, 9..20)]);
        assert_eq!(rows.cut(10..20, Some(20)).runs, [(100.0, 10..21)]);
        assert_eq!(rows.cut(10..20, Some(2)).runs, [(20.0, 2..3), (70.0, 10..20)]);
        assert_eq!(rows.cut(10..20, Some(25)).runs, [(100.0, 10..20), (50.0, 25..26)]);
    }

    #[test]
    fn rows_are_found_again_after_others_came_above() {
        let mut rows = strip(3, &[(0, 10.0), (1, 20.0), (2, 30.0)]);
        assert_eq!(rows.place(2, 0), Some(2));
        rows.arrange(2, [7, 8, 0, 1, 2].into_iter());
        assert_eq!((rows.place(1, 1), rows.place(7, 4), rows.place(99, 2)), (Some(3), Some(0), None));
        assert_eq!(rows.top(3) - rows.top(2), 10.0, "its height is remembered");
        rows.arrange(2, std::iter::empty());
        assert_eq!(rows.len(), 5, "the same version is the same arrangement");
    }
}
