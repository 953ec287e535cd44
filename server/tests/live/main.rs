//! The real binary over HTTP and sockets, as visitors, agents and those who mean harm meet it.
//!
//! Every test starts a server of its own on free ports with a data folder of its own. Nothing sleeps in place of a
//! condition: a test waits for a frame, an answer or the end of a process, each within [`common::PATIENCE`].
//!
//! To add a test: a function in the file of its subject; what several of them need lies in `common`.

mod common;

mod attachments;
mod bad_frames;
mod bad_requests;
mod claim_race;
mod five_kills;
mod idempotency;
mod identity;
mod metrics;
mod process;
mod resume;
mod road;
mod storage_faults;
mod who_may_chats;
mod who_may_earlier;
mod who_may_letters;
mod who_may_origins;
mod who_may_queues;
mod who_may_set;
mod who_may_sign_in;
mod who_may_sites;
