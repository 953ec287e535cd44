//! Moments and lengths of time in words. The server knows neither the clock's error nor the time zone of the screen:
//! it renders UTC, and the browser puts its own in as soon as it is awake.

use domain::{Span, Timestamp};
use leptos::prelude::*;

use crate::live::Clock;

const DAY_MS: i64 = 86_400_000;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The time of day, kept readable for machines.
#[component]
pub fn TimeOfDay(at: Timestamp) -> impl IntoView {
    let clock = expect_context::<Clock>();
    view! { <time datetime=iso(at)>{move || time_of_day(at, clock.offset(at))}</time> }
}

/// How long ago, counted on while one looks.
#[component]
pub fn Ago(at: Timestamp) -> impl IntoView {
    let clock = expect_context::<Clock>();
    view! { <time datetime=iso(at)>{move || ago(seconds_between(at, clock.now()))}</time> }
}

/// Day and time.
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    let clock = expect_context::<Clock>();
    view! {
        <time datetime=iso(at)>
            {move || {
                let offset = clock.offset(at);
                format!("{}, {}", day_word(at, clock.now(), offset), time_of_day(at, offset))
            }}
        </time>
    }
}

/// `0:07`, `12:05`, `1:02:03`.
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

/// `now`, `3 m`, `2 h`, `4 d`.
pub fn ago(seconds: i64) -> String {
    match seconds {
        ..60 => "now".to_owned(),
        60..3600 => format!("{} m", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

pub fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    (to - from).whole_seconds().max(0)
}

/// `14:02` at `offset` minutes east of UTC.
pub fn time_of_day(at: Timestamp, offset: i32) -> String {
    let minutes = (at.millis() + i64::from(offset) * 60_000).rem_euclid(DAY_MS) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The number of the day since 1970.
pub fn day(at: Timestamp, offset: i32) -> i64 {
    (at.millis() + i64::from(offset) * 60_000).div_euclid(DAY_MS)
}

/// `Today`, `Yesterday`, `Mon 3 Nov`, `3 Nov 2024`.
pub fn day_word(at: Timestamp, now: Timestamp, offset: i32) -> String {
    let (then, today) = (day(at, offset), day(now, offset));
    let (year, month, date) = civil(then);
    let month_word = MONTHS[usize::try_from(month - 1).unwrap_or(0).min(11)];
    match today - then {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ if year == civil(today).0 => {
            let weekday = WEEKDAYS[usize::try_from((then + 3).rem_euclid(7)).unwrap_or(0)];
            format!("{weekday} {date} {month_word}")
        }
        _ => format!("{date} {month_word} {year}"),
    }
}

/// For `datetime` attributes.
pub fn iso(at: Timestamp) -> String {
    let (year, month, date) = civil(day(at, 0));
    let seconds = at.millis().rem_euclid(DAY_MS) / 1000;
    format!("{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `2025-11-03` as the midnight that begins it, UTC.
pub fn parse_day(text: &str) -> Option<Timestamp> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    ((1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&date))
        .then(|| Timestamp::from_millis(days_from_civil(year, month, date) * DAY_MS))
}

/// The midnight that begins this day here: `offset` gives the minutes east of UTC at a moment.
pub fn begin_of_day(text: &str, offset: impl Fn(Timestamp) -> i32) -> Option<Timestamp> {
    parse_day(text).map(|day| begins(day, offset))
}

/// The same of a day that was read as one of UTC.
pub fn begins(day: Timestamp, offset: impl Fn(Timestamp) -> i32) -> Timestamp {
    // The offset of a moment is known, not that of a day: near a change of the clocks the first guess may be an hour off.
    let guess = day + minutes(-offset(day));
    day + minutes(-offset(guess))
}

/// The day of a moment as a form shows it: `2025-11-03`.
pub fn day_field(at: Timestamp, offset: impl Fn(Timestamp) -> i32) -> String {
    let local = iso(at + minutes(offset(at)));
    local.split('T').next().unwrap_or_default().to_owned()
}

fn minutes(n: i32) -> Span {
    Span::seconds(i64::from(n) * 60)
}

/// Year, month, day of a day number (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

fn days_from_civil(year: i64, month: i64, date: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + date - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, minutes: i64) -> Timestamp {
        let day = parse_day(text).unwrap_or_default();
        Timestamp::from_millis(day.millis() + minutes * 60_000)
    }

    #[test]
    fn lengths() {
        assert_eq!([duration(7), duration(102), duration(3723), duration(-5)], ["0:07", "1:42", "1:02:03", "0:00"]);
        assert_eq!([ago(0), ago(59), ago(60), ago(7200), ago(200_000)], ["now", "now", "1 m", "2 h", "2 d"]);
    }

    #[test]
    fn days_are_those_of_the_screen() {
        let late = at("2025-11-03", 23 * 60 + 30);
        assert_eq!(time_of_day(late, 0), "23:30");
        assert_eq!(time_of_day(late, 60), "00:30");
        assert_eq!(day_word(late, late, 0), "Today");
        assert_eq!(day_word(late, at("2025-11-04", 0), 0), "Yesterday");
        assert_eq!(day_word(late, at("2025-11-04", 0), 60), "Today");
        assert_eq!(day_word(late, at("2025-12-24", 0), 0), "Mon 3 Nov");
        assert_eq!(day_word(late, at("2026-01-02", 0), 0), "3 Nov 2025");
    }

    #[test]
    fn days_are_read_and_written_alike() {
        for text in ["1970-01-01", "2000-02-29", "2024-12-31", "2025-03-01"] {
            assert_eq!(parse_day(text).map(iso), Some(format!("{text}T00:00:00Z")));
        }
        for wrong in ["", "2025-13-01", "2025-1", "x-y-z", "2025-00-10"] {
            assert_eq!(parse_day(wrong), None, "{wrong}");
        }
    }
}
