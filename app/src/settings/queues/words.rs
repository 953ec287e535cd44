//! Settings in words.

use domain::{LocalTime, Strategy};
use wire::queues::{HoursNow, Queue};

pub const NOBODY: &str = "Nobody serves this queue: its chats wait for nobody until they are missed. Choose members.";

pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Value, name and what it means.
pub const STRATEGIES: [(Strategy, &str, &str); 5] = [
    (
        Strategy::RingByTurns,
        "Ring one by turns",
        "Rings the free agent whose last offer is longest ago, then the next one. Everybody gets an equal share.",
    ),
    (
        Strategy::RingLeastBusy,
        "Ring the least busy",
        "Rings the free agent with the fewest chats in hand, then the next one.",
    ),
    (Strategy::RingAll, "Ring all", "Rings every free agent at once; the first to accept has the chat."),
    (Strategy::Pick, "Pick", "Rings nobody. Agents choose from the list of waiting chats."),
    (
        Strategy::AutoAnswer,
        "Assign without asking",
        "Gives the chat at once to the free agent whose last offer is longest ago. Nobody has to accept.",
    ),
];

/// What a queue does, in one line.
pub fn summary(queue: &Queue) -> String {
    let strategy = STRATEGIES.iter().find(|(strategy, ..)| *strategy == queue.settings.strategy);
    let members = match queue.members.len() {
        1 => "1 member".to_owned(),
        n => format!("{n} members"),
    };
    let limit = match queue.rules.chat_limit {
        0 => "no limit of chats".to_owned(),
        1 => "1 chat per agent".to_owned(),
        n => format!("{n} chats per agent"),
    };
    format!("{} · {members} · {limit}", strategy.map_or("", |(_, name, _)| name))
}

pub fn used_by(queue: &Queue) -> String {
    if queue.sites.is_empty() {
        "No site's chats begin here.".to_owned()
    } else {
        format!("Chats of {} begin here.", queue.sites.join(", "))
    }
}

/// `Open now, until Monday 23 November, 17:00 (now Monday 23 November, 09:30 in Europe/Berlin)`.
pub fn hours_now(now: &HoursNow, zone: &str) -> String {
    let change = now.change.as_ref().map(|change| {
        if change.date == now.now.date { format!("today at {}", clock(change.minute)) } else { moment(change) }
    });
    let said = match (now.open, change) {
        (true, Some(change)) => format!("Open now; closes {change}"),
        (true, None) => "Open now, and does not close within a year".to_owned(),
        (false, Some(change)) => format!("Closed now; opens {change}"),
        (false, None) => "Closed now, and does not open within a year".to_owned(),
    };
    format!("{said}. It is {} in {zone}.", moment(&now.now))
}

fn moment(at: &LocalTime) -> String {
    let part = |n: usize| at.date.split('-').nth(n).and_then(|part| part.parse::<usize>().ok()).unwrap_or(1);
    let day = DAYS.get(usize::from(at.weekday)).unwrap_or(&"");
    let month = MONTHS.get(part(1).saturating_sub(1)).unwrap_or(&"");
    format!("{day} {} {month}, {}", part(2), clock(at.minute))
}

/// `09:30`; midnight at the end of a day is `00:00`, as clocks show it.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_in_their_own_zone() {
        let at = |date: &str, weekday, minute| LocalTime { date: date.into(), weekday, minute };
        let now = at("2026-11-23", 0, 570);
        let today = HoursNow { open: true, now: now.clone(), change: Some(at("2026-11-23", 0, 1020)) };
        assert_eq!(
            hours_now(&today, "Europe/Berlin"),
            "Open now; closes today at 17:00. It is Monday 23 November, 09:30 in Europe/Berlin."
        );
        let later = HoursNow { open: false, now: now.clone(), change: Some(at("2026-12-01", 1, 0)) };
        assert!(hours_now(&later, "UTC").starts_with("Closed now; opens Tuesday 1 December, 00:00."));
        let never = HoursNow { open: false, now, change: None };
        assert!(hours_now(&never, "UTC").starts_with("Closed now, and does not open within a year."));
    }
}
