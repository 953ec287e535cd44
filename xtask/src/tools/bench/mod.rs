//! Figures of the release binary: weights, start, idle memory, size, durable sends. `docs/benchmarks.md` holds the last.
//!
//! One more figure: a function that gives [`Row`]s, called in [`bench`].

mod durable;
mod table;

use std::{fs, path::Path, time::Duration};

use super::{
    build, server,
    step::{DISK, OrFail, Result, note, step},
    weights,
};
use crate::cache;
use table::{Row, Unit};

pub fn bench() -> Result<()> {
    let (binary, assets) = build::release()?;
    let mut rows = start(&binary)?;
    rows.extend(weights::measure(&binary, &assets)?.iter().map(|weight| {
        let kilobytes = |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e3;
        Row::at_most(
            weight.what,
            Unit::Kilobytes,
            kilobytes(weight.total()),
            kilobytes(weight.must),
            kilobytes(weight.goal),
        )
    }));
    rows.extend(durable::rows()?);
    let table = table::markdown(&rows);
    println!("\n{table}");
    let file = cache::checkout().join("docs/benchmarks.md");
    let text = format!(
        "# Benchmarks\n\nMade by `cargo xtask bench` on: {}.\n\nMachines differ and are noisy: bytes can be compared, times only \
         with others of the same run. Weights are after brotli.\n\n{table}",
        machine()
    );
    fs::write(&file, text).or_fail(format!("{} cannot be written", file.display()), DISK)?;
    note(format!("written to {}", file.display()));
    Ok(())
}

fn start(binary: &Path) -> Result<Vec<Row>> {
    let (started, memory) = step("Starting the server five times", || start_and_memory(binary))?;
    Ok(vec![
        Row::at_most(
            "start to ready, with a new database (median of 5)",
            Unit::Milliseconds,
            started.as_secs_f64() * 1e3,
            1000.0,
            300.0,
        ),
        Row::at_most("idle memory, resident", Unit::Megabytes, memory, 60.0, 40.0),
        Row::at_most("binary", Unit::Megabytes, build::megabytes(binary), 60.0, 30.0),
    ])
}

fn start_and_memory(binary: &Path) -> Result<(Duration, f64)> {
    let mut starts = Vec::new();
    let mut memory = 0.0_f64;
    for _ in 0..5 {
        let demo = server::demo(binary)?;
        starts.push(demo.started_in);
        // Until what runs right after the start has run.
        std::thread::sleep(Duration::from_secs(1));
        memory = memory.max(resident_megabytes(demo.process.child.id()));
    }
    starts.sort();
    Ok((starts[starts.len() / 2], memory))
}

fn resident_megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kibibytes =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name.to_owned()));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // Without the suffixes of whoever built it.
    let kernel = kernel.trim().split('-').next().unwrap_or_default();
    format!("{}, {cores} cores, Linux {kernel}", model.unwrap_or_else(|| std::env::consts::ARCH.to_owned()))
}
