//! Reference: what a round trip over TCP costs when nothing is done with it.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{Result, process::Process};

const CONNECTIONS: u32 = 64;
const BYTES: usize = 200;
const TRIPS: u32 = 6_000;

/// What passing something on comes to.
pub struct Passed {
    /// How many a second.
    pub rate: f64,
    /// The server's processor time of one.
    pub cpu: Duration,
}

impl Passed {
    /// The better one of two runs.
    pub fn or_better(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.rate > self.rate => other,
            _ => self,
        }
    }
}

/// As a process of its own, so that its processor time can be told from the client's.
pub fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        loop {
            let (mut stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while let Ok(read) = stream.read(&mut buffer).await {
                    if read == 0 || stream.write_all(&buffer[..read]).await.is_err() {
                        return;
                    }
                }
            });
        }
    })
}

pub async fn measure() -> Result<Passed> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg("echo").stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let process = Process::of(child);
    let address = line.trim().to_owned();

    let mut streams = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(&address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let cpu = process.cpu()?;
    let began = Instant::now();
    futures::future::try_join_all(streams.iter_mut().map(trips)).await?;
    let took = began.elapsed();
    let total = CONNECTIONS * TRIPS;
    Ok(Passed { rate: f64::from(total) / took.as_secs_f64(), cpu: process.cpu()?.saturating_sub(cpu) / total })
}

async fn trips(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut buffer = [b'x'; BYTES];
    for _ in 0..TRIPS {
        stream.write_all(&buffer).await?;
        stream.read_exact(&mut buffer).await?;
    }
    Ok(())
}
