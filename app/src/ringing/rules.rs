//! What rings, what is said of it, and what the keys mean.

use domain::{AgentId, OfferWhy, SessionId, Timestamp};
use wire::agent::{Ring, Row};

use crate::inbox::lines::name_or;

/// The chats that ring this agent, those that ring out first before the others. One that has rung out is none, even
/// where the server's word on it has not come yet: it could not be accepted any more.
pub fn ringing<'a>(me: AgentId, rows: impl Iterator<Item = &'a Row>, now: Timestamp) -> Vec<(SessionId, Timestamp)> {
    let mut calls: Vec<_> = rows
        .filter(|row| row.status.open())
        .filter_map(|row| Some((row.ring.as_ref()?, row.session)))
        .filter(|(ring, _)| ring.to.contains(&me) && ring.until > now)
        .collect();
    calls.sort_by_key(|(ring, session)| (ring.until, *session));
    calls.into_iter().map(|(ring, session)| (session, ring.since)).collect()
}

/// Whole seconds until it has rung out; never more than it rings at all, whatever this machine's clock says.
pub fn seconds_left(ring: &Ring, now: Timestamp) -> i64 {
    let left = (ring.until.millis() - now.millis()).min(ring.until.millis() - ring.since.millis());
    left.max(0).div_euclid(1000) + i64::from(left.max(0) % 1000 > 0)
}

/// How much of the ringing is over, in hundredths.
pub fn spent(ring: &Ring, now: Timestamp) -> i64 {
    let whole = (ring.until.millis() - ring.since.millis()).max(1);
    // Where the circle has to be a second later: it moves there while that second passes.
    let at = now.millis() + 1_000 - ring.since.millis();
    (at * 100 / whole).clamp(0, 100)
}

/// Why it rings just here (PRODUCT E3).
pub fn why_line(why: OfferWhy, owner: Option<&str>) -> String {
    match why {
        OfferWhy::LongestIdle => "You have been free the longest".to_owned(),
        OfferWhy::LeastBusy { chats: 0 } => "You have no other chats".to_owned(),
        OfferWhy::LeastBusy { .. } => "You have the fewest chats".to_owned(),
        OfferWhy::Everyone => "Rings everyone who is free".to_owned(),
        OfferWhy::SameAgent => "You had this visitor before".to_owned(),
        OfferWhy::Transfer => format!("{} hands it over to you", owner.unwrap_or("A colleague")),
        OfferWhy::NobodyTook => "You handed it over, and nobody took it".to_owned(),
    }
}

/// "Ringing Anna": for everybody else.
pub fn ring_word(to: &[AgentId], me: AgentId, name: impl Fn(AgentId) -> String) -> String {
    let first = if to.contains(&me) { Some("you".to_owned()) } else { to.first().map(|id| name(*id)) };
    let first = first.filter(|name| !name.is_empty()).unwrap_or_else(|| "a colleague".to_owned());
    match to.len() {
        0 | 1 => format!("Ringing {first}"),
        2 => format!("Ringing {first} and 1 other"),
        n => format!("Ringing {first} and {} others", n - 1),
    }
}

/// Said once, to who does not see the card.
pub fn announced(row: &Row) -> String {
    let who = name_or(&row.visitor.name);
    let why = row.ring.as_ref().map(|ring| why_line(ring.why, row.owner_name.as_deref())).unwrap_or_default();
    format!("{who} rings you, {}. {why}. Alt Shift A accepts, Alt Shift D declines.", row.queue_name)
}

/// Why a chat that rang this agent no longer does; `None` when they know it themselves. `now` is its row, where it is
/// still on the list; `taken_by` who has it, where it is not.
pub fn stopped(me: AgentId, before: &Row, now: Option<&Row>, taken_by: Option<&str>) -> Option<String> {
    let who = name_or(&before.visitor.name);
    let owner = match now {
        Some(row) if row.owner == Some(me) => return None,
        Some(row) if !row.status.open() => return Some(format!("{who} has left")),
        Some(row) => row.owner_name.as_deref(),
        None => taken_by,
    };
    // Whoever handed it over and has it still has not taken it.
    let taken_by = owner.filter(|owner| before.owner_name.as_deref() != Some(*owner));
    Some(taken_by.map_or_else(|| format!("{who} rings you no longer"), |name| format!("{name} has it")))
}

#[cfg(test)]
mod tests {
    use domain::Status;

