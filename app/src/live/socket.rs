//! The loop of the agents' socket: connect, hello, listen, and again when it breaks.

use std::future::poll_fn;

use domain::Span;
use futures::{FutureExt, SinkExt, StreamExt, channel::mpsc, select, stream::Fuse};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use sync::{Backoff, Pulse};
use wire::{
    Close, PROTOCOL,
    agent::{ClientFrame, ServerFrame},
};

use super::{Line, Live, Say};
use crate::browser;

/// How often the line's pulse is felt, in milliseconds.
const FEEL: u32 = 1_000;

pub fn start(live: Live) {
    let (sender, receiver) = mpsc::unbounded::<Say>();
    live.speaker.set_value(Some(std::sync::Arc::new(move |what| {
        // Fails only when the loop has ended, and that only ends with the page.
        let _ = sender.unbounded_send(what);
    })));
    browser::on_wake(move || {
        live.say(Say::Wake);
        mark_open(live);
    });
    browser::on_look(move || crate::alerts::look(live));
    spawn_local(run(live, receiver));
}

async fn run(live: Live, mut asked: mpsc::UnboundedReceiver<Say>) {
    let mut backoff = Backoff::default();
    loop {
        let code = connection(live, &mut asked, &mut backoff).await;
        if code == Some(Close::Unauthenticated.code()) {
            browser::go_to(&crate::console::sign_in_address(&browser::here()));
            return;
        }
        if code == Some(Close::Version.code()) {
            // A newer server: its page speaks its protocol.
            let _ = window().location().reload();
            return;
        }
        wait(live, &mut asked, backoff.next(js_sys::Math::random())).await;
    }
}

/// One connection from opening to its end; the close code, if there was one.
async fn connection(live: Live, asked: &mut mpsc::UnboundedReceiver<Say>, backoff: &mut Backoff) -> Option<u16> {
    let mut socket = WebSocket::open(&address()?).ok()?.fuse();
    send(&mut socket, &ClientFrame::Hello { v: PROTOCOL }).await?;
    let mut pulse = Pulse::new(now());
    let mut welcome = false;
    loop {
        let mut feel = TimeoutFuture::new(FEEL).fuse();
        select! {
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(json))) => {
                    pulse.heard(now());
                    // A frame that this version does not know is not for it.
                    let Ok(frame) = serde_json::from_slice::<ServerFrame>(json.as_bytes()) else { continue };
                    let begins = matches!(frame, ServerFrame::Welcome { .. });
                    if begins {
                        welcome = true;
                        backoff.reset();
                    }
                    live.apply(frame);
                    if begins {
                        crate::alerts::look(live);
                        live.hurry();
                    }
                    if welcome {
                        mark_open(live);
                    }
                }
                Some(Ok(Message::Bytes(_))) => {}
                Some(Err(WebSocketError::ConnectionClose(event))) => return Some(event.code),
                Some(Err(_)) | None => return None,
            },
            say = asked.select_next_some() => match say {
                Say::Frame(frame) if welcome => send(&mut socket, &frame).await?,
                Say::Frame(_) => {}
                Say::Wake | Say::Now => {
                    pulse.pinged(now());
                    if welcome {
                        send(&mut socket, &ClientFrame::Ping).await?;
                    }
                }
            },
            () = feel => if pulse.dead(now()) { return None },
        }
    }
}

/// `None` when the socket takes nothing more: it may have begun to close before the loop has heard of it, and a send
/// would then only complain on the console.
async fn send(socket: &mut Fuse<WebSocket>, frame: &ClientFrame) -> Option<()> {
    // Ready is also what a socket is that never came to be.
    poll_fn(|context| socket.poll_ready_unpin(context)).await.ok()?;
    if !matches!(socket.get_ref().state(), State::Open) {
        return None;
    }
    socket.send(text(frame)?).await.ok()
}

/// Until the next attempt, or until somebody asks for it at once.
async fn wait(live: Live, asked: &mut mpsc::UnboundedReceiver<Say>, pause: sync::Millis) {
    let next = browser::clock() + Span::seconds(pause.div_euclid(1000)) + Span::seconds(1);
    live.line.set(Line::Lost { next });
    let mut over = TimeoutFuture::new(u32::try_from(pause).unwrap_or(15_000)).fuse();
    loop {
        select! {
            () = over => break,
            say = asked.select_next_some() => if matches!(say, Say::Wake | Say::Now) { break },
        }
    }
    live.line.set(Line::Trying);
}

fn mark_open(live: Live) {
    let me = live.me.with_untracked(|me| me.id);
    for session in live.shown() {
        if live.row(session).is_some_and(|row| row.owner == Some(me)) {
            live.mark(session);
        }
    }
}

fn address() -> Option<String> {
    let location = window().location();
    let secure = location.protocol().ok()? == "https:";
    let host = location.host().ok()?;
    Some(if secure { format!("wss://{host}/agent/socket") } else { format!("ws://{host}/agent/socket") })
}

fn text(frame: &ClientFrame) -> Option<Message> {
    serde_json::to_string(frame).ok().map(Message::Text)
}

fn now() -> sync::Millis {
    browser::clock().millis()
}
