//! Reference: the least that a durable message can cost on this schema. One thread takes whatever waits, writes it in one
//! transaction by two prepared statements, and answers after the commit; no protocol, no rules, no reading.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

use crate::{Result, sends::Sends};

pub const SENDERS: u32 = 64;
pub const MESSAGES: u32 = 2_000;
/// As many as the store takes at once.
const GROUP: usize = 512;

struct Message {
    chat: u32,
    client: [u8; 16],
    done: oneshot::Sender<()>,
}

struct Chat {
    id: Vec<u8>,
    visitor: Vec<u8>,
    seq: i64,
    vseq: i64,
}

/// In the chats of a database that the server has left.
pub async fn group_commits(database: &Path) -> Result<Sends> {
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    let chats = chats(&connection)?;
    let (sender, receiver) = mpsc::channel(SENDERS as usize);
    let writer = thread::spawn(move || write(&connection, chats, receiver).map_err(|cause| cause.to_string()));

    let began = Instant::now();
    let senders = (0..SENDERS).map(|chat| send(chat, sender.clone()));
    let took = futures::future::join_all(senders).await;
    let all = began.elapsed();
    drop(sender);
    writer.join().map_err(|_| "the bare writer panicked")??;
    Ok(Sends::of(took.concat(), all))
}

async fn send(chat: u32, to: mpsc::Sender<Message>) -> Vec<Duration> {
    let mut took = Vec::with_capacity(MESSAGES as usize);
    let mut random = u128::from(chat) + 1;
    for _ in 0..MESSAGES {
        random = random.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let (done, answer) = oneshot::channel();
        let began = Instant::now();
        if to.send(Message { chat, client: random.to_be_bytes(), done }).await.is_err() || answer.await.is_err() {
            break;
        }
        took.push(began.elapsed());
    }
    took
}

fn chats(connection: &Connection) -> Result<Vec<Chat>> {
    let mut chats = connection.prepare("SELECT id, visitor_id, seq, vseq FROM sessions LIMIT ?1")?;
    let chats = chats.query_map([SENDERS], |row| {
        Ok(Chat { id: row.get(0)?, visitor: row.get(1)?, seq: row.get(2)?, vseq: row.get(3)? })
    })?;
    Ok(chats.collect::<std::result::Result<_, _>>()?)
}

fn write(connection: &Connection, mut chats: Vec<Chat>, mut messages: mpsc::Receiver<Message>) -> rusqlite::Result<()> {
    let mut event = connection.prepare(
        "INSERT INTO session_events (session_id, seq, vseq, at, author_kind, author_id, kind, data, client_id)
         VALUES (?1, ?2, ?3, 1795000000000000, 'visitor', ?4, 'message',
             '{\"text\":\"Are these boots waterproof, and do they come in a wide fit as well?\"}', ?5)",
    )?;
    let mut head = connection.prepare(
        "UPDATE sessions SET seq = ?2, vseq = ?3, last_at = 1795000000000000, unread = unread + 1,
             last_text = 'Are these boots waterproof, and do they come in a wide fit as well?'
         WHERE id = ?1",
    )?;
    let mut group = Vec::with_capacity(GROUP);
    while messages.blocking_recv_many(&mut group, GROUP) > 0 {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for message in &group {
            let chat = &mut chats[message.chat as usize];
            chat.seq += 1;
            chat.vseq += 1;
            event.execute(params![chat.id, chat.seq, chat.vseq, chat.visitor, message.client])?;
            head.execute(params![chat.id, chat.seq, chat.vseq])?;
        }
        connection.execute_batch("COMMIT")?;
        for message in group.drain(..) {
            // Who asked may be gone.
            let _ = message.done.send(());
        }
    }
    Ok(())
}
