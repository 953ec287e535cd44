//! Figures of the release binary: builds it, weighs what browsers download, and leaves the rest to the crate `bench`,
//! which writes `docs/benchmarks.md`.

use std::process::Command;

use serde_json::json;

use super::{
    browsers, build, postgres, proc,
    step::{Result, note, step},
    weights,
};
use crate::cache;

pub fn bench() -> Result<()> {
    let (binary, assets) = build::release()?;
    let mut figures: Vec<_> = weights::measure(&binary, &assets)?
        .iter()
        .map(|weight| {
            let [value, goal, must] = [weight.total(), weight.goal, weight.must].map(kilo);
            json!({"what": weight.what, "value": value, "unit": "KB brotli", "goal": goal, "must": must})
        })
        .collect();
    let end2end = cache::checkout().join("end2end");
    let browser = browsers::ensure(&end2end)
        .and_then(|()| step("Measuring in the browser", || browsers::measure(&end2end, &binary)));
    match browser {
        Ok(more) => figures.extend(more),
        Err(failure) => note(format!("without what only a browser can tell:\n{failure}")),
    }
    let postgres = postgres::start(postgres::Durability::Real);
    step("Compiling the load generator", || {
        let mut cargo = proc::cargo();
        cargo.args(["build", "--release", "--package", "bench"]);
        proc::run(&mut cargo, "The compiler's words are above.")
    })?;
    let mut bench = Command::new(cache::host_target().join("release/bench"));
    // Below `target`, because the folder for temporary files is often no disk at all.
    bench.arg("run").arg("--binary").arg(&binary).arg("--folder").arg(cache::checkout().join("target/bench"));
    bench.arg("--figures").arg(json!(figures).to_string());
    bench.arg("--report").arg(cache::checkout().join("docs/benchmarks.md"));
    match &postgres {
        Ok(server) => {
            bench.arg("--postgres").arg(&server.url);
        }
        Err(failure) => note(format!("without PostgreSQL:\n{failure}")),
    }
    step("Measuring", || proc::run(&mut bench, "A quiet machine measures best; end what else runs, and try again."))
}

/// Bytes as thousands of them.
#[expect(clippy::cast_precision_loss, reason = "a few millions")]
fn kilo(bytes: usize) -> f64 {
    bytes as f64 / 1_000.0
}
