//! Builds and restarts whenever a source changes.

use std::{
    path::Path,
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::Duration,
};

use nix::sys::signal::Signal;
use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::{
    Mode, build,
    proc::Background,
    run,
    step::{OrFail, Result, note},
};
use crate::cache;

/// A save touches several files, and an editor each of them several times.
const QUIET: Duration = Duration::from_millis(150);
const WATCHED: [&str; 6] = ["app", "widget", "server", "crates", "style", "Leptos.toml"];

pub fn dev(args: &[String]) -> Result<()> {
    let checkout = cache::checkout();
    let (send, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(send).or_fail("files cannot be watched", LIMITS)?;
    for path in WATCHED.map(|path| checkout.join(path)).iter().filter(|path| path.exists()) {
        watcher
            .watch(path, RecursiveMode::Recursive)
            .or_fail(format!("{} cannot be watched", path.display()), LIMITS)?;
    }
    let mut server: Option<Background> = None;
    loop {
        match build::everything(Mode::Dev) {
            Ok((binary, _)) => {
                // The old one first: both want the same port and data folder.
                drop(server.take());
                server = Some(start(&binary, args)?);
            }
            Err(failure) => {
                eprintln!("\n{failure}");
                note(if server.is_some() {
                    "The server before this change stays up"
                } else {
                    "Waiting for the next change"
                });
            }
        }
        wait(&changes, server.as_mut());
    }
}

const LIMITS: &str = "On Linux the number of watched folders has a limit: sysctl fs.inotify.max_user_watches=524288";

fn start(binary: &Path, args: &[String]) -> Result<Background> {
    eprintln!();
    Background::start(
        run::serve(binary, args).stdin(std::process::Stdio::null()),
        Signal::SIGTERM,
        "Build it again: cargo xtask build",
    )
}

/// Until a source changed and all is quiet again. Says when the server ends in the meantime.
fn wait(changes: &Receiver<notify::Result<Event>>, mut server: Option<&mut Background>) {
    loop {
        match changes.recv_timeout(Duration::from_secs(1)) {
            Ok(Ok(event)) if matters(&event) => {
                while changes.recv_timeout(QUIET).is_ok() {}
                return;
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(Duration::from_secs(1)),
        }
        if let Some(running) = server.as_mut()
            && let Ok(Some(status)) = running.child.try_wait()
        {
            note(format!("The server ended ({status}); waiting for the next change"));
            server = None;
        }
    }
}

fn matters(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_source(path))
}

/// Editors' swap files and backups are no sources.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !(name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || name == "4913")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_of_editors_are_no_sources() {
        for trace in [".lib.rs.swp", "lib.rs~", "4913", ".#lib.rs"] {
            assert!(!is_source(Path::new(trace)), "{trace}");
        }
        assert!(is_source(Path::new("app/src/lib.rs")));
    }
}
