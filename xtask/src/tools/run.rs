//! From a clone to a running demo.

use std::{path::Path, process::Command};

use super::{
    Mode, build,
    step::{Failure, Result},
};
use crate::cache;

pub fn run(args: &[String]) -> Result<()> {
    let (mode, args) = match args.split_first() {
        Some((first, rest)) if first == "--release" => (Mode::Release, rest),
        _ => (Mode::Dev, args),
    };
    let (binary, _) = build::everything(mode)?;
    eprintln!();
    let mut serve = serve(&binary, args);
    // In place of this process: signals and the terminal are then the server's alone.
    let failed = std::os::unix::process::CommandExt::exec(&mut serve);
    Err(Failure::new(format!("{} cannot be started: {failed}", binary.display()), "Build it again: cargo xtask build"))
}

/// The demo with its data in the checkout, unless the arguments say otherwise.
pub fn serve(binary: &Path, args: &[String]) -> Command {
    let given = |flag: &str| args.iter().any(|arg| arg == flag || arg.starts_with(&format!("{flag}=")));
    let mut serve = Command::new(binary);
    serve.arg("serve").current_dir(cache::checkout());
    if !given("--demo") {
        serve.arg("--demo");
    }
    if !given("--data") {
        serve.args(["--data", "data"]);
    }
    if !given("--listen") {
        serve.args(["--listen", "127.0.0.1:3000"]);
    }
    serve.args(args.iter().filter(|arg| *arg != "--"));
    serve
}
