//! Sockets with as little work per frame as possible: frames are put together as text and told apart by how they begin.

use std::{
    cell::Cell,
    hash::{BuildHasher, RandomState},
};

use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, Utf8Bytes, client::IntoClientRequest, protocol::WebSocketConfig},
};

use crate::{Result, http, process::Server};

/// Frames that one line may send before the server takes it for a flood (400 at once), hello included.
pub const FRAMES: u32 = 380;

pub struct Line(WebSocketStream<TcpStream>);

/// A chat and its key.
pub struct Visitor {
    pub token: String,
    pub session: String,
}

impl Line {
    async fn open(server: &Server, path: &str, headers: &[(&'static str, &str)]) -> Result<Self> {
        let mut request = format!("ws://{}{path}", server.address).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        let stream = TcpStream::connect(&server.address).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
        let (line, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self(line))
    }

    /// A visitor's, greeted.
    pub async fn of_visitor(server: &Server, visitor: &Visitor) -> Result<Self> {
        let mut line = Self::open(server, "/w/api/socket", &[]).await?;
        line.send(format!("{{\"hello\":{{\"v\":1,\"token\":\"{}\"}}}}", visitor.token)).await?;
        line.until("{\"welcome\"").await?;
        Ok(line)
    }

    /// An agent's, greeted.
    pub async fn of_agent(server: &Server, cookie: &str) -> Result<Self> {
        let origin = format!("http://{}", server.address);
        let mut line = Self::open(server, "/agent/socket", &[("cookie", cookie), ("origin", &origin)]).await?;
        line.send("{\"hello\":{\"v\":1}}".to_owned()).await?;
        line.until("{\"welcome\"").await?;
        Ok(line)
    }

    /// Has an agent's line hear of a chat.
    pub async fn watch(&mut self, session: &str) -> Result<()> {
        self.send(format!("{{\"watch\":{{\"session\":\"{session}\",\"after\":0,\"epoch\":\"\"}}}}")).await?;
        self.until("{\"thread\"").await?;
        Ok(())
    }

    pub async fn send(&mut self, text: String) -> Result<()> {
        Ok(self.0.send(Message::text(text)).await?)
    }

    /// The next frame that begins like this.
    pub async fn until(&mut self, beginning: &str) -> Result<Utf8Bytes> {
        loop {
            match self.0.next().await.ok_or("the line ended")?? {
                Message::Text(text) if text.starts_with(beginning) => return Ok(text),
                Message::Text(text) if text.starts_with("{\"refused\"") || text.starts_with("{\"error\"") => {
                    return Err(format!("the server refused: {text}").into());
                }
                Message::Close(farewell) => return Err(format!("the server closed the line: {farewell:?}").into()),
                _ => {}
            }
        }
    }

    /// A message, and the wait until it is acknowledged.
    pub async fn say(&mut self) -> Result<()> {
        let id = client_id();
        let words = "Are these boots waterproof, and do they come in a wide fit as well?";
        self.send(format!("{{\"send\":{{\"client_id\":\"{id}\",\"text\":\"{words}\"}}}}")).await?;
        self.until("{\"ack\"").await?;
        Ok(())
    }
}

impl Visitor {
    pub async fn start(server: &Server) -> Result<Self> {
        let body = format!(
            "{{\"site\":\"{}\",\"client_id\":\"{}\",\"answers\":{{\"name\":\"Lena\",\"question\":\"In stock?\"}}}}",
            server.site,
            client_id()
        );
        let answer =
            http::post(&server.address, "/w/api/start", &[("content-type", "application/json")], &body).await?;
        if answer.status != 200 {
            return Err(format!("a start was answered by {}: {}", answer.status, answer.body).into());
        }
        let started: serde_json::Value = serde_json::from_str(&answer.body)?;
        let text = |key: &str| started[key].as_str().unwrap_or_default().to_owned();
        Ok(Self { token: text("token"), session: text("session") })
    }

    pub async fn start_many(server: &Server, count: u32) -> Result<Vec<Self>> {
        let mut visitors = Vec::new();
        for _ in 0..count {
            visitors.push(Self::start(server).await?);
        }
        Ok(visitors)
    }
}

/// Without any order, as those of browsers: an index takes them harder than rising ones.
pub fn client_id() -> String {
    // Another beginning in every run: a database may have seen the last one's.
    thread_local!(static COUNT: Cell<u64> = Cell::new(RandomState::new().hash_one(0)));
    let half = || {
        // splitmix64
        let count = COUNT.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        COUNT.set(count);
        let z = (count ^ (count >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let (high, low) = (half(), half());
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xfff);
    format!("{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}", low >> 48 & 0xfff, low & 0xffff_ffff_ffff)
}
