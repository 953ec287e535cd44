//! Failures that are expected: a sentence that says what is wrong, one that says what to do, and an exit code. They are
//! no bugs, so they come without a backtrace.

use std::{fmt, process::ExitCode};

pub type Result<T> = std::result::Result<T, Failure>;

/// How the process ends. Stable, so that scripts and service managers can tell these apart; 2 is the command line's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Other = 1,
    Config = 3,
    Folder = 4,
    Database = 5,
    NewerDatabase = 6,
    Locked = 7,
    PortTaken = 8,
}

/// The same list for people; stands below `deskbell --help`.
pub const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 something else failed, 2 wrong command line, 3 wrong configuration, 4 folder or file cannot be \
used, 5 database cannot be used, 6 database is newer than this program, 7 database or data folder is in use, 8 address \
is taken";

#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    message: String,
    advice: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { exit, message: message.into(), advice: advice.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.advice.is_empty() {
            write!(f, "\n{}", self.advice)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for ExitCode {
    fn from(failure: Failure) -> Self {
        Self::from(failure.exit as u8)
    }
}
