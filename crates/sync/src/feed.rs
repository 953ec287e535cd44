//! Where a client stands in a session's gapless sequence: `vseq` for visitors, `seq` for staff.

use domain::SessionId;

/// The position in one session. Holds numbers only; what the events say belongs to the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    session: Option<SessionId>,
    epoch: String,
    /// Lowest number held; 0 when nothing is.
    oldest: u32,
    /// Everything from `oldest` to here is held.
    newest: u32,
    /// More pages of the running resume are on their way.
    paging: bool,
    /// There are earlier ones than `oldest`.
    earlier: bool,
}

/// How the answer to hello or watch relates to what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// It goes on from there.
    Continue,
    /// What was held is void: empty the screen first.
    Fresh,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The next one: show it.
    Next,
    /// Held already: ignore it.
    Seen,
    /// Something in between was missed: ignore it and resume (say hello or watch again).
    Gap,
}

impl Feed {
    /// The session it follows.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// The epoch of the held numbers, for hello and watch.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// The newest number held, for hello and watch; 0 for none.
    pub const fn after(&self) -> u32 {
        self.newest
    }

    /// The lowest number held, for asking what came before; 0 for none.
    pub const fn oldest(&self) -> u32 {
        self.oldest
    }

    /// Whether there are earlier events than those held.
    pub const fn has_earlier(&self) -> bool {
        self.earlier
    }

    /// The answer to hello or watch. `first` is the number of the first event in it, `more` whether further pages
    /// follow. `fresh` is what the server says of it, where it says so. Offer the events afterwards.
    ///
    /// Another session, another epoch, nothing held, or a page that does not join on: all of them mean a fresh start,
    /// so that no answer whatever can leave a client stuck.
    pub fn begin(&mut self, session: SessionId, epoch: &str, first: Option<u32>, more: bool, fresh: bool) -> Begin {
        let joins = first.is_none_or(|first| first <= self.newest + 1);
        let same = self.session == Some(session) && self.epoch == epoch && self.newest > 0;
        if same && joins && !fresh {
            self.paging = more;
            return Begin::Continue;
        }
        self.session = Some(session);
        epoch.clone_into(&mut self.epoch);
        self.newest = first.map_or(0, |first| first.saturating_sub(1));
        self.oldest = self.newest + 1;
        // The newest page has earlier ones before it; nothing follows it.
        self.paging = false;
        self.earlier = self.newest > 0;
        Begin::Fresh
    }

    /// The next page of a resume has come; offer its events afterwards.
    pub fn page(&mut self, more: bool) {
        self.paging = more;
    }

    /// An event has come, in a page or by itself.
    pub fn offer(&mut self, number: u32) -> Offer {
        if number <= self.newest {
            Offer::Seen
        } else if number == self.newest + 1 {
            self.newest = number;
            Offer::Next
        } else {
            Offer::Gap
        }
    }

    /// A heartbeat says which number is the newest: `true` when that one never came although nothing is on its way.
    pub const fn beat(&self, newest: u32) -> bool {
        newest > self.newest && !self.paging
    }

    /// A page of earlier events, from `first` to `last`: whether it joins on and is to be shown above. `more` says
    /// whether there are still earlier ones.
    pub fn prepend(&mut self, first: u32, last: u32, more: bool) -> bool {
        let joins = first <= last && last + 1 == self.oldest;
        if joins {
            self.oldest = first;
            self.earlier = more && first > 1;
        }
        joins
    }

    /// There is nothing before what is held, whatever was thought.
    pub fn no_earlier(&mut self) {
        self.earlier = false;
    }

    /// Forget everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(n: u8) -> SessionId {
        let mut text = *b"00000000-0000-7000-8000-000000000000";
        text[35] = b'0' + n;
        std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()).expect("a UUID")
    }

    #[test]
    fn a_position_is_void_in_another_session_or_epoch() {
        let mut feed = Feed::default();
        assert_eq!(feed.begin(session(1), "a", Some(41), false, false), Begin::Fresh);
        assert!(feed.has_earlier());
        assert_eq!(feed.offer(41), Offer::Next);
        assert_eq!(feed.begin(session(1), "a", Some(42), false, false), Begin::Continue);
        assert_eq!(feed.begin(session(1), "a", None, false, false), Begin::Continue);
        assert_eq!(feed.begin(session(1), "b", Some(1), false, false), Begin::Fresh);
        assert_eq!(feed.after(), 0);
        assert_eq!(feed.offer(1), Offer::Next);
        assert_eq!(feed.begin(session(2), "b", Some(2), false, false), Begin::Fresh);
        assert_eq!(feed.offer(2), Offer::Next);
        assert_eq!(feed.begin(session(2), "b", Some(9), false, false), Begin::Fresh, "a page that does not join on");
        assert_eq!(feed.offer(9), Offer::Next);
        assert_eq!(feed.begin(session(2), "b", Some(9), false, true), Begin::Fresh, "because the server says so");
    }

    #[test]
    fn a_heartbeat_shows_a_dead_feed_but_not_a_page_on_its_way() {
        let mut feed = Feed::default();
        feed.begin(session(1), "a", Some(1), false, false);
        feed.offer(1);
        assert!(!feed.beat(1));
        assert!(feed.beat(2));
        feed.begin(session(1), "a", Some(2), true, false);
        feed.offer(2);
        assert!(!feed.beat(200));
        feed.page(false);
        assert!(feed.beat(200));
    }

    #[test]
    fn earlier_pages_join_on_or_are_ignored() {
        let mut feed = Feed::default();
        feed.begin(session(1), "a", Some(101), false, false);
        feed.offer(101);
        assert!(!feed.prepend(40, 99, true));
        assert!(feed.prepend(51, 100, true));
        assert!(!feed.prepend(51, 100, true), "the same page twice");
        assert!(feed.has_earlier());
        assert!(feed.prepend(1, 50, false));
        assert!(!feed.has_earlier());
    }
}
