//! Playwright with a Chromium.

use std::{fs, path::Path, process::Command};

use super::{
    derived, proc,
    step::{DISK, Failure, OrFail, Result, note, step},
    system,
};
use crate::cache;

/// `playwright.config.ts` takes this one when it is there.
const SYSTEM_CHROMIUM: &str = "/usr/bin/chromium";

/// Node packages, and a Chromium when there is none.
pub fn ensure(end2end: &Path) -> Result<()> {
    packages(end2end)?;
    if !Path::new(SYSTEM_CHROMIUM).exists() && !chromium_of_playwright(end2end) {
        system::install("for the browser tests", &["chromium"])?;
    }
    Ok(())
}

/// Installs the node packages of `end2end` when its lock file changed.
pub fn packages(end2end: &Path) -> Result<()> {
    if proc::find("npm").is_none() {
        system::install("for the browser tests", &["nodejs", "npm"])?;
    }
    let lock = fs::read(end2end.join("package-lock.json")).or_fail("end2end/package-lock.json cannot be read", DISK)?;
    let hash = derived::sha256(&lock);
    let stamp = end2end.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == hash) {
        return Ok(());
    }
    step("Installing Playwright", || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(end2end);
        proc::output(&mut npm, "npm needs network for this, once.")?;
        fs::write(&stamp, &hash).or_fail(format!("{} cannot be written", stamp.display()), DISK)
    })
}

/// Playwright keeps its browsers in a folder of the user; asking for one that is there costs a second.
fn chromium_of_playwright(end2end: &Path) -> bool {
    let installed = step("Asking Playwright for its Chromium", || {
        let mut npx = Command::new("npx");
        npx.args(["playwright", "install", "--only-shell", "chromium"]).current_dir(end2end);
        proc::output(&mut npx, "").map(drop)
    });
    if installed.is_err() {
        note("its download failed; taking the distribution's");
    }
    installed.is_ok()
}

/// Figures that only a browser can give (end2end/bench), as the crate `bench` takes them.
pub fn measure(end2end: &Path, binary: &Path) -> Result<Vec<serde_json::Value>> {
    let figures = cache::checkout().join("target/browser-figures.jsonl");
    let _ = fs::remove_file(&figures);
    proc::run(
        Command::new("npx")
            .args(["playwright", "test", "--config", "bench.config.ts"])
            .env("DESKBELL_BIN", binary)
            .env("DESKBELL_FIGURES", &figures)
            .current_dir(end2end),
        "The browser's words are above.",
    )?;
    let lines = fs::read_to_string(&figures).or_fail("the benchmarks in the browser left no figures", DISK)?;
    lines.lines().map(|line| serde_json::from_str(line).or_fail("a figure of the browser's is no JSON", DISK)).collect()
}

/// What the browser tests came to.
pub struct Outcome {
    pub passed: usize,
    pub failed: usize,
}

pub fn run(end2end: &Path, binary: &Path, filter: &[String]) -> Result<Outcome> {
    let results = cache::checkout().join("target/end2end");
    let report = results.with_extension("json");
    // One run at a time: each begins by emptying the folder.
    let _lock = fs::File::create(results.with_extension("lock"))
        .and_then(|file| file.lock().map(|()| file))
        .or_fail(format!("{} cannot be locked", results.display()), DISK)?;
    let _ = fs::remove_file(&report);
    let status = proc::run(
        Command::new("npx")
            .args(["playwright", "test", "--pass-with-no-tests"])
            .args(filter)
            .env("DESKBELL_BIN", binary)
            .env("DESKBELL_RESULTS", &results)
            .current_dir(end2end),
        "In end2end, `npx playwright show-trace` opens the trace of a failed story from target/end2end.",
    );
    let counts = fs::read(&report).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let count = |key: &str| {
        let number = counts.as_ref().and_then(|report| report["stats"][key].as_u64()).unwrap_or(0);
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    let outcome = Outcome { passed: count("expected") + count("flaky"), failed: count("unexpected") };
    match status {
        // No story failed, and yet Playwright did: an error in the set-up, say.
        Err(failure) if outcome.failed == 0 => Err(failure),
        Err(_) | Ok(()) if counts.is_some() => Ok(outcome),
        _ => Err(Failure::new("Playwright left no report", "Its words are above.")),
    }
}
