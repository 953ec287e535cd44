//! The dashboard's socket. Who is asking stands in the sign-in cookie, so the request's origin has to be our own.

use std::{pin::pin, time::Duration};

use axum::{
    extract::{State, ws::WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::FieldProblem;
use realtime::Heartbeat;
use services::{AgentLine, Rights};
use wire::{
    Close, Error, HELLO_SECONDS, PROTOCOL,
    agent::{ClientFrame, ServerFrame},
};

use super::line::{Incoming, Line, bounded};
use crate::{sign_in::token_of, state::AppState};

/// How often a line's rights are looked at again: a revoked one ends within 5 s (DECISIONS: Who may).
const RIGHTS: Duration = Duration::from_secs(4);

/// The largest frame: a welcome holds the whole inbox, about 600 bytes a line. It is held back only for as long as one
/// send may take, and the people on this socket are known by name.
const INBOX_BYTES: usize = 16 * 1024 * 1024;

pub async fn upgrade(State(state): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !state.origins.is_dashboard(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let token = token_of(&headers).unwrap_or_default();
    let task = state.server.tasks.clone();
    bounded(upgrade).max_write_buffer_size(INBOX_BYTES).on_upgrade(move |socket| {
        task.track_future(async move {
            let line = Line::new(socket, state.services.now());
            greet(line, state, token).await;
        })
    })
}

async fn greet(mut line: Line, state: AppState, token: String) {
    // Answered with a close code instead of a status: a browser shows a script nothing of a refused upgrade.
    let staff = match state.services.staff(&token).await {
        Ok(staff) => staff,
        Err(Error::Unauthenticated) => return line.close(Close::Unauthenticated).await,
        Err(_) => return line.close(Close::GoingAway).await,
    };
    let now = || state.services.now();
    let is_hello = |frame: &ClientFrame| matches!(frame, ClientFrame::Hello { .. });
    let incoming = tokio::select! {
        () = state.server.shutdown.cancelled() => return line.close(Close::GoingAway).await,
        () = tokio::time::sleep(Duration::from_secs(HELLO_SECONDS)) => return line.close(Close::HelloTimeout).await,
        incoming = line.next(is_hello, now) => incoming,
    };
    match incoming {
        Incoming::Hello(ClientFrame::Hello { v: PROTOCOL }) => line.welcomed(),
        Incoming::Hello(_) => return line.close(Close::Version).await,
        Incoming::Close(close) => return line.close(close).await,
        Incoming::Gone => return,
        Incoming::Frame(_) | Incoming::Unknown | Incoming::Nothing => return line.close(Close::Protocol).await,
    }
    let mut agent = staff.connect();
    let close = match agent.welcome().await {
        Ok(welcome) if line.send(&welcome).await => Box::pin(converse(&mut line, &state, &mut agent)).await,
        Ok(_) => None,
        Err(_) => Some(Close::GoingAway),
    };
    drop(agent);
    if let Some(close) = close {
        line.close(close).await;
    }
}

async fn converse(line: &mut Line, state: &AppState, agent: &mut AgentLine) -> Option<Close> {
    let now = || state.services.now();
    let is_hello = |frame: &ClientFrame| matches!(frame, ClientFrame::Hello { .. });
    let mut heartbeat = Heartbeat::new(agent.id());
    // Made once and not for every frame: each is entered in a list behind a lock.
    let mut stop = pin!(state.server.shutdown.cancelled());
    let mut beat = pin!(tokio::time::sleep(heartbeat.next()));
    let mut rights = tokio::time::interval(RIGHTS);
    rights.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let sent = tokio::select! {
            () = &mut stop => return Some(Close::GoingAway),
            frame = agent.next() => match frame {
                Some(frame) => line.send_encoded(frame.bytes()).await,
                None => return Some(Close::TooSlow),
            },
            incoming = line.next(is_hello, now) => match incoming {
                Incoming::Frame(frame) => match agent.handle(frame).await {
                    Some(answer) => line.send(&answer).await,
                    None => true,
                },
                Incoming::Unknown => {
                    line.send(&ServerFrame::Error(Error::invalid("frame", FieldProblem::Unknown))).await
                }
                Incoming::Nothing => true,
                Incoming::Close(close) => return Some(close),
                Incoming::Hello(_) => return Some(Close::Protocol),
                Incoming::Gone => return None,
            },
            _ = rights.tick() => {
                match agent.rights().await {
                    Rights::Same => true,
                    Rights::Changed => return Some(Close::GoingAway),
                    Rights::Gone => return Some(Close::Unauthenticated),
                }
            }
            () = &mut beat => {
                beat.as_mut().reset(tokio::time::Instant::now() + heartbeat.next());
                if let Some(close) = line.overdue(now()) {
                    return Some(close);
                }
                let frame = agent.beat().await;
                line.send(&frame).await
            }
        };
        if !sent {
            return None;
        }
    }
}
