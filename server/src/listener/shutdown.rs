//! Stopping in order: no new connections, requests finish, sockets say goodbye, all within a bound.

use std::{io, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What the parts of a running server share. Clones are the same server.
///
/// A socket's task watches `shutdown` and closes with "going away"; it holds `tasks.token()` for as long as it runs
/// (or is spawned with `tasks.spawn`), because an upgraded connection is no longer its listener's.
#[derive(Debug, Clone, Default)]
pub struct Server {
    pub shutdown: CancellationToken,
    pub tasks: TaskTracker,
}

impl Server {
    /// Stops everything and waits for it. Returns how many tasks did not end in time.
    pub async fn drain(&self, within: Duration) -> usize {
        self.shutdown.cancel();
        self.tasks.close();
        let _ = tokio::time::timeout(within, self.tasks.wait()).await;
        self.tasks.len()
    }
}

/// SIGTERM and SIGINT. Made before anything slow, so that a signal in the first moment is not lost.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
