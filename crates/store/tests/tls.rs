//! PostgreSQL over TLS, as far as a server without it can show.

use store::{Location, OpenError, Options, Store};
use testkit::{Engine, block_on};
use tokio::sync::mpsc;

#[test]
fn a_server_without_tls_is_refused_when_tls_is_asked_for() {
    block_on(Engine::Postgres, async |db| {
        let Location::Postgres(url) = &db.location else { panic!("no server but {:?}", db.location) };
        for (mode, opens) in [("disable", true), ("prefer", true), ("require", false), ("verify-full", false)] {
            let (changes, _) = mpsc::unbounded_channel();
            let asked = Location::Postgres(format!("{url}{}sslmode={mode}", if url.contains('?') { '&' } else { '?' }));
            match Store::open(&asked, Options::default(), changes).await {
                Ok(store) => {
                    store.close().await;
                    assert!(opens, "{mode}: nothing is sent in the clear by who asked for TLS");
                }
                Err(OpenError::Unreachable { cause }) => {
                    assert!(!opens && cause.contains("server does not support TLS"), "{mode}: {cause}");
                }
                Err(other) => panic!("{mode}: {other}"),
            }
        }
    });
}
