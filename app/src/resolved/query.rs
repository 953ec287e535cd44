//! The filter as it stands in the address.

use domain::{Outcome, Span, Stars, Timestamp};
use wire::agent::ResolvedFilter;

use crate::ui::time::{self, begin_of_day, begins, parse_day};

/// Reads what the form sends. What makes no sense narrows nothing. Days are those of whoever looks: `offset` gives the
/// minutes east of UTC at a moment, here.
pub fn from_query(get: impl Fn(&str) -> Option<String>, offset: impl Fn(Timestamp) -> i32) -> ResolvedFilter {
    let text = |name: &str| get(name).unwrap_or_default();
    ResolvedFilter {
        agent: text("agent").parse().ok(),
        queue: text("queue").parse().ok(),
        outcome: Outcome::from_name(&text("outcome")),
        stars: text("stars").parse::<u8>().ok().and_then(|stars| Stars::try_from(stars).ok()),
        from: begin_of_day(&text("from"), &offset),
        // The last day counts whole, whatever its length.
        to: parse_day(&text("to")).map(|day| begins(day + Span::seconds(86_400), &offset)),
        text: domain::one_line(&text("text"), 100),
        before: None,
    }
}

/// The day of a moment as the form shows it.
pub fn day_field(at: Option<Timestamp>, offset: impl Fn(Timestamp) -> i32) -> String {
    at.map(|at| time::day_field(at, offset)).unwrap_or_default()
}

/// A moment of the last day that a filter includes.
pub fn last_day(filter: &ResolvedFilter) -> Option<Timestamp> {
    filter.to.map(|to| to + Span::seconds(-1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::time::iso;

    #[test]
    fn reads_the_form_and_shows_it_again() {
        let filter = from_query(
            |name| {
                let value = match name {
                    "from" => "2025-11-01",
                    "to" => "2025-11-03",
                    "stars" => "4",
                    "outcome" => "left",
                    "text" => " Lena ",
                    _ => return None,
                };
                Some(value.to_owned())
            },
            |_| 0,
        );
        assert_eq!(filter.stars, Stars::try_from(4).ok());
        assert_eq!(filter.outcome, Some(Outcome::Left));
        assert_eq!(filter.text, "Lena");
        assert_eq!(day_field(filter.from, |_| 0), "2025-11-01");
        assert_eq!(day_field(last_day(&filter), |_| 0), "2025-11-03");
    }

    #[test]
    fn nonsense_narrows_nothing() {
        let filter = from_query(|name| (name != "text").then(|| "nonsense".to_owned()), |_| 60);
        assert_eq!(filter, ResolvedFilter::default());
    }
    /// Central Europe around the two changes of 2025.
    fn berlin(at: Timestamp) -> i32 {
        let summer = parse_at("2025-03-30", 1)..parse_at("2025-10-26", 1);
        if summer.contains(&at) { 120 } else { 60 }
    }

    fn parse_at(day: &str, hour: i64) -> Timestamp {
        parse_day(day).expect("a day") + Span::seconds(hour * 3600)
    }

    #[test]
    fn days_are_the_viewers_also_when_the_clocks_change() {
        for (day, from, to, hours) in [
            ("2025-07-01", "2025-06-30T22:00:00Z", "2025-07-01T22:00:00Z", 24),
            ("2025-12-01", "2025-11-30T23:00:00Z", "2025-12-01T23:00:00Z", 24),
            ("2025-03-30", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z", 23),
            ("2025-10-26", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", 25),
        ] {
            let filter = from_query(|name| matches!(name, "from" | "to").then(|| day.to_owned()), berlin);
            let (begin, end) = (filter.from.expect("from"), filter.to.expect("to"));
            assert_eq!([iso(begin), iso(end)], [from, to]);
            assert_eq!((end - begin).whole_seconds(), hours * 3600);
            assert_eq!([day_field(filter.from, berlin), day_field(last_day(&filter), berlin)], [day, day]);
        }
        let far = from_query(|name| (name == "from").then(|| "2025-11-01".to_owned()), |_| -600);
        assert_eq!(far.from.map(iso).as_deref(), Some("2025-11-01T10:00:00Z"));
        assert_eq!(day_field(far.from, |_| -600), "2025-11-01");
    }
}
