//! A database server of one's own for the length of a test run.

use std::{
    fs,
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use nix::{sys::signal::Signal, unistd::User};

use super::{
    proc::{self, Background, TempFolder},
    step::{DISK, Failure, OrFail, Result, step},
    system,
};

/// Stopped and removed when dropped.
pub struct Postgres {
    /// Where tests connect to as the owner of everything: `postgres://…/postgres`.
    pub url: String,
    // Before the folder: fields are dropped in this order.
    server: Background,
    folder: TempFolder,
}

/// Whether commits wait for the disk. Only figures need that: what a test writes is thrown away in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    Real,
    None,
}

pub fn start(durability: Durability) -> Result<Postgres> {
    if programs().is_none() {
        system::install("for the tests on PostgreSQL", &["postgresql"])?;
    }
    let programs =
        programs().ok_or_else(|| Failure::new("initdb is missing", "Install the PostgreSQL server programs."))?;
    step("Starting a throwaway PostgreSQL", || launch(&programs, durability))
}

fn launch(programs: &Path, durability: Durability) -> Result<Postgres> {
    let folder = TempFolder::new("postgres")?;
    let user = user()?;
    if let Some(user) = &user {
        chown(folder.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))
            .or_fail("the database folder cannot be given away", DISK)?;
    }
    let program = |name: &str| {
        let mut command = Command::new(programs.join(name));
        // Its own folder: the checkout may be closed to that user.
        command.current_dir(folder.path());
        if let Some(user) = &user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    };
    let advice = "Try initdb by hand in a folder of its own; its words are above.";
    proc::output(
        program("initdb").args(["-D", "db", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]),
        advice,
    )?;
    let log = fs::File::create(folder.path().join("log")).or_fail("the log cannot be written", DISK)?;
    let port = free_port()?.to_string();
    let server = Background::start(
        program("postgres")
            .args(["-D", "db", "-p", &port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            // Each test holds a pool of its own.
            .args(["-c", "max_connections=300"])
            .args(if durability == Durability::None {
                &["-c", "fsync=off", "-c", "full_page_writes=off"][..]
            } else {
                &[]
            })
            .stdin(Stdio::null())
            .stdout(log.try_clone().or_fail("the log cannot be written", DISK)?)
            .stderr(log),
        // "Immediate": without the farewell that only matters to data.
        Signal::SIGQUIT,
        advice,
    )?;
    let mut postgres = Postgres { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), server, folder };
    postgres.wait_until_ready(programs, &port)?;
    Ok(postgres)
}

impl Postgres {
    fn wait_until_ready(&mut self, programs: &Path, port: &str) -> Result<()> {
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            let mut asked = Command::new(programs.join("pg_isready"));
            if proc::output(asked.args(["-q", "-h", "127.0.0.1", "-p", port]), "").is_ok() {
                return Ok(());
            }
            let ended = matches!(self.server.child.try_wait(), Ok(Some(_)));
            if ended || Instant::now() > until {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                return Err(Failure::new(format!("PostgreSQL did not start:\n{log}"), "Its log is above."));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The server refuses to run as root; its own user, or nobody, takes over then.
fn user() -> Result<Option<User>> {
    if !system::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Ok(Some(user)) = User::from_name(name) {
            return Ok(Some(user));
        }
    }
    Err(Failure::new(
        "PostgreSQL does not run as root, and there is no user postgres",
        "Type: useradd --system postgres",
    ))
}

/// The folder with the server's programs: Debian keeps them off the PATH.
fn programs() -> Option<PathBuf> {
    let complete =
        |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    let on_path =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    versions.into_iter().rev().chain(on_path).find(complete)
}

fn free_port() -> Result<u16> {
    let advice = "Loopback seems to be switched off.";
    let listener = TcpListener::bind(("127.0.0.1", 0)).or_fail("no free port", advice)?;
    listener.local_addr().map(|address| address.port()).or_fail("no free port", advice)
}
