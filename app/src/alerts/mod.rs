//! Alerts of an open dashboard (PRODUCT A13). What is to be told stands here; how it sounds and looks is plain
//! JavaScript in `app/scripts/alerts.js`, told by [`tell`].

mod api;
mod page;
mod quiet;
mod volume;

use domain::{AlertPrefs, SessionId};
use leptos::prelude::*;
use serde::Serialize;
use wire::agent::{Alert, Me, Queue, Row};

pub use self::{page::AlertsPage, quiet::Sounds, volume::Volume};
use crate::{
    browser,
    inbox::{asks, waiting},
    live::Live,
};

/// One thing that the script is told.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell<'a> {
    Prefs(AlertPrefs),
    /// The chats that ring this person now.
    Ring(Vec<SessionId>),
    Alert(&'a Alert),
    /// For the icon of the installed app.
    Badge(u32),
    Do(&'a str),
}

pub fn tell(what: &Tell) {
    if let Ok(json) = serde_json::to_string(what) {
        browser::dispatch("deskbell-alerts", &json);
    }
}

/// Keeps the script informed. The number on title and icon.
pub fn follow(live: Live) -> Memo<u32> {
    let prefs = Memo::new(move |_| live.me.with(|me| me.alerts));
    Effect::new(move |_| tell(&Tell::Prefs(prefs.get())));
    let ringing = Memo::new(move |_| {
        let me = live.me.with(|me| me.id);
        let rings = |row: &&Row| row.ring.as_ref().is_some_and(|ring| ring.to.contains(&me));
        live.rows.with(|rows| rows.iter().filter(rings).map(|row| row.session).collect::<Vec<_>>())
    });
    Effect::new(move |_| tell(&Tell::Ring(ringing.get())));
    let badge = Memo::new(move |_| {
        live.me.with(|me| live.queues.with(|queues| live.rows.with(|rows| count(me, queues, rows.iter()))))
    });
    Effect::new(move |_| tell(&Tell::Badge(badge.get())));
    badge
}

/// Tells the server whether this tab is on the screen.
#[cfg(feature = "hydrate")]
pub fn look(live: Live) {
    let (visible, focused) = (browser::visible(), browser::focused());
    live.say(crate::live::Say::Frame(wire::agent::ClientFrame::Look { visible, focused }));
}

/// How many chats want something, of the kinds that this person wants to see counted.
fn count<'a>(me: &Me, queues: &[Queue], rows: impl Iterator<Item = &'a Row>) -> u32 {
    let prefs = me.alerts;
    let counted = rows.filter(|row| {
        let rings = row.ring.as_ref().is_some_and(|ring| ring.to.contains(&me.id));
        let offered = rings || (waiting(row) && asks(me, queues, row));
        let unread = !waiting(row) && asks(me, queues, row);
        (prefs.offered.badge && offered) || (prefs.message.badge && unread)
    });
    u32::try_from(counted.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use domain::{AlertWays, OfferWhy, Timestamp};
    use wire::agent::Ring;

    use super::*;
    use crate::inbox::sample;

    #[test]
    fn the_badge_counts_what_was_chosen_and_nothing_twice() {
        let ring = Ring {
            to: vec![sample::agent(sample::ME)],
            since: Timestamp::default(),
            until: Timestamp::default(),
            why: OfferWhy::LongestIdle,
            note: None,
        };
        let rows = [
            Row { ring: Some(ring), ..sample::waiting(1, 1) },
            sample::waiting(2, 1),
            sample::mine(3, 1, 4),
            sample::mine(4, 1, 0),
        ];
        let queues = [sample::queue(1, true, true)];
        let badges = |offered, message| {
            let with = |badge| AlertWays { badge, ..AlertWays::default() };
            AlertPrefs { offered: with(offered), message: with(message), ..AlertPrefs::default() }
        };
        let counted = |alerts, roles| count(&Me { alerts, ..sample::me(roles) }, &queues, rows.iter());
        let agent = (true, false, false);
        assert_eq!(counted(badges(true, true), agent), 2, "the one that rings, and the unread one");
        assert_eq!(counted(badges(true, false), agent), 1);
        assert_eq!(counted(badges(false, true), agent), 1);
        assert_eq!(counted(badges(false, false), agent), 0);
        assert_eq!(counted(badges(true, true), (true, true, false)), 3, "a supervisor sees what nobody has");
    }

    #[test]
    fn the_script_is_told_in_words_that_it_knows() {
        let json = |what: &Tell| serde_json::to_string(what).expect("JSON");
        assert_eq!(json(&Tell::Do("test-sound")), r#"{"do":"test-sound"}"#);
        assert_eq!(json(&Tell::Badge(2)), r#"{"badge":2}"#);
        assert!(json(&Tell::Prefs(AlertPrefs::default())).starts_with(r#"{"prefs":{"offered":{"desktop":true,"#));
        assert!(json(&Tell::Ring(vec![sample::session(1)])).starts_with(r#"{"ring":["0000"#));
    }
}
