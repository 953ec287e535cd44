//! Progress with the time of each step, and failures that say what to do.

use std::{
    fmt::{self, Display},
    time::{Duration, Instant},
};

pub type Result<T> = std::result::Result<T, Failure>;

/// What went wrong, and what its reader can do about it.
#[derive(Debug)]
pub struct Failure {
    what: String,
    advice: String,
}

impl Failure {
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into() }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "✗ {}", self.what)?;
        for line in self.advice.lines() {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

/// Turns any error into a failure with advice.
pub trait OrFail<T> {
    fn or_fail(self, what: impl Display, advice: impl Into<String>) -> Result<T>;
}

impl<T, E: Display> OrFail<T> for std::result::Result<T, E> {
    fn or_fail(self, what: impl Display, advice: impl Into<String>) -> Result<T> {
        self.map_err(|cause| Failure::new(format!("{what}: {cause}"), advice))
    }
}

/// Runs one step of the work, naming it before and timing it after.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {name}");
    let started = Instant::now();
    let result = work();
    let took = seconds(started.elapsed());
    match &result {
        Ok(_) => eprintln!("  {took}"),
        Err(_) => eprintln!("  failed after {took}"),
    }
    result
}

pub fn note(text: impl Display) {
    eprintln!("  {text}");
}

pub fn seconds(time: Duration) -> String {
    let secs = time.as_secs();
    if secs >= 100 { format!("{} min {:02} s", secs / 60, secs % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}

/// Checks of files all fail for the same few reasons.
pub const DISK: &str = "Check that the disk has space left and that you may write there.";
