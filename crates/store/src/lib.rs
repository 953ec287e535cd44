//! What Deskbell keeps: tables, repositories and the writer of chats, on SQLite and PostgreSQL alike.
//!
//! Never here: who may do what, HTTP, broadcasting, clocks (a moment is always a parameter). Rows never leave as sqlx
//! rows but as domain types and plain structs.
//!
//! Three doors:
//! - [`Store::read`] gives a [`Conn`] with every question;
//! - [`Store::begin`] gives a [`Tx`]: every question and every change except those of chats;
//! - [`Store::act`], [`Store::start_chat`] and [`Store::mark`] are commands to the writer, which commits all that wait
//!   in one transaction and answers each afterwards (see [`writer`]).
//!
//! One SQL text serves both engines where it can; every difference stands in `dialect.rs`.
//!
//! To add a table: a pair of migrations of the same number and name under `migrations/` (the schema test compares
//! them), its file here with the questions on [`Conn`] and the changes on [`Tx`], and a test through `both_dbs!`.

#[macro_use]
mod sql;
#[macro_use]
mod dialect;

mod agents;
mod alerts;
mod attachments;
mod audit;
mod backup;
mod blocks;
mod checkpoint;
mod classifications;
mod conn;
mod drafts;
mod error;
mod events;
mod guard_rules;
mod identities;
mod known;
mod letters;
mod location;
mod macros;
mod many;
mod marks;
mod migrate;
mod open;
mod privacy;
mod queues;
mod ratings;
mod rows;
mod session_row;
mod sessions;
mod settings;
mod sign_ins;
mod sites;
mod sqlite;
mod store;
mod tx;
mod visitors;
mod visits;
pub mod writer;

pub use agents::{Agent, Credentials, NewAgent};
pub use alerts::{DueAlert, NewAlert, PushSubscription};
pub use attachments::{Checked, NewUpload, Upload};
pub use audit::AuditEntry;
pub use backup::{BackupError, restore_sqlite};
pub use blocks::Block;
pub use conn::Conn;
pub use error::{OpenError, StoreError};
pub use events::FirstAnswer;
pub use identities::IdentitySecret;
pub use letters::{DueLetter, NewLetter};
pub use location::{Location, LocationError};
pub use macros::Macro;
pub use marks::{Marks, Side};
pub use privacy::PrivacyCode;
pub use queues::{NewQueue, Queue};
pub use ratings::{AnonymousRating, Average, GivenRating};
pub use session_row::{ResolvedRow, SessionRow};
pub use sessions::ResolvedFilter;
pub use sign_ins::{NewSignIn, SignIn};
pub use sites::{NewSite, Site};
pub use store::{Options, Store};
pub use tx::Tx;
pub use visitors::Visitor;
pub use visits::Visit;
pub use writer::{Ack, Act, ActError, Before, Change, Committed, NewChat, NewVisitor, StartDone};
