//! One at a time for each file. A sender whose line broke comes back before the server has noticed: the newer request
//! takes over from the older one, which would otherwise hold the file until it times out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::AttachmentId;
use tokio::sync::{Notify, OwnedMutexGuard};

#[derive(Default)]
pub struct Slots(Mutex<HashMap<AttachmentId, Arc<Slot>>>);

#[derive(Default)]
struct Slot {
    turn: Arc<tokio::sync::Mutex<()>>,
    give_way: Notify,
}

/// Held while something is done with the file.
pub struct Turn<'a> {
    slots: &'a Slots,
    id: AttachmentId,
    slot: Arc<Slot>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Slots {
    /// Asks whoever has it to make way, and waits for it.
    pub async fn take(&self, id: AttachmentId) -> Turn<'_> {
        let slot = Arc::clone(self.lock().entry(id).or_default());
        slot.give_way.notify_waiters();
        let guard = Arc::clone(&slot.turn).lock_owned().await;
        Turn { slots: self, id, slot, guard: Some(guard) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AttachmentId, Arc<Slot>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Resolves when somebody else wants it.
    pub async fn wanted(&self) {
        self.slot.give_way.notified().await;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut slots = self.slots.lock();
        self.guard = None;
        // The map's and this one: nobody waits.
        if Arc::strong_count(&self.slot) == 2 {
            slots.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn the_newer_takes_over_and_nothing_is_left_behind() {
        let slots = Arc::new(Slots::default());
        let id = AttachmentId::from_uuid(Uuid::from_u128(1));
        let older = slots.take(id).await;
        let newer = {
            let slots = Arc::clone(&slots);
            tokio::spawn(async move { drop(slots.take(id).await) })
        };
        older.wanted().await;
        drop(older);
        newer.await.expect("had its turn");
        assert!(slots.lock().is_empty());
    }
}
