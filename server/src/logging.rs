//! The log: to stderr, because stdout belongs to what scripts read.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Once per process; a second call changes nothing.
pub fn start(log: &Log) {
    // The configuration has checked the directives.
    let filter = EnvFilter::builder().parse_lossy(&log.level);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let _ = if log.json {
        builder.json().try_init()
    } else {
        builder.with_ansi(stderr().is_terminal()).with_target(false).try_init()
    };
}
