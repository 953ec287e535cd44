//! The commands.

mod assets;
mod bench;
mod browsers;
mod build;
mod css;
mod derived;
mod dev;
mod http;
mod modules;
mod node;
mod postgres;
mod proc;
mod run;
mod server;
mod shrink;
mod site;
mod split;
mod step;
mod system;
mod test;
mod unused;
mod wasm_target;
mod weights;

use std::{env, process::ExitCode};

use step::{Failure, Result};

const HELP: &str = "\
cargo xtask <command>

  run [--release] [args…]   build everything and start the demo on http://127.0.0.1:3000;
                            args go to `deskbell serve` (they win over the defaults)
  dev [args…]               the same, and again whenever a file changes
  build                     the finished binary: target/dist/deskbell, with the table of weights
  test [filter…]            everything: lints, Rust tests on SQLite and PostgreSQL, Playwright
  test lint | rust | e2e [filter…]
                            one part of it
  bench                     figures of the release binary; writes docs/benchmarks.md
  weights                   what visitors and agents download, from the release build
  assets [--release]        only the browser's files: target/site
  clean-cache               removes what is kept outside the checkout

DESKBELL_CACHE chooses the folder outside the checkout (default: deskbell in the user's cache folder).";

/// Which of the two sets of compiler settings: quick to build, or quick and small to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Dev,
    Release,
}

pub fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let (command, rest) = args.split_first().map_or(("help", &[][..]), |(command, rest)| (command.as_str(), rest));
    match command {
        "run" => run::run(rest),
        "dev" => dev::dev(rest),
        "build" => build::build().map(drop),
        "test" => test::test(rest),
        "bench" => bench::bench(),
        "weights" => build::weights(),
        "assets" => {
            let mode = if rest.iter().any(|a| a == "--release") { Mode::Release } else { Mode::Dev };
            let _lock = build::lock()?;
            let _site = site::lock(mode)?;
            site::build(mode).map(drop)
        }
        "clean-cache" => build::clean_cache(),
        "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!("`{other}` is no command of xtask"), format!("These are:\n\n{HELP}"))),
    }
}
