//! Rust tests: with nextest where it is installed, else with cargo's own harness.

use std::{
    io::{BufRead, BufReader, IsTerminal},
    process::{Command, Stdio},
};

use super::{
    super::{
        Mode, build, proc, server,
        step::{Failure, OrFail, Result, step},
    },
    Tally,
};

/// What is compiled for the server, with the views as the server renders them. Named one by one: the whole workspace
/// at once would switch on the browser's halves too.
pub const NATIVE: [&str; 12] = [
    "domain", "wire", "sync", "media", "realtime", "store", "outgoing", "services", "testkit", "server", "app",
    "widget",
];
/// Features that `server` asks for anyway; named so that they are there whichever packages are chosen.
const NATIVE_FEATURES: &str = "app/ssr,widget/ssr";

pub fn run(postgres: &str, filter: &[String]) -> Tally {
    let native: Vec<&str> =
        NATIVE.iter().flat_map(|package| ["--package", package]).chain(["--features", NATIVE_FEATURES]).collect();
    let suites: [(&str, Vec<&str>); 4] = [
        ("Tests of the server side", native),
        ("Tests of the widget's client", vec!["--package", "widget", "--features", "client"]),
        // By itself: its own SQLite would have the server's compiled with other features.
        ("Tests of the load generator", vec!["--package", "bench"]),
        ("Tests of the build tools", vec!["--package", "xtask", "--features", "tools"]),
    ];
    let nextest = proc::find("cargo-nextest").is_some();
    let mut tally = Tally::default();
    for (title, selection) in suites {
        tally.add(step(title, || {
            let _lock = build::lock()?;
            suite(nextest, &selection, postgres, filter)
        }));
    }
    tally
}

fn suite(nextest: bool, selection: &[&str], postgres: &str, filter: &[String]) -> Result<Tally> {
    let mut cargo = server::cargo(Mode::Dev);
    cargo.env("DESKBELL_TEST_POSTGRES", postgres);
    if nextest {
        cargo
            .args(["nextest", "run", "--no-fail-fast", "--no-tests", "pass", "--cargo-quiet"])
            .args(selection)
            .args(filter);
    } else {
        cargo.args(["test", "--no-fail-fast", "--quiet", "--lib", "--bins", "--tests"]).args(selection).args(filter);
    }
    watch(cargo, nextest)
}

/// Shows the output while it counts.
fn watch(mut cargo: Command, nextest: bool) -> Result<Tally> {
    if std::io::stderr().is_terminal() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    // Nextest reports on stderr, cargo's harness on stdout.
    cargo.stdin(Stdio::null());
    if nextest {
        cargo.stderr(Stdio::piped())
    } else {
        cargo.stdout(Stdio::piped())
    };
    let advice = "The words above say why.";
    let mut running = proc::Foreground::start(&mut cargo, advice)?;
    let child = &mut running.child;
    let mut tally = Tally::default();
    let reports: Option<Box<dyn std::io::Read>> = match (child.stderr.take(), child.stdout.take()) {
        (Some(stderr), _) => Some(Box::new(stderr)),
        (_, stdout) => stdout.map(|stdout| Box::new(stdout) as _),
    };
    for line in
        reports.into_iter().flat_map(|reports| BufReader::new(reports).split(b'\n').map_while(std::result::Result::ok))
    {
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        let (passed, failed) = counts(&line).unwrap_or_default();
        tally.passed += passed;
        tally.failed += failed;
    }
    let status = child.wait().or_fail("the tests cannot be awaited", advice)?;
    if !status.success() && tally.failed == 0 {
        return Err(Failure::new("tests could not be built or started", advice));
    }
    Ok(tally)
}

/// Reads `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 2 failed, 1 skipped` and
/// `test result: ok. 10 passed; 2 failed; …`.
fn counts(line: &str) -> Option<(usize, usize)> {
    let plain = without_colour(line);
    let (_, rest) = plain
        .split_once("tests run: ")
        .or_else(|| plain.split_once("test run: "))
        .or_else(|| plain.split_once("test result: "))?;
    let number = |word: &str| -> usize {
        rest.split([',', ';', '.'])
            .find_map(|part| {
                let mut words = part.split_whitespace();
                let number = words.next()?.parse().ok()?;
                (words.next()? == word).then_some(number)
            })
            .unwrap_or(0)
    };
    Some((number("passed"), number("failed") + number("timed")))
}

fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_read() {
        let nextest = "     Summary [   1.2s] 13 tests run: 10 passed (1 slow), 2 failed, 1 timed out, 4 skipped";
        assert_eq!(counts(nextest), Some((10, 3)));
        assert_eq!(counts("     Summary [   0.1s] 1 test run: 1 passed, 0 skipped"), Some((1, 0)));
        assert_eq!(counts("test result: FAILED. 7 passed; 1 failed; 0 ignored; 0 measured"), Some((7, 1)));
        assert_eq!(
            counts(
                "\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped"
            ),
            Some((2, 0))
        );
        assert_eq!(counts("        PASS [   0.005s] domain rules"), None);
    }
}
