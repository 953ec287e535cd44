//! What tests of the native crates share: a fresh database of either engine, fixed moments, seeded ids, and builders for
//! the people and places that a chat needs.
//!
//! Never here: assertions about a particular crate, sleeping, the real clock.
//!
//! To add a builder: a function on [`World`] that fills in everything a test does not care about.

mod db;
mod mail_server;
mod push_service;
mod seeds;
mod world;

#[doc(hidden)]
pub use db::block_on;
pub use db::{Engine, TestDb};
pub use mail_server::{MailServer, Posted};
pub use push_service::{PushService, Pushed};
pub use seeds::{Ids, NOW, at, token};
pub use world::{World, act, answers};

/// `both_dbs! { async fn name(db: TestDb) { … } … }` makes of each function two tests, `name::sqlite` and
/// `name::postgres`, each with a fresh database. Bodies return nothing or a `Result`.
#[macro_export]
macro_rules! both_dbs {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $(-> $result:ty)? $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($db: &$crate::TestDb) $(-> $result)? $body

            $(#[$meta])*
            #[test]
            fn sqlite() $(-> $result)? {
                $crate::block_on($crate::Engine::Sqlite, async |db| body(db).await)
            }

            $(#[$meta])*
            #[test]
            fn postgres() $(-> $result)? {
                $crate::block_on($crate::Engine::Postgres, async |db| body(db).await)
            }
        }
    )*};
}
