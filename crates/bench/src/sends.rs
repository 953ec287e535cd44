//! Messages: how long until they are acknowledged, which is after they are on the disk, and until the other side has
//! them.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    Result,
    disk::Disk,
    line::{FRAMES, Line, Visitor},
    process::{Server, percentile},
    report::{Held, Reference, Row, short},
};

const SENDERS: u32 = 64;
/// Lines that each sender uses up, one after the other.
const LINES: u32 = 6;

/// What many senders came to.
pub struct Sends {
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
}

/// Beside the disk's own time, measured in between: disks have their moods, and both have to have the same.
pub async fn one(binary: &Path, folder: &Path) -> Result<Row> {
    let server = Server::demo(binary, &folder.join("one"), None)?;
    let mut disk = Disk::at(folder)?;
    let (mut sends, mut syncs) = (Vec::new(), Vec::new());
    for (n, visitor) in Visitor::start_many(&server, 4).await?.iter().enumerate() {
        // The database's log begins anew when nobody writes for a while. On a server that has run for a day it lies on
        // blocks it has, as the bytes of the reference do; so the first line only makes it as long as the others need.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut line = Line::of_visitor(&server, visitor).await?;
        for _ in 1..FRAMES {
            let began = Instant::now();
            line.say().await?;
            let (send, sync) = (began.elapsed(), disk.sync()?);
            if n > 0 {
                sends.push(send);
                syncs.push(sync);
            }
        }
    }
    let (p50, sync) = (percentile(&mut sends, 0.5), percentile(&mut syncs, 0.5));
    let ratio = p50.as_secs_f64() / sync.as_secs_f64();
    Ok(Row {
        what: "durable send, 1 sender, ack p50".into(),
        figure: format!("{} µs", p50.as_micros()),
        reference: Some(Reference { what: "fdatasync", figure: format!("{} µs", sync.as_micros()), ratio }),
        goal: "1.5 fdatasync".into(),
        must: "2 fdatasync".into(),
        held: Held::at_most(ratio, 1.5, 2.0),
    })
}

pub async fn many(binary: &Path, data: &Path, postgres: Option<&str>) -> Result<Sends> {
    let server = Server::demo(binary, data, postgres)?;
    let visitors = Visitor::start_many(&server, SENDERS * LINES).await?;
    let mut senders: Vec<Vec<Line>> = (0..SENDERS).map(|_| Vec::new()).collect();
    for (n, visitor) in visitors.iter().enumerate() {
        senders[n % SENDERS as usize].push(Line::of_visitor(&server, visitor).await?);
    }
    let began = Instant::now();
    let took = futures::future::try_join_all(senders.into_iter().map(send)).await?;
    let all = began.elapsed();
    // The bare writer goes on with this database.
    server.stop();
    Ok(Sends::of(took.concat(), all))
}

async fn send(lines: Vec<Line>) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity((LINES * FRAMES) as usize);
    // Kept to the end: closing is no part of this.
    let mut done = Vec::new();
    for mut line in lines {
        for _ in 1..FRAMES {
            let began = Instant::now();
            line.say().await?;
            took.push(began.elapsed());
        }
        done.push(line);
    }
    Ok(took)
}

impl Sends {
    /// Of each its wait, and what all of them took.
    pub fn of(mut waits: Vec<Duration>, all: Duration) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a count below a million")]
        let rate = waits.len() as f64 / all.as_secs_f64();
        Self { rate, p50: percentile(&mut waits, 0.5), p99: percentile(&mut waits, 0.99) }
    }

    /// The better one of two runs: what else the machine does can only make a run worse.
    pub fn or_better(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.rate > self.rate => other,
            _ => self,
        }
    }

    pub fn rows_on_sqlite(&self, bare: &Self) -> [Row; 2] {
        let ratio = self.p99.as_secs_f64() / bare.p99.as_secs_f64();
        let reference = Some(Reference { what: "bare writer", figure: both(bare.p50, bare.p99), ratio });
        [self.rate_beside(bare, "durable sends, 64 senders, SQLite"), Row { reference, ..self.waits("SQLite") }]
    }

    pub fn rate_beside(&self, bare: &Self, what: &str) -> Row {
        let ratio = self.rate / bare.rate;
        let held = if ratio >= 0.9 { Held::Goal } else { Held::at_least(self.rate, 25_000.0, 10_000.0) };
        let reference = Reference { what: "bare writer", figure: format!("{}/s", short(bare.rate)), ratio };
        Row {
            what: what.to_owned(),
            figure: format!("{} acked/s", short(self.rate)),
            reference: Some(reference),
            goal: "25 k/s or 0.9 of the bare writer".into(),
            must: "10 k/s".into(),
            held,
        }
    }

    pub fn rows_on_postgres(&self) -> [Row; 2] {
        let rate = Row {
            what: "durable sends, 64 senders, PostgreSQL".into(),
            figure: format!("{} acked/s", short(self.rate)),
            reference: None,
            goal: "30 k/s".into(),
            must: "10 k/s".into(),
            held: Held::at_least(self.rate, 30_000.0, 10_000.0),
        };
        [rate, self.waits("PostgreSQL")]
    }

    fn waits(&self, engine: &str) -> Row {
        let within = |p50, p99| self.p50 <= Duration::from_millis(p50) && self.p99 <= Duration::from_millis(p99);
        let held = match (within(3, 12), within(u64::MAX, 25)) {
            (true, _) => Held::Goal,
            (false, true) => Held::Must,
            (false, false) => Held::Neither,
        };
        Row {
            what: format!("their ack p50 / p99, {engine}"),
            figure: both(self.p50, self.p99),
            reference: None,
            goal: "3 / 12 ms".into(),
            must: "p99 25 ms".into(),
            held,
        }
    }
}

fn both(p50: Duration, p99: Duration) -> String {
    format!("{:.1} / {:.1} ms", p50.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3)
}

/// From a visitor's send to the agent's socket, with nothing else going on.
pub async fn to_the_other_side(binary: &Path, data: &Path) -> Result<Row> {
    let server = Server::demo(binary, data, None)?;
    let cookie = server.sign_in().await?;
    let mut took = Vec::new();
    for visitor in Visitor::start_many(&server, 4).await? {
        let mut line = Line::of_visitor(&server, &visitor).await?;
        let mut desk = Line::of_agent(&server, &cookie).await?;
        desk.watch(&visitor.session).await?;
        for _ in 1..FRAMES {
            let began = Instant::now();
            futures::try_join!(line.say(), desk.until("{\"event\""))?;
            took.push(began.elapsed());
            // Idle in between.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    let p99 = percentile(&mut took, 0.99).as_secs_f64() * 1e3;
    let p50 = percentile(&mut took, 0.5).as_secs_f64() * 1e3;
    let row = Row::small("send to the other side's socket, p99", p99, "ms", 10.0, 50.0);
    Ok(Row { figure: format!("{} (p50 {})", row.figure, short(p50)), ..row })
}
