//! What agents want to be told of, and how (PRODUCT A13).

use serde::{Deserialize, Serialize};

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A chat rings the agent, or waits for somebody to take it.
    Offered,
    /// A visitor has written in one of their chats.
    Message,
    /// A chat of their queues was missed.
    Missed,
}

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertWay {
    /// A notification of the system's, from an open tab.
    Desktop,
    /// From an open tab; for an offered chat it repeats until it is answered.
    Sound,
    /// The number in the tab's title, and the dot on its icon.
    Badge,
    /// A notification of the system's, also when no tab is open.
    Push,
    Email,
}

/// The ways chosen for one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct AlertWays {
    pub desktop: bool,
    pub sound: bool,
    pub badge: bool,
    pub push: bool,
    pub email: bool,
}

/// Everything an agent has chosen. By default whatever asks for something soon is told in every way that disturbs nobody
/// else, and e-mail is left to what nobody was there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertPrefs {
    pub offered: AlertWays,
    pub message: AlertWays,
    pub missed: AlertWays,
}

impl AlertKind {
    pub const ALL: [Self; 3] = [Self::Offered, Self::Message, Self::Missed];

    /// As it is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Message => "message",
            Self::Missed => "missed",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl AlertWay {
    pub const ALL: [Self; 5] = [Self::Desktop, Self::Sound, Self::Badge, Self::Push, Self::Email];
}

impl AlertWays {
    pub const fn get(self, way: AlertWay) -> bool {
        match way {
            AlertWay::Desktop => self.desktop,
            AlertWay::Sound => self.sound,
            AlertWay::Badge => self.badge,
            AlertWay::Push => self.push,
            AlertWay::Email => self.email,
        }
    }

    pub const fn set(&mut self, way: AlertWay, on: bool) {
        match way {
            AlertWay::Desktop => self.desktop = on,
            AlertWay::Sound => self.sound = on,
            AlertWay::Badge => self.badge = on,
            AlertWay::Push => self.push = on,
            AlertWay::Email => self.email = on,
        }
    }
}

impl AlertPrefs {
    pub const fn of(self, kind: AlertKind) -> AlertWays {
        match kind {
            AlertKind::Offered => self.offered,
            AlertKind::Message => self.message,
            AlertKind::Missed => self.missed,
        }
    }

    pub const fn of_mut(&mut self, kind: AlertKind) -> &mut AlertWays {
        match kind {
            AlertKind::Offered => &mut self.offered,
            AlertKind::Message => &mut self.message,
            AlertKind::Missed => &mut self.missed,
        }
    }
}

impl Default for AlertPrefs {
    fn default() -> Self {
        let soon = AlertWays { desktop: true, sound: true, badge: true, push: true, email: false };
        let late = AlertWays { desktop: true, sound: false, badge: false, push: false, email: true };
        Self { offered: soon, message: soon, missed: late }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_is_its_own() {
        for kind in AlertKind::ALL {
            assert_eq!(AlertKind::from_name(kind.name()), Some(kind));
            for way in AlertWay::ALL {
                let mut prefs = AlertPrefs::default();
                let before = prefs.of(kind).get(way);
                prefs.of_mut(kind).set(way, !before);
                let differ = AlertKind::ALL.into_iter().flat_map(|kind| AlertWay::ALL.map(|way| (kind, way)));
                let differ: Vec<_> = differ
                    .filter(|(kind, way)| prefs.of(*kind).get(*way) != AlertPrefs::default().of(*kind).get(*way))
                    .collect();
                assert_eq!(differ, [(kind, way)]);
            }
        }
    }
}
