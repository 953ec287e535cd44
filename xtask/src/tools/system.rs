//! Packages of the operating system, for what cannot be had otherwise.

use std::process::Command;

use super::{
    proc,
    step::{Failure, Result, step},
};

/// Installs Debian packages, or says exactly what to type.
pub fn install(what_for: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("apt-get update && apt-get install -y --no-install-recommends {list}");
    if proc::find("apt-get").is_none() {
        return Err(Failure::new(
            format!("{what_for} is missing, and there is no apt-get to install it with"),
            format!("Install what your system calls: {list}"),
        ));
    }
    if !is_root() {
        return Err(Failure::new(
            format!("{what_for} is missing"),
            format!("Type this, and start again:\n  sudo sh -c '{by_hand}'"),
        ));
    }
    step(&format!("Installing {list} ({what_for})"), || {
        let advice = format!("Try it by hand: {by_hand}");
        // A stale index is the usual state of a fresh image; a dead mirror of one of several sources is no reason to stop.
        let _ = proc::output(Command::new("apt-get").args(["update", "-q"]), &advice);
        proc::output(
            Command::new("apt-get")
                .args(["install", "-y", "-q", "--no-install-recommends"])
                .args(packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
            &advice,
        )
        .map(drop)
    })
}

/// Whether apt knows this package.
pub fn has_package(name: &str) -> bool {
    Command::new("apt-cache")
        .args(["show", "--no-all-versions", name])
        .output()
        .is_ok_and(|out| out.status.success() && !out.stdout.is_empty())
}

pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
