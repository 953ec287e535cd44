//! The plan against the time zone database.

use jiff::{
    Timestamp as Moment, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{Hours, LocalTime, Open};
use crate::Timestamp;

/// How far ahead the next change is looked for: a year of holidays.
const HORIZON: i32 = 366;

/// Jumps of the clock looked at: those of a year, and one more.
const JUMPS: usize = 3;

/// Whether there is a time zone of this name.
pub fn is_zone(name: &str) -> bool {
    !name.is_empty() && TimeZone::get(name).is_ok()
}

/// The names of all time zones, in the order of the alphabet.
pub fn zones() -> Vec<String> {
    let mut zones: Vec<_> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
    zones.sort_unstable();
    zones
}

/// A moment as clocks of this zone show it; of UTC where there is no such zone.
pub fn local_time(zone: &str, at: Timestamp) -> LocalTime {
    let zoned = moment(at).to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    let time = zoned.time();
    LocalTime {
        date: zoned.date().to_string(),
        weekday: zoned.date().weekday().to_monday_zero_offset().unsigned_abs(),
        minute: u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()),
    }
}

/// How far clocks of this zone are east of UTC at a moment, in minutes; `None` where there is no such zone.
pub fn utc_offset(zone: &str, at: Timestamp) -> Option<i32> {
    Some(TimeZone::get(zone).ok()?.to_offset(moment(at)).seconds() / 60)
}

/// A moment as RFC 3339 writes it, in UTC.
pub fn rfc3339(at: Timestamp) -> String {
    moment(at).to_string()
}

impl Hours {
    /// Whether it is open at this moment. An unknown zone counts as UTC: a queue must not close because a time zone
    /// was renamed.
    pub fn open_at(&self, at: Timestamp) -> bool {
        let zoned = moment(at).to_zoned(self.time_zone());
        let time = zoned.time();
        let minute = u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
        self.on(zoned.date()).iter().any(|open| (open.from..open.to).contains(&minute))
    }

    /// When it opens or closes next, after `at`; `None` when it does not within a year.
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let zone = self.time_zone();
        let now = self.open_at(at);
        let changes = |edge: &Timestamp| *edge > at && self.open_at(*edge) != now;
        // A jump of the clock is an edge too: the hour it skips may hold an opening.
        let jumps = zone.following(moment(at)).take(JUMPS).map(|jump| timestamp(jump.timestamp()));
        let jump = jumps.into_iter().find(changes);
        let mut day = moment(at).to_zoned(zone.clone()).date();
        for _ in 0..HORIZON {
            let mut edges: Vec<_> = self
                .on(day)
                .iter()
                .flat_map(|open| [open.from, open.to])
                .flat_map(|n| instants(day, n, &zone))
                .collect();
            edges.sort_unstable();
            if let Some(edge) = edges.into_iter().find(changes) {
                return Some(jump.map_or(edge, |jump| jump.min(edge)));
            }
            day = day.checked_add(1.day()).ok()?;
        }
        jump
    }

    /// When it opens next; `at` itself when it is open.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        if self.open_at(at) { Some(at) } else { self.next_change(at) }
    }

    /// The moment as clocks of its zone show it.
    pub fn local(&self, at: Timestamp) -> LocalTime {
        local_time(&self.zone, at)
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    fn on(&self, date: Date) -> &[Open] {
        let written = date.to_string();
        if let Some(exception) = self.exceptions.iter().find(|exception| exception.date == written) {
            return &exception.open;
        }
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        self.week.get(weekday).map_or(&[], Vec::as_slice)
    }
}

fn moment(at: Timestamp) -> Moment {
    Moment::from_microsecond(at.micros()).unwrap_or(Moment::UNIX_EPOCH)
}

fn timestamp(moment: Moment) -> Timestamp {
    Timestamp::from_micros(moment.as_microsecond())
}

