//! What routing decides, counted for whoever watches over the server (PRODUCT E3, E8). docs/metrics.md says what each
//! figure means; names and meanings there are a promise.
//!
//! Counted after the commit, from the same events that stand in the chats: a figure and a system line never say different
//! things. Each node counts what it committed itself; who waits is asked of the database, so every node says the same.
//!
//! Labels are queues, of which admins make a handful, and reasons, of which there are as many as the code has. Nothing of
//! visitors or agents ever is one.

use domain::{Author, BackWhy, EventKind, OfferEnd, OfferWhy, Outcome, QueueId, Status, Timestamp};
use prometheus_client::{
    encoding::text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use store::Committed;
use wire::{Error, Result};

use crate::{Services, directory::Directory, faults};

/// Upper bounds of the time to an offer, in seconds: from what nobody notices to the longest ring.
const TO_OFFER: [f64; 12] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];

type Labels = Vec<(&'static str, String)>;
type Counters = Family<Labels, Counter>;

pub struct Metrics {
    registry: Registry,
    counters: [(&'static str, Counters); 11],
    to_offer: Family<Labels, Histogram>,
    waiting: Family<Labels, Gauge>,
    longest: Family<Labels, Gauge>,
}

/// One thing to count.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Count {
    what: &'static str,
    queue: QueueId,
    why: Option<&'static str>,
    times: usize,
}

const COUNTED: [(&str, &str); 11] = [
    ("offers", "Chats offered to an agent, once for each agent that they rang"),
    ("accepts", "Offers that the agent accepted"),
    ("declines", "Offers that the agent declined"),
    ("expiries", "Offers that the agent let ring to their end"),
    ("withdrawals", "Offers that ended without the agent's doing"),
    ("claims", "Waiting chats that an agent took by hand"),
    ("given", "Chats given to an agent without asking"),
    ("transfers", "Chats handed over, to an agent or to a queue"),
    ("returns", "Chats that went back to the queue because their agent was lost"),
    ("overflows", "Waiting chats that went on to another queue because nobody took them"),
    ("unanswered", "Chats that ended without having had an agent"),
];

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("deskbell_routing");
        let counters = COUNTED.map(|(name, help)| {
            let family = Counters::default();
            registry.register(name, help, family.clone());
            (name, family)
        });
        let to_offer = Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(TO_OFFER));
        let help = "From the beginning of the wait to the first offer";
        registry.register_with_unit("time_to_offer", help, Unit::Seconds, to_offer.clone());
        let (waiting, longest) = (Family::default(), Family::default());
        registry.register("waiting", "Chats that wait now", waiting.clone());
        let help = "How long the one that waits longest has waited";
        registry.register_with_unit("longest_wait", help, Unit::Seconds, longest.clone());
        Self { registry, counters, to_offer, waiting, longest }
    }
}

impl Metrics {
    pub(crate) fn committed(&self, committed: &Committed, directory: &Directory) {
        for Count { what, queue, why, times } in counts(committed) {
            let Some((_, family)) = self.counters.iter().find(|(name, _)| *name == what) else { continue };
            let mut labels = of_queue(directory, queue);
            labels.extend(why.map(|why| ("reason", why.to_owned())));
            family.get_or_create(&labels).inc_by(u64::try_from(times).unwrap_or(u64::MAX));
        }
        if let Some(seconds) = to_first_offer(committed) {
            let labels = of_queue(directory, committed.row.session.queue);
            self.to_offer.get_or_create(&labels).observe(seconds);
        }
    }
}

impl Services {
    /// All figures, as Prometheus reads them.
    pub async fn metrics(&self) -> Result<String> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let waiting = conn.waiting_by_queue().await.map_err(faults::stored)?;
        let (metrics, directory, now) = (&self.inner().metrics, self.directory(), self.now());
        for queue in directory.queues.keys() {
            let found = waiting.iter().find(|(id, ..)| id == queue);
            let (count, since) = found.map_or((0, now), |(_, count, since)| (*count, *since));
            let labels = of_queue(&directory, *queue);
            metrics.waiting.get_or_create(&labels).set(i64::from(count));
            metrics.longest.get_or_create(&labels).set((now - since).whole_seconds().max(0));
        }
        let mut written = String::new();
        text::encode(&mut written, &metrics.registry).map_err(|_| Error::Internal)?;
        Ok(written)
    }
}

fn of_queue(directory: &Directory, queue: QueueId) -> Labels {
    vec![("queue", directory.queue_name(queue))]
}

