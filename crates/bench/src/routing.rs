//! From an agent who becomes free to the chat that rings them: 200 agents, each with all they may have in hand, and 2,000
//! chats waiting. One agent after another ends a chat; the time runs from the request to the frame on their socket,
//! through two commits with the decision between them.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use domain::{AgentId, Availability, QueueRules, QueueSettings, Role, Roles, Strategy, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{Location, NewAgent, NewSignIn, Options, Store};
use testkit::Ids;
use tokio::sync::mpsc;

use crate::{
    Result, http,
    line::{Line, Visitor, client_id},
    process::{Server, percentile},
    report::Row,
};

const AGENTS: u32 = 200;
const WAITING: u32 = 2_000;
/// Chats that end and are followed by another.
const TURNS: u32 = 400;

struct Agent {
    cookie: String,
    rings: mpsc::UnboundedReceiver<String>,
}

pub async fn row(binary: &Path, data: &Path) -> Result<Row> {
    Server::demo(binary, data, None)?.stop();
    let people = hire(&data.join("deskbell.db")).await?;
    let server = Server::demo(binary, data, None)?;
    let mut agents = Vec::new();
    for (id, token) in people {
        let cookie = format!("deskbell_sign_in={token}");
        let line = Line::of_agent(&server, &cookie).await?;
        agents.push(Agent { cookie, rings: listen(line, id) });
    }
    Visitor::start_many(&server, AGENTS + WAITING).await?;
    let mut in_hand = Vec::new();
    for agent in &mut agents {
        in_hand.push(agent.accept(&server).await?);
    }
    let mut waits = Vec::new();
    for turn in 0..TURNS {
        let n = (turn % AGENTS) as usize;
        let (agent, session) = (&mut agents[n], &mut in_hand[n]);
        let began = Instant::now();
        let ended = command(&server, &agent.cookie, "end", session);
        let (ended, next) = tokio::join!(ended, agent.rings.recv());
        waits.push(began.elapsed());
        ended?;
        let next = next.ok_or("the agent's line ended")?;
        command(&server, &agent.cookie, "accept", &next).await?;
        *session = next;
    }
    let millis = |wait: Duration| wait.as_secs_f64() * 1e3;
    let (median, late) = (millis(percentile(&mut waits, 0.5)), millis(percentile(&mut waits, 0.99)));
    let what = format!(
        "free agent to ringing frame, 200 agents, 2,000 waiting: p99 (p50 {} ms)",
        crate::report::short(median)
    );
    Ok(Row::small(&what, late, "ms", 10.0, 50.0))
}

impl Agent {
    /// Takes what rings.
    async fn accept(&mut self, server: &Server) -> Result<String> {
        let session = self.rings.recv().await.ok_or("the agent's line ended")?;
        command(server, &self.cookie, "accept", &session).await?;
        Ok(session)
    }
}

async fn command(server: &Server, cookie: &str, function: &str, session: &str) -> Result<()> {
    let origin = format!("http://{}", server.address);
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("origin", origin.as_str()),
        ("cookie", cookie),
    ];
    let body = format!("{{\"client_id\":\"{}\",\"session\":\"{session}\"}}", client_id());
    let answer = http::post(&server.address, &format!("/api/{function}"), &headers, &body).await?;
    if answer.status == 200 { Ok(()) } else { Err(format!("{function}: {}", answer.body).into()) }
}

/// The chats that begin to ring this agent.
fn listen(mut line: Line, agent: AgentId) -> mpsc::UnboundedReceiver<String> {
    let (sender, rings) = mpsc::unbounded_channel();
    let ringing = format!("\"ring\":{{\"to\":[\"{agent}\"]");
    tokio::spawn(async move {
        let mut last = String::new();
        while let Ok(frame) = line.until("{\"row\"").await {
            if !frame.contains(&ringing) {
                continue;
            }
            let session = serde_json::from_str::<Value>(&frame).ok();
            let session = session.and_then(|row| row["row"]["session"].as_str().map(str::to_owned)).unwrap_or_default();
            // Words in a chat that rings make a row too.
            if session != last && sender.send(session.clone()).is_err() {
                return;
            }
            last = session;
        }
    });
    rings
}

/// Straight into the database of a server that does not run: passwords would take longer than all the rest.
async fn hire(database: &Path) -> Result<Vec<(AgentId, String)>> {
    let (changes, _) = mpsc::unbounded_channel();
    let store = Store::open(&Location::Sqlite(database.to_owned()), Options::default(), changes).await?;
    let ids = Ids::seeded(0xBE7C);
    let far = Timestamp::from_micros(i64::MAX / 2);
    let now = Timestamp::from_micros(0);
    let mut people = Vec::new();
    let mut tx = store.begin().await?;
    let queue = tx.queues().await?.into_iter().next().ok_or("the demo has no queue")?;
    for n in 0..AGENTS {
        let (id, token) = (ids.agent(), format!("token-of-agent-{n:040}"));
        let roles = Roles::of([Role::Agent]);
        let (email, name) = (format!("agent-{n}@example.org"), format!("Agent {n}"));
        tx.create_agent(NewAgent { id, email, name, password_hash: "none".into(), roles, now }).await?;
        tx.set_availability(id, Availability::Online).await?;
        let token_hash = Sha256::digest(token.as_bytes()).into();
        let sign_in = NewSignIn { id: ids.sign_in(), token_hash, agent: id, now, expires_at: far };
        tx.create_sign_in(sign_in).await?;
        people.push((id, token));
    }
    let members: Vec<AgentId> = people.iter().map(|(id, _)| *id).collect();
    tx.set_queue_members(queue.id, &members).await?;
    let rules = QueueRules { wait_timeout: 3600, chat_limit: 1, ..queue.rules };
    let settings = QueueSettings { strategy: Strategy::RingByTurns, ring: 300, ..queue.settings };
    tx.update_queue(queue.id, &queue.name, rules, &settings).await?;
    tx.commit().await?;
    store.close().await;
    Ok(people)
}
