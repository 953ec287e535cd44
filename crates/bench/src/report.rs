//! The table.

use std::fmt::Write;

use serde::Deserialize;

/// One figure.
pub struct Row {
    pub what: String,
    /// As it is shown, with its unit.
    pub figure: String,
    /// What it stands beside, measured in the same run.
    pub reference: Option<Reference>,
    pub goal: String,
    pub must: String,
    pub held: Held,
}

pub struct Reference {
    pub what: &'static str,
    pub figure: String,
    /// The figure divided by it.
    pub ratio: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Goal,
    Must,
    Neither,
    /// Above a goal that has no must beside it.
    AboveGoal,
    /// There is neither.
    Unasked,
}

/// What was measured elsewhere and should be small: what a browser downloads, and what only a browser can tell.
#[derive(Deserialize)]
pub struct Figure {
    what: String,
    value: f64,
    unit: String,
    goal: Option<f64>,
    must: Option<f64>,
}

impl Held {
    /// Of something that should be small.
    pub fn at_most(figure: f64, goal: f64, must: f64) -> Self {
        if figure <= goal {
            Self::Goal
        } else if figure <= must {
            Self::Must
        } else {
            Self::Neither
        }
    }

    /// Of something that should be large.
    pub fn at_least(figure: f64, goal: f64, must: f64) -> Self {
        Self::at_most(-figure, -goal, -must)
    }
}

impl Row {
    /// A figure that should be at most this, all in one unit.
    pub fn small(what: &str, figure: f64, unit: &str, goal: f64, must: f64) -> Self {
        let show = |value: f64| format!("{} {unit}", short(value));
        Self {
            what: what.to_owned(),
            figure: show(figure),
            reference: None,
            goal: show(goal),
            must: show(must),
            held: Held::at_most(figure, goal, must),
        }
    }
}

impl From<Figure> for Row {
    fn from(Figure { what, value, unit, goal, must }: Figure) -> Self {
        let show = |value: f64| format!("{} {unit}", short(value));
        let held = match (goal, must) {
            (Some(goal), Some(must)) => Held::at_most(value, goal, must),
            (Some(goal), None) if value <= goal => Held::Goal,
            (Some(_), None) => Held::AboveGoal,
            (None, Some(must)) => Held::at_most(value, must, must),
            (None, None) => Held::Unasked,
        };
        let shown = |limit: Option<f64>| limit.map(show).unwrap_or_default();
        Self { what, figure: show(value), reference: None, goal: shown(goal), must: shown(must), held }
    }
}

pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("| figure | this run | reference | ratio | goal | must | held |\n");
    text.push_str("|---|---:|---:|---:|---:|---:|---|\n");
    for row in rows {
        let (reference, ratio) = match &row.reference {
            Some(reference) => {
                (format!("{} ({})", reference.figure, reference.what), format!("{:.2}", reference.ratio))
            }
            None => (String::new(), String::new()),
        };
        let held = match row.held {
            Held::Goal => "goal",
            Held::Must => "must",
            Held::Neither => "**no**",
            Held::AboveGoal => "above the goal",
            Held::Unasked => "",
        };
        let Row { what, figure, goal, must, .. } = row;
        let _ = writeln!(text, "| {what} | {figure} | {reference} | {ratio} | {goal} | {must} | {held} |");
    }
    text
}

pub fn page(machine: &str, table: &str) -> String {
    format!(
        "# Benchmarks\n\n\
         The last run of `cargo xtask bench`: the release binary with client and server on one machine, over loopback, \
         on: {machine}.\n\n\
         Machines differ and are noisy. What can be compared between runs are bytes and the ratios to the references, \
         which are measured in the same run: a TCP echo of 200 bytes over 64 connections, one fdatasync after writing \
         over 4 KiB, and a bare program that commits groups of messages on the same SQLite schema. Rates and relays are \
         the best of three runs, of references too. What browsers tell is measured in a headless Chromium on the same \
         machine; the slow profile is its own emulation of 1.6 Mbit/s, 150 ms and a processor a quarter as fast. Times are \
         for reading. \"held\" says whether this run kept to the goal, to the must only, or to neither; a build fails only \
         above a must in bytes.\n\n{table}"
    )
}

/// With as many digits as mean something.
pub fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 10_000.0 => format!("{:.0} k", value / 1_000.0),
        middling if middling >= 100.0 => format!("{value:.0}"),
        small if small >= 10.0 || small.fract() == 0.0 => trimmed(format!("{value:.1}")),
        _ => trimmed(format!("{value:.2}")),
    }
}

fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        for (value, shown) in
            [(27_412.0, "27 k"), (412.3, "412"), (12.34, "12.3"), (1.5, "1.5"), (2.0, "2"), (0.4, "0.4")]
        {
            assert_eq!(short(value), shown);
        }
    }

    #[test]
    fn limits_hold_in_their_direction() {
        assert_eq!(Held::at_most(2.0, 1.5, 2.0), Held::Must);
        assert_eq!(Held::at_most(2.1, 1.5, 2.0), Held::Neither);
        assert_eq!(Held::at_least(0.7, 0.6, 0.4), Held::Goal);
        assert_eq!(Held::at_least(0.5, 0.6, 0.4), Held::Must);
        assert_eq!(Held::at_least(0.3, 0.6, 0.4), Held::Neither);
    }
}