/// What a commit adds to the figures.
fn counts(committed: &Committed) -> Vec<Count> {
    let session = &committed.row.session;
    let was = committed.was.as_ref();
    let before = was.map_or(session.queue, |was| was.queue);
    let count = |what, queue, why, times| Count { what, queue, why, times };
    let mut counts = Vec::new();
    for event in &committed.events {
        if matches!(event.kind, EventKind::Offered { why: OfferWhy::Transfer, .. }) {
            counts.push(count("transfers", session.queue, Some("agent"), 1));
        }
        counts.push(match &event.kind {
            EventKind::Offered { to, why, .. } => count("offers", session.queue, Some(offer_why(*why)), to.len()),
            EventKind::OfferEnded { from, why, .. } => match withdrawn(*why) {
                Ok(what) => count(what, session.queue, None, from.len()),
                Err(why) => count("withdrawals", session.queue, Some(why), from.len()),
            },
            EventKind::Given { why, .. } => count("given", session.queue, Some(offer_why(*why)), 1),
            EventKind::GaveBack { why, .. } => count("returns", session.queue, Some(back_why(*why)), 1),
            EventKind::Requeued { .. } if event.author != Author::System => {
                count("transfers", before, Some("queue"), 1)
            }
            EventKind::Overflowed { from, .. } => count("overflows", *from, None, 1),
            EventKind::Ended { outcome: Outcome::Missed } => count("unanswered", before, Some("missed"), 1),
            EventKind::Ended { outcome: Outcome::Abandoned } => count("unanswered", before, Some("abandoned"), 1),
            EventKind::Joined | EventKind::Assigned { .. } => match was.zip(session.owner) {
                Some((was, owner)) if was.rung.contains(&owner) => count("accepts", before, None, 1),
                Some((was, _)) if was.status == Status::WaitingForAgent && event.kind == EventKind::Joined => {
                    count("claims", before, None, 1)
                }
                _ => continue,
            },
            _ => continue,
        });
    }
    // Whoever else it rang hears nothing of their own when somebody has taken it.
    let taken = was.filter(|was| was.owner != session.owner && session.routing.ring.is_none());
    if let (Some(was), Some(owner)) = (taken, session.owner) {
        let others = was.rung.iter().filter(|agent| **agent != owner).count();
        if others > 0 {
            counts.push(count("withdrawals", before, Some("taken"), others));
        }
    }
    counts
}

/// Seconds from the beginning of the wait to an offer, if it is the first: nobody was rung, has declined, or has let it
/// ring.
fn to_first_offer(committed: &Committed) -> Option<f64> {
    let session = &committed.row.session;
    let first = committed.was.as_ref().is_none_or(|was| was.rung.is_empty()) && session.routing.pauses.is_empty();
    let waits = session.status == Status::WaitingForAgent;
    let offered = |event: &&domain::Event| matches!(event.kind, EventKind::Offered { .. });
    let at = committed.events.iter().find(offered)?.at;
    (first && waits).then(|| seconds(session.waiting_since, at))
}

#[expect(clippy::cast_precision_loss, reason = "a wait of 285 years is told to the microsecond")]
fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    (to - from).micros().max(0) as f64 / 1e6
}

const fn offer_why(why: OfferWhy) -> &'static str {
    match why {
        OfferWhy::LongestIdle => "longest_idle",
        OfferWhy::LeastBusy { .. } => "least_busy",
        OfferWhy::Everyone => "everyone",
        OfferWhy::SameAgent => "same_agent",
        OfferWhy::Transfer => "transfer",
        OfferWhy::NobodyTook => "nobody_took",
    }
}

/// The figure of its own, or the reason for a withdrawal.
const fn withdrawn(why: OfferEnd) -> std::result::Result<&'static str, &'static str> {
    match why {
        OfferEnd::Declined => Ok("declines"),
        OfferEnd::NotAnswered { .. } => Ok("expiries"),
        OfferEnd::WentAway => Err("went_away"),
        OfferEnd::LeftQueue => Err("left_queue"),
        OfferEnd::Full => Err("full"),
        OfferEnd::InWrapUp => Err("in_wrap_up"),
        OfferEnd::Withdrawn => Err("withdrawn"),
    }
}

const fn back_why(why: BackWhy) -> &'static str {
    match why {
        BackWhy::OwnerLost => "owner_lost",
        BackWhy::OwnerDidNotReturn { .. } => "owner_did_not_return",
        BackWhy::OwnerLeft => "owner_left",
    }
}
