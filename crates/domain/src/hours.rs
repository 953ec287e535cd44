//! Working hours: a weekly plan in a time zone, with days that differ (PRODUCT M3).
//!
//! The plan itself is plain data and compiles to wasm, for the settings form. Whether it is open at a moment needs the
//! time zone database, which only the server has: the feature `hours`.

use serde::{Deserialize, Serialize};

use crate::FieldProblem;

#[cfg(feature = "hours")]
mod zoned;
#[cfg(feature = "hours")]
pub use zoned::{is_zone, local_time, rfc3339, utc_offset, zones};

/// Midnight at the end of a day, in minutes after its beginning.
pub const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// Open from a minute of the day to another, in local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Minutes after midnight, 0 to 1439.
    pub from: u16,
    /// Minutes after midnight, later than `from`, at most 1440 (midnight at the end of the day).
    pub to: u16,
}

/// A day that differs from the weekly plan; a holiday is one without any opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// What the day is ("Christmas"); only for people.
    #[serde(default)]
    pub name: String,
    pub open: Vec<Open>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// IANA name, such as `Europe/Berlin`.
    pub zone: String,
    /// Monday first. Several openings a day for a break at noon; nights are two openings that meet at midnight.
    pub week: [Vec<Open>; 7],
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// What a clock on the wall shows somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// 0 for Monday.
    pub weekday: u8,
    /// Minutes after midnight.
    pub minute: u16,
}

/// A part of a plan that something can be wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoursPart {
    /// A day of the week, 0 for Monday.
    Day(usize),
    /// One of the days that differ, by its place in the list.
    Exception(usize),
    /// The list of them.
    Exceptions,
}

/// Most days that differ.
const MOST_EXCEPTIONS: usize = 400;

/// Longest name of such a day, in characters.
const LONGEST_NAME: usize = 100;

impl Hours {
    /// Everything wrong with the plan itself; whether the zone exists is `is_zone`'s to say.
    pub fn faults(&self) -> Vec<(HoursPart, FieldProblem)> {
        let mut wrong = Vec::new();
        for (n, day) in self.week.iter().enumerate() {
            if !orderly(day) {
                wrong.push((HoursPart::Day(n), FieldProblem::BadHours));
            }
        }
        if self.exceptions.len() > MOST_EXCEPTIONS {
            wrong.push((HoursPart::Exceptions, FieldProblem::TooLong));
        }
        for (n, day) in self.exceptions.iter().enumerate() {
            let before = self.exceptions.iter().take(n);
            let problem = if !is_date(&day.date) {
                FieldProblem::BadDate
            } else if before.clone().any(|other| other.date == day.date) {
                FieldProblem::Twice
            } else if !orderly(&day.open) {
                FieldProblem::BadHours
            } else if day.name.chars().count() > LONGEST_NAME {
                FieldProblem::TooLong
            } else {
                continue;
            };
            wrong.push((HoursPart::Exception(n), problem));
        }
        wrong
    }
}

impl HoursPart {
    /// As a form names the field: `day.0`, `exception.3`, `exceptions`.
    pub fn field(self) -> String {
        match self {
            Self::Day(n) => format!("day.{n}"),
            Self::Exception(n) => format!("exception.{n}"),
            Self::Exceptions => "exceptions".to_owned(),
        }
    }
}

/// Openings that end after they begin and do not overlap, in order.
fn orderly(day: &[Open]) -> bool {
    day.iter().all(|open| open.from < open.to && open.to <= MINUTES_OF_A_DAY)
        && day.windows(2).all(|pair| matches!(pair, [first, second] if first.to <= second.from))
}

/// Whether there is such a day, between the years 2000 and 2200.
fn is_date(date: &str) -> bool {
    let mut parts = date.split('-');
    let mut part = |digits: usize, min: u16, max: u16| {
        parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<u16>().ok())
            .filter(|n| (min..=max).contains(n))
    };
    let (Some(year), Some(month)) = (part(4, 2000, 2200), part(2, 1, 12)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u16::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    part(2, 1, days).is_some() && date.len() == 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(week: [Vec<Open>; 7]) -> Hours {
        Hours { zone: "Europe/Berlin".into(), week, exceptions: Vec::new() }
    }

    #[test]
    fn openings_must_be_in_order_and_apart() {
        let mut week: [Vec<Open>; 7] = Default::default();
        week[0] = vec![Open { from: 540, to: 720 }, Open { from: 780, to: 1440 }];
        assert_eq!(hours(week.clone()).faults(), []);
        week[1] = vec![Open { from: 540, to: 720 }, Open { from: 700, to: 800 }];
        assert_eq!(hours(week.clone()).faults(), [(HoursPart::Day(1), FieldProblem::BadHours)]);
        week[1] = vec![Open { from: 720, to: 720 }];
        assert_eq!(hours(week.clone()).faults(), [(HoursPart::Day(1), FieldProblem::BadHours)]);
        week[1] = vec![Open { from: 720, to: 1441 }];
        assert_eq!(hours(week).faults(), [(HoursPart::Day(1), FieldProblem::BadHours)]);
    }

    #[test]
    fn what_is_wrong_with_a_day_that_differs_is_told_with_its_place() {
        let day = |date: &str, open| Exception { date: date.into(), name: String::new(), open };
        let exceptions = vec![
            day("2026-12-25", vec![]),
            day("2026-12-25", vec![Open { from: 0, to: 60 }]),
            day("2026-12-32", vec![]),
            day("2026-12-31", vec![Open { from: 600, to: 540 }]),
        ];
        let wrong = Hours { exceptions, ..hours(Default::default()) }.faults();
        let problems = [FieldProblem::Twice, FieldProblem::BadDate, FieldProblem::BadHours];
        let expected: Vec<_> =
            problems.into_iter().enumerate().map(|(n, problem)| (HoursPart::Exception(n + 1), problem)).collect();
        assert_eq!(wrong, expected);
        assert_eq!(HoursPart::Exception(3).field(), "exception.3");
    }

    #[test]
    fn dates_are_dates() {
        for (date, good) in [
            ("2026-12-25", true),
            ("2028-02-29", true),
            ("2026-02-29", false),
            ("2100-02-29", false),
            ("2026-04-31", false),
            ("2026-13-01", false),
            ("25.12.2026", false),
            ("2026-1-1", false),
            ("2026-12-25-", false),
            ("", false),
        ] {
            assert_eq!(is_date(date), good, "{date}");
        }
    }
}
