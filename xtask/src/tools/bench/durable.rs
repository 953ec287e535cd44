//! How many messages a second are acknowledged after their commit, on both engines, beside what the disk itself can do.

use std::{
    fs,
    io::{Seek, Write},
    time::{Duration, Instant},
};

use super::{
    super::{
        postgres, proc,
        step::{DISK, OrFail, Result, step},
    },
    Row, Unit,
};
use crate::cache;

const ADVICE: &str = "The words above say why.";

pub fn rows() -> Result<Vec<Row>> {
    // Below `target`, because the folder for temporary files is often no disk at all.
    let folder = cache::checkout().join("target/bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).or_fail(format!("{} cannot be made", folder.display()), DISK)?;
    let mut rows = Vec::new();

    let sync = step("fdatasync of this disk", || fdatasync(&folder).or_fail("the disk cannot be measured", DISK))?;
    rows.push(Row::reference("fdatasync of 4 KiB, p50", Unit::Milliseconds, sync.as_secs_f64() * 1e3));
    step("Compiling the senders", || {
        proc::run(
            proc::cargo().args(["build", "--release", "--package", "store", "--example", "durable_sends"]),
            ADVICE,
        )
    })?;

    let file = folder.join("chats.db");
    let sqlite = step("Durable sends on SQLite", || measure(&format!("sqlite:{}", file.display())))?;
    for sends in &sqlite {
        if sends.senders == 1 {
            let ratio = sends.p50.as_secs_f64() / sync.as_secs_f64();
            rows.push(Row::at_most("1 sender, SQLite: p50 to fdatasync", Unit::Ratio, ratio, 2.0, 1.5));
        } else {
            rows.push(Row::at_least("64 senders, SQLite: acknowledged", Unit::PerSecond, sends.rate, 10e3, 25e3));
            let millis = |time: Duration| time.as_secs_f64() * 1e3;
            rows.push(Row::reference("64 senders, SQLite: p50", Unit::Milliseconds, millis(sends.p50)));
            rows.push(Row::at_most("64 senders, SQLite: p99", Unit::Milliseconds, millis(sends.p99), 25.0, 12.0));
        }
    }
    let server = postgres::start(postgres::Durability::Real)?;
    let sends = step("Durable sends on PostgreSQL", || measure(&server.url))?;
    for sends in sends.iter().filter(|sends| sends.senders > 1) {
        rows.push(Row::at_least("64 senders, PostgreSQL: acknowledged", Unit::PerSecond, sends.rate, 10e3, 30e3));
    }
    let _ = fs::remove_dir_all(&folder);
    Ok(rows)
}

struct Sends {
    senders: u32,
    rate: f64,
    p50: Duration,
    p99: Duration,
}

fn measure(location: &str) -> Result<Vec<Sends>> {
    let program = cache::host_target().join("release/examples/durable_sends");
    let words = proc::output(std::process::Command::new(program).args([location, "1", "64"]), ADVICE)?;
    let sends: Option<Vec<_>> = words.lines().map(parse).collect();
    sends.filter(|sends| sends.len() == 2).ok_or_else(|| {
        super::super::step::Failure::new(
            format!("the senders' words are not understood:\n{words}"),
            "Bring `parse` in xtask up to date.",
        )
    })
}

/// Reads ` 64 senders:    24310 acked/s, p50 2.41ms, p99 9.8ms, own CPU 31.2 µs per message`.
fn parse(line: &str) -> Option<Sends> {
    let (senders, rest) = line.trim().split_once(" senders:")?;
    let mut parts = rest.split(',');
    let rate = parts.next()?.trim().strip_suffix(" acked/s")?.parse().ok()?;
    let p50 = duration(parts.next()?.trim().strip_prefix("p50 ")?)?;
    let p99 = duration(parts.next()?.trim().strip_prefix("p99 ")?)?;
    Some(Sends { senders: senders.parse().ok()?, rate, p50, p99 })
}

/// As `Debug` writes one: `1.5ms`, `870.2µs`, `1.2s`.
fn duration(text: &str) -> Option<Duration> {
    let (number, scale) = [("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0)]
        .into_iter()
        .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))?;
    Some(Duration::from_secs_f64(number.parse::<f64>().ok()? * scale))
}

/// The median of overwriting one page and waiting for the disk.
fn fdatasync(folder: &std::path::Path) -> std::io::Result<Duration> {
    let mut file = fs::File::create(folder.join("page"))?;
    let mut times = Vec::new();
    for n in 0..400_u32 {
        file.rewind()?;
        file.write_all(&[n.to_le_bytes()[0]; 4096])?;
        let started = Instant::now();
        file.sync_data()?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_senders_words_are_understood() {
        let sends = parse(" 64 senders:    24310 acked/s, p50 2.41ms, p99 870.5µs, own CPU 31.2 µs per message")
            .expect("understood");
        assert_eq!((sends.senders, sends.rate.round()), (64, 24310.0));
        assert_eq!((sends.p50.as_micros(), sends.p99.as_nanos()), (2410, 870_500));
        assert!(parse("error").is_none());
    }
}
