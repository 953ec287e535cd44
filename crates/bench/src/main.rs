//! Figures of a built `deskbell` beside references measured in the same run: `cargo xtask bench` calls it and
//! docs/benchmarks.md is what it writes.
//!
//! The load is made here, on one thread and with as little work per message as possible: on a machine of two cores
//! everything that the load costs is taken from the server. All counts are bounded and the same in every run.
//!
//! To add a figure: a file that measures it, a [`report::Row`] with its must and goal, and its place in [`measure`].

mod alone;
mod bare;
mod disk;
mod echo;
mod http;
mod idle;
mod line;
mod machine;
mod process;
mod relay;
mod report;
mod routing;
mod sends;
mod start;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use report::{Figure, Row};

/// What is not possible is said in words; a bench has no one to recover for.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure everything and print the table
    Run(Run),
    /// The reference: gives back what it gets. Started by `run`
    Echo,
}

#[derive(clap::Args)]
struct Run {
    /// The program to measure
    #[arg(long)]
    binary: PathBuf,
    /// Where the data lie meanwhile: its disk is part of what is measured
    #[arg(long)]
    folder: PathBuf,
    /// A PostgreSQL server that syncs its commits
    #[arg(long)]
    postgres: Option<String>,
    /// What was measured elsewhere, of browsers: a JSON list
    #[arg(long, default_value = "[]")]
    figures: String,
    /// Measure only these: start, one, many, postgres, other-side, routing, relay, idle
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The file to write
    #[arg(long)]
    report: Option<PathBuf>,
}

impl Run {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }
}

/// The best of so many runs counts, of references too.
const ROUNDS: u32 = 3;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(run) => bench(&run),
        Command::Echo => echo::serve(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("bench: {cause}");
            ExitCode::FAILURE
        }
    }
}

fn bench(run: &Run) -> Result<()> {
    machine::allow_many_files()?;
    fs::create_dir_all(&run.folder)?;
    let folder = tempfile::tempdir_in(&run.folder)?;
    // One thread: the other core is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut rows = runtime.block_on(measure(run, folder.path()))?;
    let figures: Vec<Figure> = serde_json::from_str(&run.figures)?;
    rows.extend(figures.into_iter().map(Row::from));
    let table = report::table(&rows);
    println!("\n{table}");
    if let Some(file) = &run.report {
        fs::write(file, report::page(&machine::named(folder.path()), &table))?;
    }
    Ok(())
}

async fn measure(run: &Run, folder: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let binary = &run.binary;
    if run.wants("start") {
        step("Start, memory, size");
        rows.extend(start::rows(binary, &folder.join("start")).await?);
    }
    if run.wants("one") {
        step("One sender, and the disk alone in between");
        rows.push(sends::one(binary, folder).await?);
    }
    if run.wants("many") {
        rows.extend(many_senders(binary, folder).await?);
    }
    if let Some(postgres) = run.postgres.as_ref().filter(|_| run.wants("postgres")) {
        step("64 senders on PostgreSQL");
        rows.extend(sends::many(binary, &folder.join("postgres"), Some(postgres)).await?.rows_on_postgres());
    }
    if run.wants("other-side") {
        step("To the other side");
        rows.push(sends::to_the_other_side(binary, &folder.join("other-side")).await?);
    }
    if run.wants("routing") {
        step("Free agents and waiting chats");
        rows.push(routing::row(binary, &folder.join("routing")).await?);
    }
    if run.wants("relay") {
        rows.extend(relays(binary, folder).await?);
    }
    if run.wants("idle") {
        step("Idle visitors");
        rows.push(idle::row(binary, &folder.join("idle")).await?);
    }
    Ok(rows)
}

async fn many_senders(binary: &Path, folder: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let (mut sqlite, mut bare, mut alone) = (None, None, None);
    for round in 1..=ROUNDS {
        step(&format!("64 senders on SQLite; a bare writer; the store alone ({round} of {ROUNDS})"));
        let data = folder.join(format!("sqlite-{round}"));
        sqlite = Some(sends::many(binary, &data, None).await?.or_better(sqlite));
        bare = Some(bare::group_commits(&data.join("deskbell.db")).await?.or_better(bare));
        alone = Some(alone::sends(&folder.join(format!("alone-{round}.db")))?.or_better(alone));
    }
    if let (Some(sqlite), Some(bare), Some(alone)) = (sqlite, bare, alone) {
        rows.extend(sqlite.rows_on_sqlite(&bare));
        rows.push(alone.rate_beside(&bare, "the same without server and sockets: the store alone"));
    }
    Ok(rows)
}

async fn relays(binary: &Path, folder: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let (mut echo, mut relay) = (None, None);
    for round in 1..=ROUNDS {
        step(&format!("TCP echo; relay of typing, 64 pairs ({round} of {ROUNDS})"));
        echo = Some(echo::measure().await?.or_better(echo));
        relay = Some(relay::measure(binary, &folder.join(format!("relay-{round}"))).await?.or_better(relay));
    }
    if let (Some(echo), Some(relay)) = (echo, relay) {
        rows.extend(relay.rows_beside(&echo));
    }
    Ok(rows)
}

fn step(name: &str) {
    eprintln!("▸ {name}");
}
