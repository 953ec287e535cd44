//! Places in the queue and the expected wait, kept current for those who wait (PRODUCT V4).
//!
//! A change of a queue marks it; one task computes all its places at once, so that a thousand chats leaving a queue in
//! a second do not make a million frames.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{Channel, QueueId, SessionId, Span, Status, Timestamp};
use realtime::Frame;
use store::{Conn, SessionRow, StoreError};
use tokio::sync::Notify;
use wire::visitor::{Place, ServerFrame};

use crate::{Services, SiteEntry};

/// Least pause between two computations.
const PAUSE: Duration = Duration::from_millis(250);

/// Fewer measured waits than this say nothing.
const ENOUGH: usize = 3;

#[derive(Default)]
pub struct Places {
    marked: Mutex<HashSet<QueueId>>,
    woken: Notify,
}

impl Places {
    /// Someone came to the queue or left it.
    pub fn changed(&self, queue: QueueId) {
        self.marked.lock().unwrap_or_else(PoisonError::into_inner).insert(queue);
        self.woken.notify_one();
    }

    fn take(&self) -> HashSet<QueueId> {
        std::mem::take(&mut *self.marked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub async fn run(services: Services) {
    let mut told: HashMap<QueueId, HashMap<SessionId, Place>> = HashMap::new();
    loop {
        services.inner().places.woken.notified().await;
        for queue in services.inner().places.take() {
            let before = told.remove(&queue).unwrap_or_default();
            match tell_queue(&services, queue, &before).await {
                Ok(now) if now.is_empty() => {}
                Ok(now) => drop(told.insert(queue, now)),
                Err(cause) => tracing::warn!(%cause, "places in the queue not told"),
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Tells everyone in the queue whose place or wait has changed.
async fn tell_queue(
    services: &Services,
    queue: QueueId,
    before: &HashMap<SessionId, Place>,
) -> Result<HashMap<SessionId, Place>, StoreError> {
    let mut conn = services.inner().store.read().await?;
    let rows = conn.open_in_queues(&[queue]).await?;
    let wait = expected_wait(&mut conn, queue, services.now()).await?;
    drop(conn);
    let directory = services.directory();
    let mut now = HashMap::new();
    let waiting = rows.iter().filter(|row| {
        let session = &row.session;
        session.status == Status::WaitingForAgent && session.channel == Channel::Chat
    });
    for (row, position) in waiting.zip(1..) {
        let place = Place { position, wait };
        if before.get(&row.session.id) != Some(&place) {
            let state = Services::state(row, Some(place.clone()), None, &directory);
            services.inner().hub.tell_visitor(row.session.visitor, &Frame::of(&ServerFrame::State(state)));
        }
        now.insert(row.session.id, place);
    }
    Ok(now)
}

impl Services {
    /// Minutes after which a chat of this site was answered in the last hour (the median); unknown when too few were, or
    /// when the database does not answer.
    pub async fn reply_minutes(&self, site: &SiteEntry) -> Option<u32> {
        let mut conn = self.inner().store.read().await.ok()?;
        let seconds = expected_wait(&mut conn, site.queue, self.now()).await.ok()??;
        Some(seconds.div_ceil(60).max(1))
    }

    /// The place of one waiting session.
    pub(crate) async fn place_of(&self, conn: &mut Conn, row: &SessionRow) -> Result<Option<Place>, StoreError> {
        if row.session.status != Status::WaitingForAgent {
            return Ok(None);
        }
        let Some(position) = conn.queue_position(row.session.id).await? else { return Ok(None) };
        let wait = expected_wait(conn, row.session.queue, self.now()).await?;
        Ok(Some(Place { position, wait }))
    }
}

/// Seconds a chat of this queue had to wait in the last hour (the median); unknown when too few did.
async fn expected_wait(conn: &mut Conn, queue: QueueId, now: Timestamp) -> Result<Option<u32>, StoreError> {
    let hour_ago = Timestamp::from_micros(now.micros() - Span::seconds(3600).micros());
    let waits = conn.recent_waits(queue, hour_ago).await?;
    Ok(median_seconds(waits))
}

fn median_seconds(mut waits: Vec<Span>) -> Option<u32> {
    if waits.len() < ENOUGH {
        return None;
    }
    waits.sort_unstable();
    u32::try_from(waits[waits.len() / 2].whole_seconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_the_median_and_unknown_with_too_few() {
        let waits = |seconds: &[i64]| seconds.iter().map(|n| Span::seconds(*n)).collect::<Vec<_>>();
        assert_eq!(median_seconds(waits(&[10, 20])), None);
        assert_eq!(median_seconds(waits(&[600, 10, 20])), Some(20));
    }
}
