//! Whether this node can do its work.

use std::time::Duration;

use crate::Services;

/// Whoever asks (a load balancer, a service manager) asks again every few seconds and wants an answer by then.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Sick {
    #[error("the database refuses")]
    Refused,
    #[error("the database does not answer within {} s", PATIENCE.as_secs())]
    Silent,
}

impl Services {
    /// Whether the database answers, and in time.
    pub async fn healthy(&self) -> Result<(), Sick> {
        match tokio::time::timeout(PATIENCE, self.inner().store.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "not healthy");
                Err(Sick::Refused)
            }
            Err(_) => Err(Sick::Silent),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use store::Options;
    use testkit::{NOW, both_dbs};

    use super::*;
    use crate::{Begin, Clock, Limits};

    both_dbs! {
        async fn a_database_that_does_not_answer_is_told_in_time(db: TestDb) {
            let begin = Begin {
                location: db.location.clone(),
                store: Options { readers: 2, ..Options::default() },
                limits: Limits::default(),
                files: crate::FilesConfig::in_folder(&db.folder),
                clock: Clock::steered(NOW),
            };
            let services = Services::start(begin).await.expect("services start");
            assert_eq!(services.healthy().await, Ok(()));
            // Whoever asks now waits, as for a database that hangs.
            let held = (services.inner().store.read().await, services.inner().store.read().await);
            let began = Instant::now();
            assert_eq!(services.healthy().await, Err(Sick::Silent));
            assert!(began.elapsed() < PATIENCE * 3, "{:?}", began.elapsed());
            drop(held);
            assert_eq!(services.healthy().await, Ok(()));
            services.stop().await;
            assert_eq!(services.healthy().await, Err(Sick::Refused));
        }
    }
}
