//! Figures in a table, each with what it must be and what it should be.

use std::fmt::Write;

pub struct Row {
    what: &'static str,
    unit: Unit,
    now: f64,
    limits: Option<Limits>,
}

struct Limits {
    must: f64,
    goal: f64,
    more_is_better: bool,
}

#[derive(Clone, Copy)]
pub enum Unit {
    Milliseconds,
    Kilobytes,
    Megabytes,
    PerSecond,
    Ratio,
}

impl Row {
    /// A figure that others are compared with.
    pub fn reference(what: &'static str, unit: Unit, now: f64) -> Self {
        Self { what, unit, now, limits: None }
    }

    pub fn at_most(what: &'static str, unit: Unit, now: f64, must: f64, goal: f64) -> Self {
        Self { what, unit, now, limits: Some(Limits { must, goal, more_is_better: false }) }
    }

    pub fn at_least(what: &'static str, unit: Unit, now: f64, must: f64, goal: f64) -> Self {
        Self { what, unit, now, limits: Some(Limits { must, goal, more_is_better: true }) }
    }
}

impl Limits {
    /// What `now` reaches. A figure that could not be taken reaches nothing.
    fn held(&self, now: f64) -> &'static str {
        let reaches = |limit: f64| if self.more_is_better { now >= limit } else { now <= limit };
        match (reaches(self.goal), reaches(self.must)) {
            (true, _) => "goal",
            (false, true) => "must",
            (false, false) => "**no**",
        }
    }
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Milliseconds if value < 10.0 => format!("{value:.2} ms"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::Kilobytes => format!("{value:.1} KB"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::PerSecond => format!("{value:.0} /s"),
            Self::Ratio => format!("{value:.2}"),
        }
    }
}

pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from("| figure | now | must | goal | held |\n|---|---:|---:|---:|---|\n");
    for Row { what, unit, now, limits } in rows {
        let (must, goal, held) = limits.as_ref().map_or_else(Default::default, |limits| {
            (unit.show(limits.must), unit.show(limits.goal), limits.held(*now))
        });
        let _ = writeln!(text, "| {what} | {} | {must} | {goal} | {held} |", unit.show(*now));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_figure_holds_nothing() {
        let table = markdown(&[
            Row::at_most("small", Unit::Ratio, f64::NAN, 2.0, 1.0),
            Row::at_least("many", Unit::PerSecond, 15e3, 10e3, 25e3),
        ]);
        assert!(table.contains("| small | NaN | 2.00 | 1.00 | **no** |"), "{table}");
        assert!(table.contains("| many | 15000 /s | 10000 /s | 25000 /s | must |"), "{table}");
    }
}
