//! Roles and availability of the people in the dashboard.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Agent,
    /// Of chosen queues.
    Supervisor,
    /// Every supervisor right on every queue; takes chats only with the agent role too.
    Admin,
}

/// The roles of one person; any combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roles {
    pub agent: bool,
    pub supervisor: bool,
    pub admin: bool,
}

/// What an agent says of themselves; seen by colleagues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    Online,
    Away,
    Offline,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Agent, Self::Supervisor, Self::Admin];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl Roles {
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut held = Self::default();
        for role in roles {
            match role {
                Role::Agent => held.agent = true,
                Role::Supervisor => held.supervisor = true,
                Role::Admin => held.admin = true,
            }
        }
        held
    }
}

impl Availability {
    pub const ALL: [Self; 3] = [Self::Online, Self::Away, Self::Offline];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Offline => "offline",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}
