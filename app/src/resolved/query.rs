//! The filter as it stands in the address.

use domain::{Outcome, Span, Stars};
use wire::agent::ResolvedFilter;

use crate::ui::time::{iso, parse_day};

/// Reads what the form sends. What makes no sense narrows nothing.
pub fn from_query(get: impl Fn(&str) -> Option<String>) -> ResolvedFilter {
    let text = |name: &str| get(name).unwrap_or_default();
    ResolvedFilter {
        agent: text("agent").parse().ok(),
        queue: text("queue").parse().ok(),
        outcome: Outcome::from_name(&text("outcome")),
        stars: text("stars").parse::<u8>().ok().and_then(|stars| Stars::try_from(stars).ok()),
        from: parse_day(&text("from")),
        // The last day counts whole.
        to: parse_day(&text("to")).map(|day| day + Span::seconds(86_400)),
        text: domain::one_line(&text("text"), 100),
        before: None,
    }
}

/// A day as the form shows it.
pub fn day_field(day: Option<domain::Timestamp>) -> String {
    day.map(|day| iso(day).split('T').next().unwrap_or_default().to_owned()).unwrap_or_default()
}

/// The last day that a filter includes.
pub fn last_day(filter: &ResolvedFilter) -> Option<domain::Timestamp> {
    filter.to.map(|to| to + Span::seconds(-86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_form_and_shows_it_again() {
        let filter = from_query(|name| {
            let value = match name {
                "from" => "2025-11-01",
                "to" => "2025-11-03",
                "stars" => "4",
                "outcome" => "left",
                "text" => " Lena ",
                _ => return None,
            };
            Some(value.to_owned())
        });
        assert_eq!(filter.stars, Stars::try_from(4).ok());
        assert_eq!(filter.outcome, Some(Outcome::Left));
        assert_eq!(filter.text, "Lena");
        assert_eq!(day_field(filter.from), "2025-11-01");
        assert_eq!(day_field(last_day(&filter)), "2025-11-03");
    }

    #[test]
    fn nonsense_narrows_nothing() {
        let filter = from_query(|name| (name != "text").then(|| "nonsense".to_owned()));
        assert_eq!(filter, ResolvedFilter::default());
    }
}
