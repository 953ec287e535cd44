//! A plan of working hours as it is typed: texts, so that nothing is lost that cannot be read yet.

use domain::{Exception, FieldProblem, Hours, HoursPart, MINUTES_OF_A_DAY, Open};
use wire::Field;

use super::words::clock;

/// From and to, as the fields hold them: `HH:MM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Tells rows apart while others come and go.
    pub key: u32,
    pub from: String,
    pub to: String,
}

/// A day that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub key: u32,
    pub date: String,
    pub name: String,
    pub open: Vec<Opening>,
}

/// Where openings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Week(usize),
    /// The day that differs with this key.
    Exception(u32),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Without it the queue is always open.
    pub limited: bool,
    pub zone: String,
    pub week: [Vec<Opening>; 7],
    pub exceptions: Vec<Day>,
    next: u32,
}

impl Plan {
    /// Nine to five on weekdays where there is none yet.
    pub fn of(hours: Option<&Hours>, zone: &str) -> Self {
        let mut plan = Self {
            limited: hours.is_some(),
            zone: hours.map_or(zone, |hours| &hours.zone).to_owned(),
            week: Default::default(),
            exceptions: Vec::new(),
            next: 0,
        };
        let office = [Open { from: 9 * 60, to: 17 * 60 }];
        for day in 0..7 {
            let open = hours.map_or(if day < 5 { &office[..] } else { &[] }, |hours| &hours.week[day]);
            plan.week[day] = plan.openings(open);
        }
        for exception in hours.iter().flat_map(|hours| &hours.exceptions) {
            let open = plan.openings(&exception.open);
            let (date, name) = (exception.date.clone(), exception.name.clone());
            let key = plan.key();
            plan.exceptions.push(Day { key, date, name, open });
        }
        plan
    }

    pub fn at(&self, at: At) -> &[Opening] {
        match at {
            At::Week(day) => self.week.get(day).map_or(&[], Vec::as_slice),
            At::Exception(key) => self.exceptions.iter().find(|day| day.key == key).map_or(&[], |day| &day.open),
        }
    }

    pub fn add_opening(&mut self, at: At) {
        let key = self.key();
        let opening = Opening { key, from: String::new(), to: String::new() };
        if let Some(open) = self.at_mut(at) {
            open.push(opening);
        }
    }

    pub fn remove_opening(&mut self, at: At, key: u32) {
        if let Some(open) = self.at_mut(at) {
            open.retain(|opening| opening.key != key);
        }
    }

    pub fn opening(&mut self, at: At, key: u32) -> Option<&mut Opening> {
        self.at_mut(at)?.iter_mut().find(|opening| opening.key == key)
    }

    pub fn add_exception(&mut self) {
        let key = self.key();
        self.exceptions.push(Day { key, date: String::new(), name: String::new(), open: Vec::new() });
    }

    pub fn exception(&mut self, key: u32) -> Option<&mut Day> {
        self.exceptions.iter_mut().find(|day| day.key == key)
    }

    /// The field of a day's error, as the server names it.
    pub fn field(&self, at: At) -> String {
        match at {
            At::Week(day) => HoursPart::Day(day).field(),
            At::Exception(key) => {
                let place = self.exceptions.iter().position(|day| day.key == key);
                HoursPart::Exception(place.unwrap_or_default()).field()
            }
        }
    }

    /// What is to be saved, or the days in which a time is missing. `None`: always open.
    pub fn hours(&self) -> Result<Option<Hours>, Vec<Field>> {
        if !self.limited {
            return Ok(None);
        }
        let mut wrong = Vec::new();
        let mut read = |part: HoursPart, rows: &[Opening]| {
            let mut open: Vec<_> = rows.iter().filter_map(opening).collect();
            if open.len() < rows.len() {
                wrong.push(Field { field: part.field(), problem: FieldProblem::Missing });
            }
            open.sort_unstable_by_key(|open| (open.from, open.to));
            open
        };
        let week = std::array::from_fn(|day| read(HoursPart::Day(day), &self.week[day]));
        let exceptions = self
            .exceptions
            .iter()
            .enumerate()
            .map(|(n, day)| Exception {
                date: day.date.clone(),
                name: day.name.trim().to_owned(),
                open: read(HoursPart::Exception(n), &day.open),
            })
            .collect();
        let zone = self.zone.trim().to_owned();
        if wrong.is_empty() { Ok(Some(Hours { zone, week, exceptions })) } else { Err(wrong) }
    }

    fn at_mut(&mut self, at: At) -> Option<&mut Vec<Opening>> {
        match at {
            At::Week(day) => self.week.get_mut(day),
            At::Exception(key) => self.exception(key).map(|day| &mut day.open),
        }
    }

    fn openings(&mut self, open: &[Open]) -> Vec<Opening> {
        open.iter().map(|open| Opening { key: self.key(), from: clock(open.from), to: clock(open.to) }).collect()
    }

    fn key(&mut self) -> u32 {
        self.next += 1;
        self.next
    }
}

/// Midnight as an end is that at the end of the day.
fn opening(row: &Opening) -> Option<Open> {
    let (from, to) = (minute(&row.from)?, minute(&row.to)?);
    Some(Open { from, to: if to == 0 { MINUTES_OF_A_DAY } else { to } })
}

fn minute(text: &str) -> Option<u16> {
    // Some browsers add the seconds.
    let (hours, minutes) = text.split_once(':')?;
    let minutes = minutes.split(':').next()?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_typed_and_read_back() {
        let mut week: [Vec<Open>; 7] = Default::default();
        week[0] = vec![Open { from: 0, to: 720 }, Open { from: 780, to: 1440 }];
        let exceptions = vec![Exception { date: "2026-12-25".into(), name: "Christmas".into(), open: Vec::new() }];
        let hours = Hours { zone: "Europe/Berlin".into(), week, exceptions };
        let mut plan = Plan::of(Some(&hours), "UTC");
        assert_eq!(plan.week[0][1].to, "00:00");
        assert_eq!(plan.hours(), Ok(Some(hours)));
        plan.limited = false;
        assert_eq!(plan.hours(), Ok(None));
    }

    #[test]
    fn openings_are_put_in_order_and_missing_times_named() {
        let mut plan = Plan::of(None, "UTC");
        plan.limited = true;
        plan.add_opening(At::Week(1));
        assert_eq!(plan.hours(), Err(vec![Field { field: "day.1".into(), problem: FieldProblem::Missing }]));
        let key = plan.week[1][1].key;
        if let Some(opening) = plan.opening(At::Week(1), key) {
            (opening.from, opening.to) = ("06:00".into(), "08:30:00".into());
        }
        let read = plan.hours().ok().flatten().map(|hours| hours.week[1].clone());
        assert_eq!(read, Some(vec![Open { from: 360, to: 510 }, Open { from: 540, to: 1020 }]));
        plan.add_exception();
        let day = plan.exceptions[0].key;
        plan.add_opening(At::Exception(day));
        assert_eq!(plan.field(At::Exception(day)), "exception.0");
        assert_eq!(plan.hours(), Err(vec![Field { field: "exception.0".into(), problem: FieldProblem::Missing }]));
    }
}
