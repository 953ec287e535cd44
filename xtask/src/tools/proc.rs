//! Other programs: started, and ended for certain.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, Once, PoisonError},
    time::{Duration, Instant},
};

use nix::{
    sys::{
        signal::{Signal, kill, killpg},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};

use super::step::{Failure, OrFail, Result};

/// Runs a program with its output on the screen.
pub fn run(command: &mut Command, advice: &str) -> Result<()> {
    let name = name(command);
    let mut child = Foreground::start(command.stdin(Stdio::null()), advice)?;
    let status = child.child.wait().or_fail(format!("`{name}` cannot be awaited"), advice)?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed ({status})"), advice)) }
}

/// Runs a program and gives what it wrote to stdout; its stderr becomes part of a failure.
pub fn output(command: &mut Command, advice: &str) -> Result<String> {
    let name = name(command);
    let out = command.stdin(Stdio::null()).output().or_fail(format!("`{name}` cannot be started"), advice)?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&out.stderr);
    Err(Failure::new(format!("`{name}` failed ({})\n{}", out.status, words.trim_end()), advice))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    // Enough to type it again in one's mind; cargo's lines are long.
    let args: Vec<_> = command.get_args().take(6).map(OsStr::to_string_lossy).collect();
    format!("{program} {}", args.join(" "))
}

/// Where `program` lies on the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// The rustup or distribution cargo that runs this tool.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::cache::checkout()).env("CARGO_TARGET_DIR", crate::cache::host_target());
    command
}

/// Process groups to end when this tool is told to stop.
static GROUPS: Mutex<Vec<(Pid, Signal)>> = Mutex::new(Vec::new());
/// Programs that share the terminal.
static CHILDREN: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static HANDLER: Once = Once::new();

/// A program in the background with its own process group, which is ended when this is dropped, and also when the
/// tool itself is stopped with Ctrl-C or SIGTERM.
pub struct Background {
    pub child: Child,
    group: Pid,
    /// The signal that asks this program to stop.
    stop: Signal,
}

impl Background {
    pub fn start(command: &mut Command, stop: Signal, advice: &str) -> Result<Self> {
        HANDLER.call_once(|| drop(ctrlc::set_handler(end_all)));
        let name = name(command);
        // Held over the start, so that no signal finds the program running but not yet listed.
        let mut groups = held(&GROUPS);
        let child = std::os::unix::process::CommandExt::process_group(command, 0)
            .spawn()
            .or_fail(format!("`{name}` cannot be started"), advice)?;
        let group = Pid::from_raw(child.id().cast_signed());
        groups.push((group, stop));
        Ok(Self { child, group, stop })
    }

    /// Asks, waits, and at last insists.
    pub fn stop(&mut self) {
        let _ = killpg(self.group, self.stop);
        if wait(&mut self.child, Duration::from_secs(10)).is_none() {
            let _ = killpg(self.group, Signal::SIGKILL);
            let _ = self.child.wait();
        }
        // What it started itself and left behind.
        let _ = killpg(self.group, Signal::SIGKILL);
        held(&GROUPS).retain(|(group, _)| *group != self.group);
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program that shares the terminal, and so hears Ctrl-C itself. It is only told of a SIGTERM to this tool, as from
/// the time-out of a CI.
pub struct Foreground {
    pub child: Child,
    pid: Pid,
}

impl Foreground {
    pub fn start(command: &mut Command, advice: &str) -> Result<Self> {
        HANDLER.call_once(|| drop(ctrlc::set_handler(end_all)));
        let name = name(command);
        let mut children = held(&CHILDREN);
        let child = command.spawn().or_fail(format!("`{name}` cannot be started"), advice)?;
        let pid = Pid::from_raw(child.id().cast_signed());
        children.push(pid);
        Ok(Self { child, pid })
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        held(&CHILDREN).retain(|pid| *pid != self.pid);
    }
}

/// Waits for the end of a program, but not for ever.
pub fn wait(child: &mut Child, at_most: Duration) -> Option<std::process::ExitStatus> {
    let until = Instant::now() + at_most;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(20)),
            _ => return None,
        }
    }
}

/// A folder that is removed when dropped, and also when the tool is stopped.
pub struct TempFolder(PathBuf);

impl TempFolder {
    pub fn new(purpose: &str) -> Result<Self> {
        HANDLER.call_once(|| drop(ctrlc::set_handler(end_all)));
        let path = std::env::temp_dir().join(format!("deskbell-{purpose}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).or_fail(format!("{} cannot be made", path.display()), super::step::DISK)?;
        held(&FOLDERS).push(path.clone());
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
        held(&FOLDERS).retain(|path| *path != self.0);
    }
}

/// Runs on a thread of its own when the tool is told to stop.
fn end_all() {
    for child in held(&CHILDREN).iter() {
        let _ = kill(*child, Signal::SIGTERM);
    }
    let groups = held(&GROUPS);
    for (group, stop) in groups.iter() {
        let _ = killpg(*group, *stop);
    }
    let until = Instant::now() + Duration::from_secs(5);
    for (group, _) in groups.iter() {
        // The first of each group is our own child; its end is awaited, so that a server can finish its writes.
        while Instant::now() < until && waitpid(*group, Some(WaitPidFlag::WNOHANG)) == Ok(WaitStatus::StillAlive) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    for (group, _) in groups.iter() {
        let _ = killpg(*group, Signal::SIGKILL);
    }
    for folder in held(&FOLDERS).iter() {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::process::exit(130);
}

/// A panic elsewhere must not keep the rest from being cleaned up.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
