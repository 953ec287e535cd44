//! A push service for tests, with one browser behind it: takes what is posted and decrypts it as that browser would.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use web_push_native::{Auth, p256::SecretKey};

/// What was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    pub path: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    /// Decrypted.
    pub body: String,
}

pub struct PushService {
    pub address: SocketAddr,
    pushed: mpsc::UnboundedReceiver<Pushed>,
    status: Arc<AtomicU16>,
    key: SecretKey,
}

/// The browser's shared secret.
const AUTH: [u8; 16] = *b"sixteen secrets!";

impl PushService {
    /// # Panics
    /// When there is no free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let key = SecretKey::from_slice(&[9; 32]).expect("a key");
        let (sender, pushed) = mpsc::unbounded_channel();
        let status = Arc::new(AtomicU16::new(201));
        let (told, secret) = (Arc::clone(&status), key.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, secret.clone(), sender.clone(), Arc::clone(&told)));
            }
        });
        Self { address, pushed, status, key }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}/browser/1", self.address)
    }

    /// The browser's public key and secret, as it tells them.
    pub fn keys(&self) -> (String, String) {
        (BASE64.encode(self.key.public_key().to_sec1_bytes()), BASE64.encode(AUTH))
    }

    /// Answers so from now on.
    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// The next message; waits for it.
    ///
    /// # Panics
    /// When the service has ended.
    pub async fn next(&mut self) -> Pushed {
        self.pushed.recv().await.expect("the push service runs")
    }

    /// Whether nothing has come that was not asked for.
    pub fn is_empty(&mut self) -> bool {
        self.pushed.try_recv().is_err()
    }
}

async fn take(
    stream: TcpStream,
    key: SecretKey,
    pushed: mpsc::UnboundedSender<Pushed>,
    status: Arc<AtomicU16>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    let status = status.load(Ordering::SeqCst);
    let answer = format!("HTTP/1.1 {status} so\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let body = web_push_native::decrypt(body, &key, &Auth::from(AUTH)).ok()?;
    pushed.send(Pushed { path, headers, body: String::from_utf8(body).ok()? }).ok()?;
    stream.write_all(answer.as_bytes()).await.ok()
}
