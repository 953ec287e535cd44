//! All tests, or a part of them. Every part runs, even when one before it failed; the sum stands in the last line.

mod lint;
mod rust;

use super::{
    Mode, browsers, build, postgres, site,
    step::{Failure, Result},
};
use crate::cache;

/// How many passed and failed; what could not be run at all counts as one failure.
#[derive(Default)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
}

impl Tally {
    fn add(&mut self, result: Result<Self>) {
        match result {
            Ok(more) => {
                self.passed += more.passed;
                self.failed += more.failed;
            }
            Err(failure) => {
                eprintln!("\n{failure}\n");
                self.failed += 1;
            }
        }
    }
}

pub fn test(args: &[String]) -> Result<()> {
    let (part, filter) = match args.split_first() {
        Some((part, filter)) if matches!(part.as_str(), "lint" | "rust" | "e2e") => (Some(part.as_str()), filter),
        _ => (None, args),
    };
    let wanted = |name: &str| match part {
        Some(part) => part == name,
        // A filter names tests, and a lint is none.
        None => filter.is_empty() || name != "lint",
    };
    let mut tally = Tally::default();
    if wanted("lint") {
        tally.add(Ok(lint::merged()));
        tally.add(Ok(lint::format()));
        tally.add(lint::typescript());
    }
    // Before everything that compiles the server: it embeds the site.
    let site = site();
    let with_site = site.is_ok();
    // An error, or nothing to count.
    tally.add(site.map(|()| Tally::default()));
    if wanted("lint") {
        tally.add(lint::clippy());
    }
    if wanted("rust") {
        tally.add(rust_tests(filter));
    }
    if wanted("e2e") && with_site {
        tally.add(stories(filter));
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed == 0 {
        return Ok(());
    }
    Err(Failure::new(
        "not everything passed",
        "What failed is named above; `cargo xtask test rust|e2e|lint NAME` runs it alone.",
    ))
}

fn site() -> Result<()> {
    let _lock = build::lock()?;
    let _site = site::lock(Mode::Dev)?;
    site::build(Mode::Dev).map(drop)
}

fn rust_tests(filter: &[String]) -> Result<Tally> {
    let postgres = postgres::start(postgres::Durability::None)?;
    Ok(rust::run(&postgres.url, filter))
}

fn stories(filter: &[String]) -> Result<Tally> {
    let end2end = cache::checkout().join("end2end");
    browsers::ensure(&end2end)?;
    let (binary, _) = build::everything(Mode::Dev)?;
    let outcome = super::step::step("Stories in the browser", || browsers::run(&end2end, &binary, filter))?;
    Ok(Tally { passed: outcome.passed, failed: outcome.failed })
}
