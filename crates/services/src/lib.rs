//! Use cases: who may ask, what is done, who hears of it. A request comes from `app` or `server`, is authorised by the
//! type it is called on, becomes a command to `store`, and its consequence is published from here after the commit.
//!
//! Never here: HTTP, cookies, sockets, SQL, components.
//!
//! Authorisation is by type: [`Services::staff`] turns a sign-in into a [`Staff`], which hands out a [`Desk`] only to
//! agents, a [`Supervision`] only to supervisors and admins and an [`Administration`] only to admins;
//! [`Services::visitor`] turns a token into a [`VisitorAccess`]. A handler that holds the wrong one cannot name the operation.
//!
//! To add a use case: a method on the narrowest of these types; if it changes who may do what, call
//! `Services::reload_directory` afterwards.

mod absences;
mod administration;
mod alerts;
mod blocking;
mod browser;
mod catch_up;
mod classifying;
mod clean_up;
mod clock;
mod closed;
mod customer;
pub mod demo;
mod desk;
mod desk_files;
mod directory;
mod dispatcher;
mod faces;
mod faults;
mod files;
mod frames;
mod guarding;
mod handover;
mod heads;
mod health;
mod identity;
mod letters;
mod limits;
mod macros;
mod metrics;
mod passwords;
mod places;
mod presence;
mod privacy;
mod publisher;
mod queue_settings;
mod random;
mod region;
#[cfg(debug_assertions)]
mod seeded;
mod services;
mod setup;
mod sign_ins;
mod site_settings;
mod staff;
mod supervision;
mod transcript;
mod views;
mod visitor_access;
mod visitor_files;
mod visitor_start;
mod watch;

pub use administration::Administration;
pub use alerts::Outgoing;
pub use catch_up::CatchUp;
pub use clock::Clock;
pub use closed::Closed;
pub use desk::Desk;
pub use directory::{Member, SiteEntry};
pub use files::{Contents, FilesConfig, FilesError, Kept, Range, S3, Scanner, Variant};
pub use health::Sick;
pub use letters::{OpenLetter, Words, Write, Written};
pub use limits::{Limits, Rates};
pub use macros::Shelf;
pub use passwords::{LONGEST as LONGEST_PASSWORD, SHORTEST as SHORTEST_PASSWORD};
pub use privacy::PrivacyDone;
pub use services::{Begin, Services, StartError};
pub use setup::NewPerson;
pub use staff::Staff;
pub use supervision::Supervision;
pub use transcript::{TranscriptFile, TranscriptFormat};
pub use visitor_access::{Conversation, VisitorAccess};
pub use visitor_start::Caller;
pub use watch::{AgentLine, Rights};
