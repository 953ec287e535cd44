//! How far each side has received and read a chat. Marks are maxima: they only rise.

/// Which side of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Visitor,
    Staff,
}

/// In the visitor's numbers (`vseq`); `read` is never above `delivered`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    pub delivered: u32,
    pub read: u32,
}

impl Marks {
    /// Whether what is reported raises nothing, wherever the newest message is.
    pub const fn cover(self, delivered: u32, read: u32) -> bool {
        delivered <= self.delivered && read <= self.read
    }

    /// Raised to what was reported, but never above `newest`.
    #[must_use]
    pub fn raised(self, delivered: u32, read: u32, newest: u32) -> Self {
        let read = self.read.max(read.min(newest));
        Self { delivered: self.delivered.max(delivered.min(newest)).max(read), read }
    }
}
