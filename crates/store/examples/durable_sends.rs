//! Prints how many acknowledged messages a second the writer takes, with one sender and with 64 (or as many as are named), each in a chat of its
//! own. For reading on a quiet machine; nothing asserts these figures.
//!
//! `cargo run --release -p store --example durable_sends -- sqlite:/path/on/the/disk.db [senders …]`

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use domain::{ClientId, Move};
use store::{Location, Options, Store};
use testkit::{World, act};
use uuid::Uuid;

const SECONDS: u64 = 8;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let location: Location = env::args().nth(1).ok_or("which database?")?.parse()?;
    let senders: Vec<u64> = env::args().skip(2).map(|senders| senders.parse()).collect::<Result<_, _>>()?;
    for senders in if senders.is_empty() { vec![1, 64] } else { senders } {
        let (sender, mut changes) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move { while changes.recv().await.is_some() {} });
        let store = Store::open(&location, Options::default(), sender).await?;
        let before = cpu();
        let mut waits = measure(&store, senders).await?;
        waits.sort_unstable();
        let own = cpu().saturating_sub(before).as_nanos() / waits.len().max(1) as u128;
        let rate = waits.len() as u64 / SECONDS;
        let part = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
        let (p50, p99) = (part(50), part(99));
        println!("{senders:>3} senders: {rate:>7} acked/s, p50 {p50:?}, p99 {p99:?}, own CPU {own} ns per message");
        store.close().await;
    }
    Ok(())
}

async fn measure(store: &Store, senders: u64) -> Result<Vec<Duration>, Box<dyn Error>> {
    let world = World::at(store, rand()?).await;
    let mut tasks = Vec::new();
    for sender in 0..senders {
        let chat = world.chat().await;
        let store = store.clone();
        let base = rand()?;
        tasks.push(tokio::spawn(async move {
            let mut waits = Vec::new();
            let until = Instant::now() + Duration::from_secs(SECONDS);
            for n in 0_u32.. {
                let now = Instant::now();
                if now >= until {
                    break;
                }
                // As random as the clients' ids are.
                let id = (u128::from(base) << 64 | u128::from(n) << 8 | u128::from(sender))
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
                let client = ClientId::from_uuid(Uuid::from_u128(id));
                let text = format!("Message {n}: are these boots waterproof, and do they come in a wide fit?");
                store.act(act(chat.session, chat.visitor, Move::VisitorWrites { text }, Some(client))).await?;
                waits.push(now.elapsed());
            }
            Ok::<_, store::ActError>(waits)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await??);
    }
    Ok(all)
}

/// CPU time of this process so far (Linux; clock ticks of 10 ms), the database's threads included on SQLite.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    Duration::from_millis(10 * ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>())
}

fn rand() -> Result<u64, Box<dyn Error>> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    Ok(u64::from_le_bytes(random))
}
