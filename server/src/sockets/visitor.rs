//! The visitors' socket.

use std::time::Duration;

use axum::{
    extract::{State, ws::WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::FieldProblem;
use realtime::{Connection, Heartbeat, Signal};
use services::VisitorAccess;
use wire::{
    Close, Error, HELLO_SECONDS, PROTOCOL,
    visitor::{ClientFrame, Hello, ServerFrame},
};

use super::line::{Incoming, Line, bounded};
use crate::state::AppState;

pub async fn upgrade(State(state): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    // The frame has our own origin. A client that is no browser sends none; its token is what lets it in.
    if headers.contains_key(header::ORIGIN) && !state.origins.is_frame(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let task = state.server.tasks.clone();
    bounded(upgrade).on_upgrade(move |socket| {
        task.track_future(async move {
            let line = Line::new(socket, state.services.now());
            greet(line, state).await;
        })
    })
}

async fn greet(mut line: Line, state: AppState) {
    let now = || state.services.now();
    let is_hello = |frame: &ClientFrame| matches!(frame, ClientFrame::Hello(_));
    let incoming = tokio::select! {
        () = state.server.shutdown.cancelled() => return line.close(Close::GoingAway).await,
        () = tokio::time::sleep(Duration::from_secs(HELLO_SECONDS)) => return line.close(Close::HelloTimeout).await,
        incoming = line.next(is_hello, now) => incoming,
    };
    let hello = match incoming {
        Incoming::Hello(ClientFrame::Hello(hello)) => hello,
        Incoming::Close(close) => return line.close(close).await,
        Incoming::Gone => return,
        Incoming::Hello(_) | Incoming::Frame(_) | Incoming::Unknown | Incoming::Nothing => {
            return line.close(Close::Protocol).await;
        }
    };
    if hello.v != PROTOCOL {
        return line.close(Close::Version).await;
    }
    match state.services.visitor(&hello.token).await {
        Ok(access) => {
            line.welcomed();
            // Boxed: the talk's state is far larger than that of a connection which never gets so far.
            Box::pin(talk(line, state, access, hello)).await;
        }
        Err(Error::Unauthenticated) => line.close(Close::Unauthenticated).await,
        Err(_) => line.close(Close::GoingAway).await,
    }
}

async fn talk(mut line: Line, state: AppState, access: VisitorAccess, hello: Hello) {
    // Subscribe first, then tell what was missed.
    let mut connection = access.connect();
    if !catch_up(&mut line, &access, &hello).await {
        return line.close(Close::GoingAway).await;
    }
    let close = converse(&mut line, &state, &access, &mut connection, hello.token).await;
    drop(connection);
    if let Some(close) = close {
        line.close(close).await;
    }
}

async fn converse(
    line: &mut Line,
    state: &AppState,
    access: &VisitorAccess,
    connection: &mut Connection,
    token: String,
) -> Option<Close> {
    let now = || state.services.now();
    let is_hello = |frame: &ClientFrame| matches!(frame, ClientFrame::Hello(_));
    let mut heartbeat = Heartbeat::new(connection.id());
    let mut beat = tokio::time::Instant::now() + heartbeat.next();
    loop {
        let sent = tokio::select! {
            () = state.server.shutdown.cancelled() => return Some(Close::GoingAway),
            signal = connection.next() => match signal {
                Some(Signal::Frame(frame)) => line.send_encoded(frame.bytes()).await,
                Some(Signal::Greet) => {
                    let anew = Hello { v: PROTOCOL, token: token.clone(), after: 0, session: None, epoch: String::new() };
                    catch_up(line, access, &anew).await
                }
                None => return Some(Close::TooSlow),
            },
            incoming = line.next(is_hello, now) => match incoming {
                Incoming::Frame(frame) => match access.handle(frame).await {
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
            () = tokio::time::sleep_until(beat) => {
                beat = tokio::time::Instant::now() + heartbeat.next();
                if let Some(close) = line.overdue(now()) {
                    return Some(close);
                }
                match access.newest().await {
                    Ok(vseq) => line.send(&ServerFrame::Beat { vseq }).await,
                    Err(_) => true,
                }
            }
        };
        if !sent {
            return None;
        }
    }
}

/// `false` when the line or the database is gone.
async fn catch_up(line: &mut Line, access: &VisitorAccess, hello: &Hello) -> bool {
    let mut missed = access.catch_up(hello);
    loop {
        match missed.next().await {
            Ok(Some(frame)) if line.send(&frame).await => {}
            Ok(None) => return true,
            Ok(Some(_)) | Err(_) => return false,
        }
    }
}
