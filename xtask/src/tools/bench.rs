//! Figures of the release binary: builds it, weighs what browsers download, and leaves the rest to the crate `bench`,
//! which writes `docs/benchmarks.md`.

use std::process::Command;

use serde_json::json;

use super::{
    build, postgres, proc,
    step::{Result, note, step},
    weights,
};
use crate::cache;

pub fn bench() -> Result<()> {
    let (binary, assets) = build::release()?;
    let weights: Vec<_> = weights::measure(&binary, &assets)?
        .iter()
        .map(|weight| {
            let (what, total, goal, must) = (weight.what, weight.total(), weight.goal, weight.must);
            json!({"what": what, "total": total, "goal": goal, "must": must})
        })
        .collect();
    let postgres = postgres::start(postgres::Durability::Real);
    step("Compiling the load generator", || {
        let mut cargo = proc::cargo();
        cargo.args(["build", "--release", "--package", "bench"]);
        proc::run(&mut cargo, "The compiler's words are above.")
    })?;
    let mut bench = Command::new(cache::host_target().join("release/bench"));
    // Below `target`, because the folder for temporary files is often no disk at all.
    bench.arg("run").arg("--binary").arg(&binary).arg("--folder").arg(cache::checkout().join("target/bench"));
    bench.arg("--weights").arg(json!(weights).to_string());
    bench.arg("--report").arg(cache::checkout().join("docs/benchmarks.md"));
    match &postgres {
        Ok(server) => {
            bench.arg("--postgres").arg(&server.url);
        }
        Err(failure) => note(format!("without PostgreSQL:\n{failure}")),
    }
    step("Measuring", || proc::run(&mut bench, "A quiet machine measures best; end what else runs, and try again."))
}
