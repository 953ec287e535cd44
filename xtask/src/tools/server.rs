//! The server: compiled, and started for measurements.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use nix::sys::signal::Signal;
use serde_json::Value;

use super::{
    Mode,
    proc::{self, Background, TempFolder},
    site,
    step::{DISK, Failure, OrFail, Result, step},
};
use crate::cache;

pub const BINARY: &str = "deskbell";

/// Compiles the server with the site of the same mode inside.
pub fn build(mode: Mode) -> Result<PathBuf> {
    let (title, profile) = match mode {
        Mode::Dev => ("Compiling the server", "debug"),
        Mode::Release => ("Compiling the server for release", "release"),
    };
    step(title, || {
        let mut cargo = cargo(mode);
        cargo.args(["build", "--package", "server", "--bin", "deskbell"]);
        if mode == Mode::Release {
            cargo.arg("--release");
        }
        proc::run(&mut cargo, "The compiler's words are above.")
    })?;
    Ok(cache::host_target().join(profile).join(BINARY))
}

/// Cargo for everything that contains the server: its build script embeds the site named here.
pub fn cargo(mode: Mode) -> Command {
    let mut cargo = proc::cargo();
    match mode {
        // Not named where it is the one taken anyway: else cargo would build anew after each call by hand, and back.
        Mode::Dev => cargo.env_remove("DESKBELL_SITE"),
        Mode::Release => cargo.env("DESKBELL_SITE", site::folder(&cache::checkout(), mode)),
    };
    cargo
}

/// A demo server on free ports with a data folder that is gone afterwards.
pub struct Demo {
    /// Addresses without a slash at the end.
    pub dashboard: String,
    pub shop: String,
    // Before the folder: fields are dropped in this order.
    _process: Background,
    _data: TempFolder,
}

pub fn demo(binary: &Path) -> Result<Demo> {
    let data = TempFolder::new("demo")?;
    let advice = "Start it by hand to see more: target/dist/deskbell serve --demo --json";
    // Shown only when something is wrong.
    let log = data.path().with_extension("log");
    let words = fs::File::create(&log).or_fail(format!("{} cannot be written", log.display()), DISK)?;
    let mut process = Background::start(
        Command::new(binary)
            .args(["serve", "--demo", "--json", "--listen", "127.0.0.1:0", "--demo-listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words),
        Signal::SIGTERM,
        advice,
    )?;
    let line = first_line(&mut process, Duration::from_secs(30));
    let words = fs::read_to_string(&log).unwrap_or_default();
    // Only its name goes; the server writes on into what nobody reads.
    let _ = fs::remove_file(&log);
    let line = line.ok_or_else(|| Failure::new(format!("the server did not say that it is ready\n{words}"), advice))?;
    let facts: Value = serde_json::from_str(&line).or_fail("the server's line is no JSON", advice)?;
    let address = |key: &str| {
        facts[key]
            .as_str()
            .map(|address| address.trim_end_matches('/').to_owned())
            .ok_or_else(|| Failure::new(format!("the server's line lacks `{key}`: {line}"), advice))
    };
    Ok(Demo { dashboard: address("dashboard")?, shop: address("shop")?, _process: process, _data: data })
}

fn first_line(process: &mut Background, at_most: Duration) -> Option<String> {
    let stdout = process.child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines();
        let _ = send.send(lines.next().and_then(std::result::Result::ok));
        // Read on, or the server would one day wait on a full pipe.
        lines.for_each(drop);
    });
    receive.recv_timeout(at_most).ok().flatten()
}
