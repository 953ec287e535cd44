//! Formatting, clippy, and what no compiler sees. Each check counts as one test.

use std::process::Command;

use super::{
    super::{
        Mode, browsers, build, proc, server,
        step::{Failure, Result, step},
    },
    Tally,
    rust::NATIVE,
};
use crate::cache;

pub fn format() -> Tally {
    let mut cargo = proc::cargo();
    cargo.args(["fmt", "--all", "--check"]);
    count(step("Formatting", || proc::run(&mut cargo, "`cargo fmt --all` puts it right.")))
}

/// What a merge has left half done breaks the build in code, and nothing in a document.
pub fn merged() -> Tally {
    let mut git = Command::new("git");
    git.args(["grep", "-nE", "^(<{7}|>{7}) "]).current_dir(cache::checkout());
    count(step("Nothing half merged", || {
        // It fails where nothing is found, or where this is no repository.
        match proc::output(&mut git, "") {
            Ok(found) => Err(Failure::new(format!("marks of a conflict:\n{found}"), "Choose what is meant to stay.")),
            Err(_) => Ok(()),
        }
    }))
}

/// In groups: the halves for server and browser of one crate exclude each other.
pub fn clippy() -> Result<Tally> {
    let _lock = build::lock()?;
    let groups: [(&str, Vec<&str>); 6] = [
        ("Clippy: server side", NATIVE.iter().flat_map(|package| ["--package", package]).collect()),
        ("Clippy: dashboard in the browser", vec!["--package", "app", "--features", "hydrate"]),
        ("Clippy: widget in the browser", vec!["--package", "widget", "--features", "client"]),
        ("Clippy: load generator", vec!["--package", "bench"]),
        ("Clippy: starter of the build tools", vec!["--package", "xtask"]),
        ("Clippy: build tools", vec!["--package", "xtask", "--features", "tools"]),
    ];
    let mut tally = Tally::default();
    for (title, selection) in groups {
        let mut cargo = server::cargo(Mode::Dev);
        cargo.args(["clippy", "--quiet", "--all-targets"]).args(selection).args(["--", "-D", "warnings"]);
        tally.add(Ok(count(step(title, || proc::run(&mut cargo, "Clippy's words are above.")))));
    }
    Ok(tally)
}

/// The stories' own types, which Playwright strips without looking at them.
pub fn typescript() -> Result<Tally> {
    let end2end = cache::checkout().join("end2end");
    browsers::packages(&end2end)?;
    let mut tsc = Command::new("npx");
    tsc.args(["tsc", "--noEmit"]).current_dir(end2end);
    Ok(count(step("Types of the stories", || proc::run(&mut tsc, "The compiler's words are above."))))
}

fn count(result: Result<()>) -> Tally {
    match result {
        Ok(()) => Tally { passed: 1, failed: 0 },
        Err(failure) => {
            eprintln!("\n{failure}\n");
            Tally { passed: 0, failed: 1 }
        }
    }
}
