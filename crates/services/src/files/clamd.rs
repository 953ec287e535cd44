//! The virus scanner: clamd, told the file over a socket with `INSTREAM` (clamd(8)).

use std::{io, path::PathBuf, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Between one step and the next. Scanning the last piece of a large archive takes its time.
const PATIENCE: Duration = Duration::from_mins(1);
const PIECE: usize = 64 * 1024;
/// Longest answer that is read.
const ANSWER: u64 = 4096;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// `host:port`.
    Tcp(String),
    Unix(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// What it is called.
    Found(String),
}

impl Scanner {
    /// An error means that nobody has looked: the file must not be taken then.
    pub async fn scan(&self, file: impl AsyncRead + Unpin) -> io::Result<Verdict> {
        match self {
            Self::Tcp(address) => ask(soon(TcpStream::connect(address)).await?, file).await,
            #[cfg(unix)]
            Self::Unix(path) => ask(soon(tokio::net::UnixStream::connect(path)).await?, file).await,
            #[cfg(not(unix))]
            Self::Unix(_) => Err(io::Error::other("there are no Unix sockets on this system")),
        }
    }
}

async fn ask(mut line: impl AsyncRead + AsyncWrite + Unpin, mut file: impl AsyncRead + Unpin) -> io::Result<Verdict> {
    soon(line.write_all(b"zINSTREAM\0")).await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).await?;
        let length = u32::try_from(read).map_err(io::Error::other)?;
        let sent = async {
            line.write_all(&length.to_be_bytes()).await?;
            line.write_all(&piece[..read]).await
        };
        if let Err(cause) = soon(sent).await {
            // It hangs up on files that are too large for it, with a word about that.
            return heard(&mut line).await.and(Err(cause));
        }
        if read == 0 {
            break;
        }
    }
    heard(&mut line).await
}

async fn heard(line: &mut (impl AsyncRead + Unpin)) -> io::Result<Verdict> {
    let mut answer = Vec::new();
    soon(line.take(ANSWER).read_to_end(&mut answer)).await?;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_end_matches(['\0', '\n']);
    let verdict = answer.strip_prefix("stream: ").unwrap_or(answer);
    match (verdict, verdict.strip_suffix(" FOUND")) {
        ("OK", _) => Ok(Verdict::Clean),
        (_, Some(name)) => Ok(Verdict::Found(name.to_owned())),
        _ => Err(io::Error::other(format!("clamd said {verdict:?}"))),
    }
}

async fn soon<T>(step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(PATIENCE, step).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}
