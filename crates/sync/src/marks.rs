//! Delivered and read marks: maxima that only ever rise.

use wire::visitor::Marks;

/// Raises `held` to what `heard` says; whether anything changed. Read implies delivered.
pub fn rise(held: &mut Marks, heard: Marks) -> bool {
    let before = *held;
    held.read = held.read.max(heard.read);
    held.delivered = held.delivered.max(heard.delivered).max(held.read);
    *held != before
}

/// One's own marks: what has been received and seen, and how much of that the server knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marker {
    own: Marks,
    told: Marks,
}

impl Marker {
    /// Received up to here.
    pub fn delivered(&mut self, number: u32) {
        rise(&mut self.own, Marks { delivered: number, read: 0 });
    }

    /// Seen up to here.
    pub fn read(&mut self, number: u32) {
        rise(&mut self.own, Marks { delivered: number, read: number });
    }

    /// The newest seen, for counting the unread.
    pub const fn seen(&self) -> u32 {
        self.own.read
    }

    /// What the server knows, said on each connection: marks lost on the way are told again.
    pub fn known(&mut self, known: Marks) {
        self.told = known;
        rise(&mut self.own, known);
    }

    /// What to tell the server now, if anything; counts as told.
    pub fn due(&mut self) -> Option<Marks> {
        if self.own == self.told {
            return None;
        }
        self.told = self.own;
        Some(self.own)
    }

    /// Another session: nothing received, nothing seen.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_only_rise_and_are_told_once() {
        let mut marker = Marker::default();
        assert_eq!(marker.due(), None);
        marker.delivered(4);
        marker.read(3);
        marker.read(2);
        assert_eq!(marker.due(), Some(Marks { delivered: 4, read: 3 }));
        assert_eq!(marker.due(), None);
        marker.known(Marks { delivered: 2, read: 0 });
        assert_eq!(marker.due(), Some(Marks { delivered: 4, read: 3 }), "told again after a lost line");
        marker.known(Marks { delivered: 9, read: 9 });
        assert_eq!((marker.seen(), marker.due()), (9, None), "read in another tab");
    }
}