/// The moments at which a local clock shows this minute of this day: one; two when the clock is set back over it; when
/// it is skipped, the one it would have been.
fn instants(day: Date, minute: u16, zone: &TimeZone) -> Vec<Timestamp> {
    let (day, minute) = if minute >= 1440 { (day.checked_add(1.day()), 0) } else { (Ok(day), minute) };
    let hour = i8::try_from(minute / 60).unwrap_or(0);
    let time = Time::new(hour, i8::try_from(minute % 60).unwrap_or(0), 0, 0);
    let (Ok(day), Ok(time)) = (day, time) else { return Vec::new() };
    let local = zone.to_ambiguous_timestamp(day.to_datetime(time));
    [local.earlier(), local.later()].into_iter().flatten().map(timestamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exception;

    fn at(text: &str) -> Timestamp {
        let moment: Moment = text.parse().expect("a moment");
        Timestamp::from_micros(moment.as_microsecond())
    }

    /// Open every day from `from` to `to`, in minutes.
    fn daily(zone: &str, from: u16, to: u16) -> Hours {
        Hours { zone: zone.into(), week: std::array::from_fn(|_| vec![Open { from, to }]), exceptions: Vec::new() }
    }

    #[test]
    fn nine_to_five_is_local() {
        let berlin = daily("Europe/Berlin", 540, 1020);
        assert!(!berlin.open_at(at("2026-07-01T06:59:59Z")));
        assert!(berlin.open_at(at("2026-07-01T07:00:00Z")));
        assert!(berlin.open_at(at("2026-07-01T14:59:59Z")));
        assert!(!berlin.open_at(at("2026-07-01T15:00:00Z")));
        assert!(!berlin.open_at(at("2026-12-01T07:30:00Z")), "in winter an hour later");
        assert_eq!(berlin.next_change(at("2026-12-01T07:30:00Z")), Some(at("2026-12-01T08:00:00Z")));
        assert_eq!(berlin.next_change(at("2026-12-01T08:00:00Z")), Some(at("2026-12-01T16:00:00Z")));
    }

    #[test]
    fn an_hour_that_is_skipped_opens_when_the_clock_jumps() {
        // 2026-03-29, 02:00 becomes 03:00 in Berlin.
        let night = daily("Europe/Berlin", 150, 240);
        assert_eq!(night.next_change(at("2026-03-29T00:30:00Z")), Some(at("2026-03-29T01:00:00Z")));
        assert!(night.open_at(at("2026-03-29T01:00:00Z")), "03:00 summer time, after 02:30");
        assert!(!night.open_at(at("2026-03-29T00:59:59Z")));
        assert!(!night.open_at(at("2026-03-29T02:00:00Z")), "04:00 is closing time");
    }

    #[test]
    fn an_hour_that_comes_twice_is_open_twice() {
        // 2026-10-25, 03:00 becomes 02:00 in Berlin.
        let night = daily("Europe/Berlin", 120, 180);
        assert!(night.open_at(at("2026-10-25T00:00:00Z")));
        assert!(night.open_at(at("2026-10-25T01:30:00Z")));
        assert_eq!(night.next_change(at("2026-10-25T00:10:00Z")), Some(at("2026-10-25T02:00:00Z")));
        let short = daily("Europe/Berlin", 135, 165);
        assert_eq!(short.next_change(at("2026-10-25T00:15:00Z")), Some(at("2026-10-25T00:45:00Z")));
        assert_eq!(short.next_change(at("2026-10-25T00:45:00Z")), Some(at("2026-10-25T01:15:00Z")));
    }

    #[test]
    fn holidays_and_long_fridays() {
        let mut hours = daily("UTC", 540, 1020);
        hours.week[6].clear();
        hours.exceptions = vec![
            Exception { date: "2026-12-25".into(), name: "Christmas".into(), open: Vec::new() },
            Exception { date: "2026-12-24".into(), name: String::new(), open: vec![Open { from: 540, to: 720 }] },
        ];
        assert!(!hours.open_at(at("2026-12-24T12:30:00Z")));
        // Closed on the 25th, a Friday; open on Saturday.
        assert_eq!(hours.next_opening(at("2026-12-24T12:30:00Z")), Some(at("2026-12-26T09:00:00Z")));
        // Sundays are closed.
        assert_eq!(hours.next_opening(at("2026-12-26T17:00:00Z")), Some(at("2026-12-28T09:00:00Z")));
    }

    #[test]
    fn clocks_on_the_wall_show_the_time_of_their_zone() {
        let local = daily("Europe/Berlin", 540, 1020).local(at("2026-12-31T23:30:00Z"));
        assert_eq!(local, LocalTime { date: "2027-01-01".into(), weekday: 4, minute: 30 });
    }

    #[test]
    fn round_the_clock_never_changes() {
        let always = daily("Asia/Kolkata", 0, 1440);
        assert!(always.open_at(at("2026-01-01T18:30:00Z")), "midnight there");
        assert_eq!(always.next_change(at("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn zones_are_known_or_not() {
        assert!(is_zone("Europe/Berlin"));
        assert!(is_zone("America/Argentina/Buenos_Aires"));
        assert!(!is_zone("Europe/Atlantis"));
        assert!(!is_zone(""));
        let all = zones();
        assert!(all.len() > 300 && all.iter().all(|zone| is_zone(zone)), "{}", all.len());
        assert!(all.iter().any(|zone| zone == "America/New_York"));
    }
}