    use super::*;
    use crate::inbox::sample;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn rings(n: u128, to: &[u128], until: i64) -> Row {
        let to = to.iter().map(|n| sample::agent(*n)).collect();
        let ring = Ring { to, since: at(until - 20), until: at(until), why: OfferWhy::LongestIdle, note: None };
        Row { ring: Some(ring), ..sample::waiting(n, 1) }
    }

    #[test]
    fn what_rings_me_rings_in_the_order_of_its_end() {
        let me = sample::agent(sample::ME);
        let mut ended = rings(4, &[1], 105);
        ended.status = Status::Resolved;
        let rows = [rings(1, &[1], 120), rings(2, &[2, 1], 110), rings(3, &[2], 105), ended, sample::waiting(5, 1)];
        let sessions = |now| ringing(me, rows.iter(), at(now)).into_iter().map(|call| call.0).collect::<Vec<_>>();
        assert_eq!(sessions(100), [sample::session(2), sample::session(1)]);
        assert_eq!(sessions(110), [sample::session(1)], "what has rung out could not be accepted");
        assert_eq!(sessions(120), []);
    }

    #[test]
    fn the_countdown_ends_at_nought_and_never_says_more_than_it_rings() {
        let ring = rings(1, &[1], 100).ring.expect("it rings");
        assert_eq!([80, 81, 100, 130].map(|now| seconds_left(&ring, at(now))), [20, 19, 0, 0]);
        assert_eq!(seconds_left(&ring, Timestamp::from_millis(99_100)), 1);
        assert_eq!(seconds_left(&ring, at(10)), 20, "this machine's clock is late");
        assert_eq!([79, 89, 99, 140].map(|now| spent(&ring, at(now))), [0, 50, 100, 100]);
    }

    #[test]
    fn who_took_it_is_said_and_what_one_knows_is_not() {
        let me = sample::agent(sample::ME);
        let before = rings(1, &[1], 100);
        let after = |owner: Option<(u128, &str)>, status| {
            let (owner, owner_name) = owner.map(|(n, name)| (sample::agent(n), name.to_owned())).unzip();
            let row = Row { ring: None, owner, owner_name, status, ..before.clone() };
            stopped(me, &before, Some(&row), None)
        };
        assert_eq!(after(Some((1, "Aki")), Status::AssignedToAgent), None);
        assert_eq!(after(Some((2, "Anna")), Status::AssignedToAgent).as_deref(), Some("Anna has it"));
        assert_eq!(after(None, Status::WaitingForAgent).as_deref(), Some("Visitor 1 rings you no longer"));
        assert_eq!(after(None, Status::Resolved).as_deref(), Some("Visitor 1 has left"));
        assert_eq!(stopped(me, &before, None, Some("Anna")).as_deref(), Some("Anna has it"));
    }

    #[test]
    fn a_hand_over_that_ends_is_no_claim_of_its_owner() {
        let me = sample::agent(sample::ME);
        let (owner, owner_name) = (Some(sample::agent(2)), Some("Anna".to_owned()));
        let before = Row { owner, owner_name, status: Status::ActiveChat, ..rings(1, &[1], 100) };
        let kept = Row { ring: None, ..before.clone() };
        for (now, taken_by) in [(Some(&kept), None), (None, Some("Anna"))] {
            assert_eq!(stopped(me, &before, now, taken_by).as_deref(), Some("Visitor 1 rings you no longer"));
        }
        assert_eq!(stopped(me, &before, None, Some("Jo")).as_deref(), Some("Jo has it"));
    }

    #[test]
    fn rows_say_whom_they_ring() {
        let word = |to: &[u128]| {
            let to: Vec<_> = to.iter().map(|n| sample::agent(*n)).collect();
            ring_word(&to, sample::agent(sample::ME), |id| {
                if id == sample::agent(2) { "Anna".into() } else { String::new() }
            })
        };
        assert_eq!(word(&[2]), "Ringing Anna");
        assert_eq!(word(&[2, 1]), "Ringing you and 1 other");
        assert_eq!(word(&[2, 3, 4]), "Ringing Anna and 2 others");
        assert_eq!(word(&[9]), "Ringing a colleague", "who came after this list");
    }

    #[test]
    fn the_announcement_says_who_where_why_and_how() {
        let row = rings(1, &[1], 100);
        assert_eq!(
            announced(&row),
            "Visitor 1 rings you, Queue 1. You have been free the longest. Alt Shift A accepts, Alt Shift D declines."
        );
        assert_eq!(why_line(OfferWhy::Transfer, Some("Anna")), "Anna hands it over to you");
    }
}
