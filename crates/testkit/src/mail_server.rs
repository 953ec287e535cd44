//! A mail server for tests: speaks SMTP on a port of its own and keeps what it is given.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// One letter as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and text, with the dots of the transport taken away.
    pub data: String,
}

pub struct MailServer {
    pub address: SocketAddr,
    posted: mpsc::UnboundedReceiver<Posted>,
    /// So many letters are put off with 451 before one is taken.
    busy: Arc<AtomicU32>,
    /// Every recipient is unknown.
    refuses: Arc<AtomicBool>,
}

impl MailServer {
    /// # Panics
    /// When there is no free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, posted) = mpsc::unbounded_channel();
        let busy = Arc::new(AtomicU32::new(0));
        let refuses = Arc::new(AtomicBool::new(false));
        let (told, knows_nobody) = (Arc::clone(&busy), Arc::clone(&refuses));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, sender.clone(), Arc::clone(&told), Arc::clone(&knows_nobody)));
            }
        });
        Self { address, posted, busy, refuses }
    }

    /// For `mail.server`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn busy_for(&self, letters: u32) {
        self.busy.store(letters, Ordering::SeqCst);
    }

    /// From now on nobody is known here.
    pub fn refuse(&self) {
        self.refuses.store(true, Ordering::SeqCst);
    }

    /// The next letter; waits for it.
    ///
    /// # Panics
    /// When the server has ended.
    pub async fn next(&mut self) -> Posted {
        self.posted.recv().await.expect("the mail server runs")
    }

    /// Whether nothing has come that was not asked for.
    pub fn is_empty(&mut self) -> bool {
        self.posted.try_recv().is_err()
    }
}

async fn converse(
    stream: TcpStream,
    posted: mpsc::UnboundedSender<Posted>,
    busy: Arc<AtomicU32>,
    refuses: Arc<AtomicBool>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 test").await?;
    let mut letter = Posted { from: String::new(), to: Vec::new(), data: String::new() };
    loop {
        let line = read(&mut stream).await?;
        let (verb, rest) = line.split_at(line.len().min(4));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => say(&mut stream, "250-test\r\n250 8BITMIME").await?,
            "HELO" | "RSET" | "NOOP" => say(&mut stream, "250 ok").await?,
            "MAIL" => {
                letter = Posted { from: rest.to_owned(), to: Vec::new(), data: String::new() };
                let late = busy.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
                say(&mut stream, if late { "451 later" } else { "250 ok" }).await?;
            }
            "RCPT" => {
                letter.to.push(rest.to_owned());
                let unknown = refuses.load(Ordering::SeqCst);
                say(&mut stream, if unknown { "550 no such mailbox" } else { "250 ok" }).await?;
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                loop {
                    let line = read(&mut stream).await?;
                    if line == "." {
                        break;
                    }
                    letter.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    letter.data.push('\n');
                }
                posted.send(letter.clone()).ok()?;
                say(&mut stream, "250 taken").await?;
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return Some(());
            }
            _ => say(&mut stream, "502 what").await?,
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let bytes = stream.read_line(&mut line).await.ok()?;
    (bytes > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> Option<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()
}
