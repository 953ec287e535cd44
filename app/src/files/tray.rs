//! Files that are about to be sent: pure, so that it can be tested.

use domain::{AttachmentId, ClientId, FileFault, MAX_FILE_BYTES, Media};
use wire::{Conflict, Error};

/// Files chosen at once.
pub const MOST: usize = 10;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// The browser keeps the file itself under this number.
    pub key: u32,
    pub name: String,
    pub bytes: u64,
    /// As far as its first bytes tell.
    pub media: Option<Media>,
    /// A picture of it, as an address within this page.
    pub picture: Option<String>,
    pub stage: Stage,
    /// Once it is announced.
    pub upload: Option<AttachmentId>,
    /// Once it is to become a message.
    pub client_id: Option<ClientId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Looked at before it is sent.
    Chosen,
    /// So many bytes are there.
    Sending(u64),
    /// Whole; the server looks at it.
    Checking,
    /// The file cannot be sent.
    Refused(FileFault),
    /// It did not get through, and can be tried again.
    Stopped(Error),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tray {
    next: u32,
    picked: Vec<Picked>,
}

impl Tray {
    pub fn picked(&self) -> &[Picked] {
        &self.picked
    }

    pub fn get(&self, key: u32) -> Option<&Picked> {
        self.picked.iter().find(|picked| picked.key == key)
    }

    /// Adds a file whose first bytes are these; `None` when there are enough.
    pub fn add(&mut self, name: String, bytes: u64, head: &[u8]) -> Option<u32> {
        if self.picked.len() >= MOST {
            return None;
        }
        self.next += 1;
        let sniffed = match bytes {
            0 => Err(FileFault::Empty),
            bytes if bytes > MAX_FILE_BYTES => Err(FileFault::TooLarge { most: MAX_FILE_BYTES }),
            _ => media::sniff(head),
        };
        self.picked.push(Picked {
            key: self.next,
            name,
            bytes,
            media: sniffed.ok(),
            picture: None,
            stage: sniffed.err().map_or(Stage::Chosen, Stage::Refused),
            upload: None,
            client_id: None,
        });
        Some(self.next)
    }

    pub fn remove(&mut self, key: u32) -> Option<Picked> {
        let place = self.picked.iter().position(|picked| picked.key == key)?;
        Some(self.picked.remove(place))
    }

    pub fn change(&mut self, key: u32, change: impl FnOnce(&mut Picked)) {
        if let Some(picked) = self.picked.iter_mut().find(|picked| picked.key == key) {
            change(picked);
        }
    }

    /// Those that Send would send.
    pub fn chosen(&self) -> Vec<u32> {
        self.picked.iter().filter(|picked| picked.stage == Stage::Chosen).map(|picked| picked.key).collect()
    }

    /// What stays when everything that is not on its way is put back.
    pub fn settled(&self) -> Vec<u32> {
        let going = |stage: &Stage| matches!(stage, Stage::Sending(_) | Stage::Checking);
        self.picked.iter().filter(|picked| !going(&picked.stage)).map(|picked| picked.key).collect()
    }

    /// It was not sent.
    pub fn failed(&mut self, key: u32, error: Error) {
        self.change(key, |picked| {
            picked.stage = match error {
                Error::File(fault) => Stage::Refused(fault),
                error => Stage::Stopped(error),
            };
        });
    }
}

/// Whether the next attempt may get through without anybody doing anything, and from where: `None` when not.
pub fn goes_on(error: &Error, at: u64) -> Option<u64> {
    match error {
        Error::Conflict(Conflict::Offset { at }) => Some(*at),
        Error::Transport | Error::Unavailable => Some(at),
        _ => None,
    }
}

/// How far it is, of a hundred.
pub fn percent(sent: u64, bytes: u64) -> u64 {
    sent.saturating_mul(100).checked_div(bytes).unwrap_or(100).min(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_judged_when_they_are_chosen() {
        let mut tray = Tray::default();
        let stage = |tray: &Tray, key: Option<u32>| key.and_then(|key| Some(tray.get(key)?.stage.clone()));
        let good = tray.add("a.png".into(), 100, b"\x89PNG\r\n\x1A\n");
        assert_eq!(stage(&tray, good), Some(Stage::Chosen));
        let empty = tray.add("b".into(), 0, b"");
        assert_eq!(stage(&tray, empty), Some(Stage::Refused(FileFault::Empty)));
        let lying = tray.add("c.png".into(), 100, b"<svg xmlns='x'/>");
        assert_eq!(stage(&tray, lying), Some(Stage::Refused(FileFault::Svg)));
        let large = tray.add("d.png".into(), MAX_FILE_BYTES + 1, b"\x89PNG\r\n\x1A\n");
        assert_eq!(stage(&tray, large), Some(Stage::Refused(FileFault::TooLarge { most: MAX_FILE_BYTES })));
        assert_eq!(tray.chosen(), [good.expect("added")]);
        tray.change(1, |picked| picked.stage = Stage::Sending(50));
        assert_eq!(tray.settled(), [2, 3, 4], "what is on its way stays");
        for n in 0..20 {
            tray.add(n.to_string(), 1, b"x");
        }
        assert_eq!(tray.picked().len(), MOST);
    }

    #[test]
    fn a_broken_line_goes_on_where_the_server_is() {
        assert_eq!(goes_on(&Error::Transport, 7), Some(7));
        assert_eq!(goes_on(&Error::Conflict(Conflict::Offset { at: 5 }), 7), Some(5));
        assert_eq!(goes_on(&Error::Conflict(Conflict::Ended), 7), None);
        assert_eq!(goes_on(&Error::File(FileFault::Damaged), 7), None);
        assert_eq!((percent(0, 0), percent(1, 3), percent(9, 3)), (100, 33, 100));
    }
}
