//! What is passed on and not kept: a visitor types, the agent's socket hears it. Through the whole way, with who may,
//! routing and encoding; beside a TCP echo, which does nothing of it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    Result,
    echo::Passed,
    line::{FRAMES, Line, Visitor},
    process::Server,
    report::{Held, Reference, Row, short},
};

const PAIRS: u32 = 64;
/// Lines that each visitor uses up, one after the other.
const LINES: u32 = 8;

pub async fn measure(binary: &Path, data: &Path) -> Result<Passed> {
    let server = Server::demo(binary, data, None)?;
    let cookie = server.sign_in().await?;
    let mut pairs = Vec::new();
    for visitor in Visitor::start_many(&server, PAIRS).await? {
        let mut lines = Vec::new();
        for _ in 0..LINES {
            lines.push(Line::of_visitor(&server, &visitor).await?);
        }
        let mut desk = Line::of_agent(&server, &cookie).await?;
        desk.watch(&visitor.session).await?;
        pairs.push((lines, desk));
    }
    let cpu = server.process.cpu()?;
    let began = Instant::now();
    futures::future::try_join_all(pairs.iter_mut().map(|(lines, desk)| relay(lines, desk))).await?;
    let took = began.elapsed();
    let events = PAIRS * LINES * (FRAMES - 1);
    let cpu = server.process.cpu()?.saturating_sub(cpu) / events;
    Ok(Passed { rate: f64::from(events) / took.as_secs_f64(), cpu })
}

impl Passed {
    pub fn rows_beside(&self, echo: &Self) -> [Row; 2] {
        let ratio = self.rate / echo.rate;
        let relayed = Row {
            what: "relay of typing, 64 pairs".into(),
            figure: format!("{}/s", short(self.rate)),
            reference: Some(Reference { what: "TCP echo", figure: format!("{}/s", short(echo.rate)), ratio }),
            goal: "0.6 of echo".into(),
            must: "0.4 of echo".into(),
            held: Held::at_least(ratio, 0.6, 0.4),
        };
        let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6;
        let (own, bare) = (micros(self.cpu), micros(echo.cpu));
        let reference = Reference { what: "TCP echo", figure: format!("{} µs", short(bare)), ratio: own / bare };
        let cost = Row::small("server's processor time of one", own, "µs", 8.0, 12.0);
        [relayed, Row { reference: Some(reference), ..cost }]
    }
}

/// One at a time in each pair, as in the echo.
async fn relay(lines: &mut [Line], desk: &mut Line) -> Result<()> {
    for line in lines {
        for n in 1..FRAMES {
            line.send(format!("{{\"typing\":{{\"on\":{}}}}}", n % 2 == 0)).await?;
            desk.until("{\"typing\"").await?;
        }
    }
    Ok(())
}
