//! Builds the tools in the cache folder and becomes them.

use std::{
    env,
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
};

use crate::cache;

pub fn main() -> ExitCode {
    match start() {
        Ok(never) => match never {},
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<std::convert::Infallible, String> {
    let target = cache::host_target();
    let tools = target.join("debug").join("xtask");
    {
        let _lock = cache::Lock::take().map_err(|e| {
            format!(
                "the cache folder {} cannot be used: {e}\n  Set DESKBELL_CACHE to a folder that you may write to.",
                cache::folder().display()
            )
        })?;
        let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        build
            .args(["build", "--package", "xtask", "--features", "tools"])
            .current_dir(cache::checkout())
            .env("CARGO_TARGET_DIR", &target);
        if tools.exists() {
            build.arg("--quiet");
        } else {
            eprintln!("▸ The build tools, once per machine (about three minutes on two cores)");
        }
        let status = build
            .status()
            .map_err(|e| format!("cargo cannot be started: {e}\n  Install Rust from https://rustup.rs."))?;
        if !status.success() {
            return Err("the build tools did not compile.\n  The compiler's words are above; without network, cargo cannot fetch them the first time.".into());
        }
    }
    // In place of this process: the terminal and its signals are then the tools' alone.
    let failed = Command::new(&tools).args(env::args_os().skip(1)).env("DESKBELL_CHECKOUT", cache::checkout()).exec();
    Err(format!("{} cannot be started: {failed}", tools.display()))
}
