//! The machine, as far as figures depend on it. No host name: the report is published.

use std::{fs, path::Path, thread};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::Result;

/// A socket is a file here and another one in the server, which inherits the limit.
pub fn allow_many_files() -> Result<()> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    Ok(())
}

/// Processor, cores, memory, system and file system, in one line.
pub fn named(folder: &Path) -> String {
    let cpu = value("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let memory = value("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let gib = memory.unwrap_or_default().div_ceil(1024 * 1024);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // Without the suffixes of whoever built it.
    let kernel = kernel.trim().split('-').next().unwrap_or_default();
    format!("{cpu}, {cores} cores, {gib} GiB of memory, Linux {kernel}, {}", file_system(folder))
}

fn value(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| Some(line.strip_prefix(name)?.split_once(':')?.1.trim().to_owned()))
}

/// The type of the longest mount point above the folder.
fn file_system(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let above = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?, words.next()?);
        folder.starts_with(point).then_some((point.len(), kind))
    });
    above
        .max_by_key(|(length, _)| *length)
        .map_or_else(|| "unknown file system".to_owned(), |(_, kind)| kind.to_owned())
}
