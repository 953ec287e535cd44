//! Deadlines are rows; this only looks at the next one. After a restart it finds those that passed meanwhile. Absent
//! visitors, whose end is no row, are looked for in the same round.

use std::time::Duration;

use domain::{Author, Move};
use store::{Act, ActError, StoreError};
use tokio::time::Instant;
use uuid::Uuid;

use crate::Services;

/// Longest sleep: a clock that was set forward is noticed within it.
const LONGEST: Duration = Duration::from_secs(20);

/// Chats ended in one go.
const BATCH: u32 = 500;

/// Between two looks for absent visitors: each reads all chats that wait, and deadlines wake this task far more often.
const LOOKS: Duration = Duration::from_secs(5);

pub async fn run(services: Services) {
    let mut look = Instant::now();
    loop {
        if look <= Instant::now() {
            look = Instant::now() + LOOKS;
            services.forget_heads();
            if let Err(cause) = services.run_absences().await {
                tracing::warn!(%cause, "absent visitors not looked for");
            }
        }
        let pause = match services.run_due().await {
            Ok(pause) => pause,
            Err(cause) => {
                tracing::warn!(%cause, "deadlines not looked at");
                Duration::from_secs(1)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = services.inner().deadlines.notified() => {}
        }
    }
}

impl Services {
    /// Does what has fallen due and says how long nothing more will.
    pub async fn run_due(&self) -> Result<Duration, StoreError> {
        let store = &self.inner().store;
        let now = self.now();
        let due = store.read().await?.due(now, BATCH).await?;
        for session in due {
            let act = Act {
                session,
                movement: Move::TimeOut,
                author: Author::System,
                author_id: Uuid::nil(),
                client_id: None,
                now,
            };
            match self.act(act).await {
                // Refused: something happened to it in the same moment, which is as well.
                Ok(_) | Err(ActError::Refused(_) | ActError::NotFound | ActError::AlreadyOpen(_)) => {}
                Err(ActError::Store(cause)) => return Err(cause),
            }
        }
        let next = store.read().await?.next_deadline().await?;
        let micros = next.map_or(i64::MAX, |next| (next - self.now()).micros());
        Ok(Duration::from_micros(u64::try_from(micros).unwrap_or(0)).min(LONGEST))
    }
}
