//! Which tabs are on a screen, as they say themselves.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::AgentId;

/// One tab. Until it says otherwise it is taken to be looked at: a page that has just been opened is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    agent: AgentId,
    visible: bool,
    focused: bool,
}

/// By the number of the tab's line.
#[derive(Default)]
pub struct Looks(Mutex<HashMap<u64, Look>>);

impl Looks {
    pub fn opened(&self, line: u64, agent: AgentId) {
        self.says(line, agent, true, true);
    }

    pub fn says(&self, line: u64, agent: AgentId, visible: bool, focused: bool) {
        self.lock().insert(line, Look { agent, visible, focused: visible && focused });
    }

    pub fn closed(&self, line: u64) {
        self.lock().remove(&line);
    }

    /// Whether some tab of the agent is on the screen, and whether one has the keyboard.
    pub fn of(&self, agent: AgentId) -> (bool, bool) {
        let looks = self.lock();
        let own = || looks.values().filter(|look| look.agent == agent);
        (own().any(|look| look.visible), own().any(|look| look.focused))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_visible_tab_is_enough() {
        let looks = Looks::default();
        let (ada, bo) = (AgentId::from_uuid(Uuid::from_u128(1)), AgentId::from_uuid(Uuid::from_u128(2)));
        assert_eq!(looks.of(ada), (false, false));
        looks.opened(1, ada);
        looks.opened(2, ada);
        assert_eq!((looks.of(ada), looks.of(bo)), ((true, true), (false, false)));
        looks.says(1, ada, false, true);
        assert_eq!(looks.of(ada), (true, true), "the other one");
        looks.says(2, ada, true, false);
        assert_eq!(looks.of(ada), (true, false));
        looks.closed(2);
        assert_eq!(looks.of(ada), (false, false), "a hidden tab has no keyboard");
    }
}
