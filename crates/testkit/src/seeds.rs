//! Fixed moments and ids.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{AgentId, ClientId, QueueId, RatingId, SessionId, SignInId, SiteId, Span, Timestamp, VisitorId};
use uuid::Uuid;

/// 2026-03-04 05:06:07 UTC, the moment at which tests begin.
pub const NOW: Timestamp = Timestamp::from_millis(1_772_600_767_000);

/// So many seconds after [`NOW`].
pub fn at(seconds: i64) -> Timestamp {
    NOW + Span::seconds(seconds)
}

/// The hash of token number `n`.
pub fn token(n: u8) -> [u8; 32] {
    [n; 32]
}

/// Ids in rising order, the same ones in every run. Different seeds give different ids.
pub struct Ids {
    seed: u64,
    next: AtomicU64,
}

impl Ids {
    pub const fn seeded(seed: u64) -> Self {
        Self { seed, next: AtomicU64::new(1) }
    }

    pub fn uuid(&self) -> Uuid {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u64_pair(self.seed, 0x8000_0000_0000_0000 + n)
    }

    pub fn agent(&self) -> AgentId {
        AgentId::from_uuid(self.uuid())
    }

    pub fn client(&self) -> ClientId {
        ClientId::from_uuid(self.uuid())
    }

    pub fn queue(&self) -> QueueId {
        QueueId::from_uuid(self.uuid())
    }

    pub fn rating(&self) -> RatingId {
        RatingId::from_uuid(self.uuid())
    }

    pub fn session(&self) -> SessionId {
        SessionId::from_uuid(self.uuid())
    }

    pub fn sign_in(&self) -> SignInId {
        SignInId::from_uuid(self.uuid())
    }

    pub fn site(&self) -> SiteId {
        SiteId::from_uuid(self.uuid())
    }

    pub fn visitor(&self) -> VisitorId {
        VisitorId::from_uuid(self.uuid())
    }
}
