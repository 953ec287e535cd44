//! What the tests of use cases begin with: services on a fresh database with the demo's people, on a clock that the test
//! steers.

use std::net::{IpAddr, Ipv4Addr};

use services::{Begin, Clock, FilesConfig, Limits, Services, Staff, demo, demo::Demo};
use testkit::{NOW, TestDb};

/// What they are begun with, where a test does not care.
pub fn begin(db: &TestDb, clock: &Clock) -> Begin {
    Begin {
        location: db.location.clone(),
        store: store::Options::default(),
        limits: Limits::default(),
        files: FilesConfig::in_folder(&db.folder),
        clock: clock.clone(),
    }
}

/// Services with the demo in them.
pub async fn open(db: &TestDb, change: impl FnOnce(&mut Begin)) -> (Services, Clock, Demo) {
    let clock = Clock::steered(NOW);
    let mut begin = begin(db, &clock);
    change(&mut begin);
    let services = Services::start(begin).await.expect("services start");
    let origins = ["http://localhost:1".to_owned()];
    let demo = demo::seed(&services, &db.folder, &origins).await.expect("the demo's data");
    (services, clock, demo)
}

/// One of the demo's people, by the beginning of their address.
pub async fn staff(services: &Services, demo: &Demo, email: &str) -> Staff {
    let account = demo.accounts.iter().find(|account| account.email.starts_with(email)).expect("an account");
    let password = account.password.as_deref().expect("its password");
    let token = services.sign_in(&account.email, password, home()).await.expect("signs in");
    services.staff(&token).await.expect("is signed in")
}

/// Where everybody asks from.
pub const fn home() -> IpAddr {
    IpAddr::V4(Ipv4Addr::LOCALHOST)
}
