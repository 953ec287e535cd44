//! Whether anybody is there for the visitors of a site (PRODUCT V12).

use domain::{Availability, Timestamp};

use crate::{Services, SiteEntry};

/// Nobody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// When the site's queue opens next; `None` when that is not known: within its hours somebody may come at any time.
    pub back: Option<Timestamp>,
}

impl Services {
    /// `None` while somebody is there: the site's queue is within its working hours, and somebody who serves it is online.
    pub fn closed(&self, site: &SiteEntry) -> Option<Closed> {
        let directory = self.directory();
        let now = self.now();
        let hours = directory.queues.get(&site.queue).and_then(|queue| queue.settings.hours.as_ref());
        if let Some(hours) = hours.filter(|hours| !hours.open_at(now)) {
            return Some(Closed { back: hours.next_opening(now) });
        }
        let presence = &self.inner().presence;
        let there = directory.members.values().any(|member| {
            member.serves(site.queue) && member.availability == Availability::Online && presence.here(member.id)
        });
        (!there).then_some(Closed { back: None })
    }
}
