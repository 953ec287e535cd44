//! What a visitor costs who has the chat open and does nothing.

use std::{path::Path, time::Duration};

use crate::{
    Result,
    line::{Line, Visitor},
    process::Server,
    report::Row,
};

/// Connected before the first look, so that what is made once is not counted.
const BEFORE: u32 = 200;
const COUNTED: u32 = 2_000;

pub async fn row(binary: &Path, data: &Path) -> Result<Row> {
    let server = Server::demo(binary, data, None)?;
    let visitors = Visitor::start_many(&server, BEFORE + COUNTED).await?;
    server.stop();
    // A fresh process, whose memory has no holes left by other work.
    let server = Server::demo(binary, data, None)?;
    let (before, counted) = visitors.split_at(BEFORE as usize);
    let mut lines = Vec::new();
    for visitor in before {
        lines.push(Line::of_visitor(&server, visitor).await?);
    }
    let empty = settled(&server).await?;
    for visitor in counted {
        lines.push(Line::of_visitor(&server, visitor).await?);
    }
    let full = settled(&server).await?;
    #[expect(clippy::cast_precision_loss, reason = "bytes for reading")]
    let each = full.saturating_sub(empty) as f64 / f64::from(COUNTED) / 1_000.0;
    Ok(Row::small("memory of an idle visitor's socket (2,000 of them)", each, "KB", 10.0, 24.0))
}

/// Once what the connections set off has been done.
async fn settled(server: &Server) -> Result<u64> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.process.resident()
}
