//! What outlives a reload: in the frame's own storage; where the browser refuses that, in the host page's; where that
//! fails too, in memory only.

use web_sys::Storage;

use super::{js, text::id_text};

pub struct Keeper {
    /// In front of every name in the frame's storage.
    prefix: String,
    own: Option<Storage>,
    /// Everything, while the frame has no storage.
    memory: Vec<(String, String)>,
    /// Which of the tabs this is; the same after a reload.
    pub tab: String,
}

impl Keeper {
    pub fn new(key: &str) -> Self {
        let mut prefix = String::from("deskbell.");
        prefix.push_str(key);
        prefix.push('.');
        let own = js::window().local_storage().ok().flatten().filter(works);
        let session = js::window().session_storage().ok().flatten();
        let known = session.as_ref().and_then(|session| session.get_item("deskbell.tab").ok().flatten());
        let tab = known.unwrap_or_else(|| {
            let made = id_text(js::client_id());
            if let Some(session) = session {
                let _ = session.set_item("deskbell.tab", &made);
            }
            made
        });
        Self { prefix, own, memory: Vec::new(), tab }
    }

    /// Whether the frame has storage of its own.
    pub const fn has_own(&self) -> bool {
        self.own.is_some()
    }

    pub fn get(&self, name: &str) -> Option<String> {
        match &self.own {
            Some(storage) => storage.get_item(&self.full(name)).ok().flatten(),
            None => self.memory.iter().find(|(held, _)| held == name).map(|(_, value)| value.clone()),
        }
    }

    /// `None` removes. Whether the host page has to keep it.
    pub fn put(&mut self, name: &str, value: Option<&str>) -> bool {
        if let Some(storage) = &self.own {
            let name = self.full(name);
            let _ = match value {
                Some(value) => storage.set_item(&name, value),
                None => storage.remove_item(&name),
            };
            return false;
        }
        self.memory.retain(|(held, _)| held != name);
        if let Some(value) = value {
            self.memory.push((name.into(), value.into()));
        }
        true
    }

    /// All names that begin so.
    pub fn names(&self, begin: &str) -> Vec<String> {
        let Some(storage) = &self.own else {
            return self
                .memory
                .iter()
                .filter(|(name, _)| name.starts_with(begin))
                .map(|(name, _)| name.clone())
                .collect();
        };
        let length = storage.length().unwrap_or(0);
        let all = (0..length).filter_map(|n| storage.key(n).ok().flatten());
        all.filter_map(|name| self.short(&name).filter(|name| name.starts_with(begin)).map(String::from)).collect()
    }

    /// Our name of a storage key, if it is ours.
    pub fn short<'a>(&self, full: &'a str) -> Option<&'a str> {
        full.strip_prefix(self.prefix.as_str())
    }

    fn full(&self, name: &str) -> String {
        let mut full = self.prefix.clone();
        full.push_str(name);
        full
    }
}

/// Some browsers hand out a storage that refuses everything.
fn works(storage: &Storage) -> bool {
    storage.set_item("deskbell.try", "1").is_ok() && storage.remove_item("deskbell.try").is_ok()
}
