//! A typed client of everything the server offers.

mod agent;
mod books;
mod server;
mod socket;
mod visitor;

use std::time::Duration;

use domain::ClientId;
use testkit::Ids;

pub use self::{
    agent::{Agent, AgentSocket, COOKIE},
    books::Books,
    server::{Server, Setup, quiet_port},
    socket::{Heard, Socket},
    visitor::{Failure, Visitor, VisitorSocket, send, texts},
};

/// How long anything may take before a test fails. Far above what is expected: the machine may be busy compiling.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Another one each time.
pub fn client_id() -> ClientId {
    static IDS: Ids = Ids::seeded(0x11FE);
    IDS.client()
}

/// `what` within [`PATIENCE`], or a failed test that says what it waited for.
pub async fn within<T>(waiting_for: &str, what: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, what).await;
    done.unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain for {waiting_for}"))
}
