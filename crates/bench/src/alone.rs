//! The store by itself: what of the distance to the bare writer is its doing, and what the server's.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use domain::{ClientId, Move};
use store::{Location, Options, Store};
use testkit::{World, act};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    Result,
    bare::{MESSAGES, SENDERS},
    sends::Sends,
};

/// On threads of its own, as in the server.
pub fn sends(database: &Path) -> Result<Sends> {
    let location = Location::Sqlite(database.to_owned());
    let measured = thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().map_err(|cause| cause.to_string())?;
        runtime.block_on(measure(&location)).map_err(|cause| cause.to_string())
    });
    Ok(measured.join().map_err(|_| "the store panicked")??)
}

async fn measure(location: &Location) -> Result<Sends> {
    let (sender, mut changes) = mpsc::unbounded_channel();
    tokio::spawn(async move { while changes.recv().await.is_some() {} });
    let store = Store::open(location, Options::default(), sender).await?;
    let world = World::new(&store).await;
    let mut chats = Vec::new();
    for _ in 0..SENDERS {
        chats.push(world.chat().await);
    }
    let began = Instant::now();
    let senders = chats.into_iter().zip(0_u128..).map(|(chat, sender)| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut waits = Vec::with_capacity(MESSAGES as usize);
            for n in 0..u128::from(MESSAGES) {
                // As random as the clients' ids are.
                let id = (sender << 32 | n).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
                let client = ClientId::from_uuid(Uuid::from_u128(id));
                let text = "Are these boots waterproof, and do they come in a wide fit as well?".to_owned();
                let began = Instant::now();
                store.act(act(chat.session, chat.visitor, Move::VisitorWrites { text }, Some(client))).await?;
                waits.push(began.elapsed());
            }
            Ok::<_, store::ActError>(waits)
        })
    });
    let mut waits: Vec<Duration> = Vec::new();
    for sender in futures::future::join_all(senders).await {
        waits.extend(sender??);
    }
    let all = began.elapsed();
    store.close().await;
    Ok(Sends::of(waits, all))
}
