//! Figures of the release binary: weights, start, idle memory, size. `docs/benchmarks.md` holds the last ones.
//!
//! One more figure: a function that gives a [`Row`], called in [`rows`].

use std::{fs, path::Path, time::Duration};

use super::{
    build, server,
    step::{DISK, OrFail, Result, note, step},
    weights,
};
use crate::cache;

/// A figure with the least that is accepted and the aim, all in the same unit; lower is better.
struct Row {
    what: &'static str,
    unit: &'static str,
    now: f64,
    must: f64,
    goal: f64,
}

pub fn bench() -> Result<()> {
    let (binary, assets) = build::release()?;
    let mut rows = rows(&binary)?;
    rows.extend(weights::measure(&binary, &assets)?.iter().map(|weight| Row {
        what: weight.what,
        unit: "KB brotli",
        now: thousands(weight.total()),
        must: thousands(weight.must),
        goal: thousands(weight.goal),
    }));
    let table = table(&rows);
    println!("\n{table}");
    let file = cache::checkout().join("docs/benchmarks.md");
    let text = format!(
        "# Benchmarks\n\nMade by `cargo xtask bench` on: {}.\n\nMachines differ and are noisy: bytes can be compared, times only \
         with others of the same run.\n\n{table}",
        machine()
    );
    fs::write(&file, text).or_fail(format!("{} cannot be written", file.display()), DISK)?;
    note(format!("written to {}", file.display()));
    Ok(())
}

fn rows(binary: &Path) -> Result<Vec<Row>> {
    let (started, memory) = step("Starting the server five times", || start_and_memory(binary))?;
    Ok(vec![
        Row {
            what: "start to ready (median of 5)",
            unit: "ms",
            now: started.as_secs_f64() * 1e3,
            must: 1000.0,
            goal: 300.0,
        },
        Row { what: "idle memory, resident", unit: "MB", now: memory, must: 60.0, goal: 40.0 },
        Row { what: "binary", unit: "MB", now: build::megabytes(binary), must: 60.0, goal: 30.0 },
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

fn table(rows: &[Row]) -> String {
    use std::fmt::Write;
    let mut text = String::from("| figure | now | must | goal | held |\n|---|---:|---:|---:|---|\n");
    for row in rows {
        let held = if row.now <= row.goal {
            "goal"
        } else if row.now <= row.must {
            "must"
        } else {
            "**no**"
        };
        let unit = row.unit;
        let _ = writeln!(
            text,
            "| {} | {:.1} {unit} | {:.0} {unit} | {:.0} {unit} | {held} |",
            row.what, row.now, row.must, row.goal
        );
    }
    text
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name.to_owned()));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{}, {cores} cores, Linux {}", model.unwrap_or_else(|| std::env::consts::ARCH.to_owned()), kernel.trim())
}

#[expect(clippy::cast_precision_loss, reason = "a size for reading")]
fn thousands(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}
