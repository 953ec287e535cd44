//! From nothing to ready, what it takes then, and how large the program is.

use std::{fs, path::Path, time::Duration};

use crate::{
    Result,
    process::{Server, percentile},
    report::Row,
};

const STARTS: usize = 5;

pub async fn rows(binary: &Path, folder: &Path) -> Result<[Row; 4]> {
    let own = folder.join("own");
    Server::start(binary, &own, None, false)?.stop();
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(binary, &own, None, false)?;
        starts.push(server.ready_in);
        server.stop();
    }
    let mut first = Vec::new();
    let mut resident = 0;
    for n in 0..STARTS {
        let server = Server::demo(binary, &folder.join(n.to_string()), None)?;
        first.push(server.ready_in);
        // Until what runs right after the start has run.
        tokio::time::sleep(Duration::from_secs(1)).await;
        resident = resident.max(server.process.resident()?);
        server.stop();
    }
    let millis = |starts: &mut Vec<Duration>| percentile(starts, 0.5).as_secs_f64() * 1e3;
    let size = fs::metadata(binary)?.len();
    Ok([
        Row::small("start to ready (median of 5)", millis(&mut starts), "ms", 300.0, 1_000.0),
        Row::small("first start of the demo (median of 5)", millis(&mut first), "ms", 300.0, 1_000.0),
        Row::small("idle memory, resident, after the demo's first start", mega(resident), "MB", 40.0, 60.0),
        Row::small("binary", mega(size), "MB", 30.0, 60.0),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "bytes for reading")]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
