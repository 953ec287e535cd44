//! Working hours: a weekly plan in a time zone, with days that differ (PRODUCT M3).
//!
//! The plan itself is plain data and compiles to wasm, for the settings form. Whether it is open at a moment needs the
//! time zone database, which only the server has: the feature `hours`.

use serde::{Deserialize, Serialize};

use crate::{FieldError, FieldProblem};

#[cfg(feature = "hours")]
mod zoned;
#[cfg(feature = "hours")]
pub use zoned::is_zone;

/// Minutes in a day.
const DAY: u16 = 24 * 60;

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

/// Most days that differ.
const MOST_EXCEPTIONS: usize = 400;

impl Hours {
    /// Everything wrong with the plan itself; whether the zone exists is `is_zone`'s to say.
    pub fn check(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let days = self.week.iter().chain(self.exceptions.iter().map(|day| &day.open));
        if days.clone().any(|day| !orderly(day)) {
            wrong.push(FieldError { field: "hours", problem: FieldProblem::BadHours });
        }
        if self.exceptions.len() > MOST_EXCEPTIONS {
            wrong.push(FieldError { field: "exceptions", problem: FieldProblem::TooLong });
        }
        if self.exceptions.iter().any(|day| !plausible_date(&day.date)) {
            wrong.push(FieldError { field: "exceptions", problem: FieldProblem::BadDate });
        }
        wrong
    }
}

/// Openings that end after they begin and do not overlap, in order.
fn orderly(day: &[Open]) -> bool {
    day.iter().all(|open| open.from < open.to && open.to <= DAY)
        && day.windows(2).all(|pair| matches!(pair, [first, second] if first.to <= second.from))
}

/// The form of a date, and numbers that some month has.
fn plausible_date(date: &str) -> bool {
    let mut parts = date.split('-');
    let mut part = |digits: usize, min: u16, max: u16| {
        parts.next().is_some_and(|part| {
            part.len() == digits
                && part.bytes().all(|byte| byte.is_ascii_digit())
                && part.parse::<u16>().is_ok_and(|n| (min..=max).contains(&n))
        })
    };
    part(4, 2000, 2200) && part(2, 1, 12) && part(2, 1, 31) && date.len() == 10
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
        assert_eq!(hours(week.clone()).check(), []);
        week[1] = vec![Open { from: 540, to: 720 }, Open { from: 700, to: 800 }];
        assert_eq!(hours(week.clone()).check(), [FieldError { field: "hours", problem: FieldProblem::BadHours }]);
        week[1] = vec![Open { from: 720, to: 720 }];
        assert_eq!(hours(week).check(), [FieldError { field: "hours", problem: FieldProblem::BadHours }]);
    }

    #[test]
    fn dates_are_dates() {
        for (date, good) in
            [("2026-12-25", true), ("2026-13-01", false), ("25.12.2026", false), ("2026-1-1", false), ("", false)]
        {
            assert_eq!(plausible_date(date), good, "{date}");
        }
    }
}
