//! The visitors' socket.

use std::{pin::pin, time::Duration};

use axum::{
    extract::{State, ws::WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::FieldProblem;
use realtime::{Connection, Heartbeat, Signal};
use services::{Services, VisitorAccess};
use tokio_util::sync::CancellationToken;
use wire::{
    Close, Conflict, Error, HELLO_SECONDS, PROTOCOL,
    visitor::{ClientFrame, Hello, ServerFrame},
};

use super::line::{Incoming, Line, bounded};
use crate::state::AppState;

pub async fn upgrade(State(state): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    // The frame has our own origin. A client that is no browser sends none; its token is what lets it in.
    if headers.contains_key(header::ORIGIN) && !state.origins.is_frame(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (services, server) = (state.services, state.server);
    let task = server.tasks.clone();
    bounded(upgrade).on_upgrade(move |socket| {
        task.track_future(async move {
            let line = Line::new(socket, services.now());
            serve(line, services, server.shutdown).await;
        })
    })
}

/// One line from its first frame to its last. A future is as large as the largest thing that happens in it, and this one
/// stands idle ten thousand times over: what happens only now and then is in boxes, which are gone when it has happened.
async fn serve(mut line: Line, services: Services, shutdown: CancellationToken) {
    let greeted = Box::pin(greet(&mut line, &services, &shutdown)).await;
    let close = match greeted {
        Ok((access, connection)) => converse(&mut line, &services, &shutdown, access, connection).await,
        Err(close) => close,
    };
    if let Some(close) = close {
        Box::pin(line.close(close)).await;
    }
}

/// From hello to what was missed; or how the line ends, `None` when the other side is gone.
async fn greet(
    line: &mut Line,
    services: &Services,
    shutdown: &CancellationToken,
) -> Result<(VisitorAccess, Connection), Option<Close>> {
    let now = || services.now();
    let incoming = tokio::select! {
        () = shutdown.cancelled() => return Err(Some(Close::GoingAway)),
        () = tokio::time::sleep(Duration::from_secs(HELLO_SECONDS)) => return Err(Some(Close::HelloTimeout)),
        incoming = line.next(is_hello, now) => incoming,
    };
    let hello = match incoming {
        Incoming::Hello(ClientFrame::Hello(hello)) => hello,
        Incoming::Close(close) => return Err(Some(close)),
        Incoming::Gone => return Err(None),
        Incoming::Hello(_) | Incoming::Frame(_) | Incoming::Unknown | Incoming::Nothing => {
            return Err(Some(Close::Protocol));
        }
    };
    if hello.v != PROTOCOL {
        return Err(Some(Close::Version));
    }
    let access = services.visitor(&hello.token).await.map_err(|error| match error {
        Error::Unauthenticated => Some(Close::Unauthenticated),
        Error::Conflict(Conflict::Unidentified) => Some(Close::Unidentified),
        _ => Some(Close::GoingAway),
    })?;
    line.welcomed();
    // Subscribe first, then tell what was missed.
    let connection = access.connect().map_err(|_| Some(Close::RateLimited))?;
    if catch_up(line, &access, &hello).await { Ok((access, connection)) } else { Err(Some(Close::GoingAway)) }
}

async fn converse(
    line: &mut Line,
    services: &Services,
    shutdown: &CancellationToken,
    access: VisitorAccess,
    mut connection: Connection,
) -> Option<Close> {
    let now = || services.now();
    let mut heartbeat = Heartbeat::new(connection.id());
    // Made once and not for every frame: each is entered in a list behind a lock.
    let mut stop = pin!(shutdown.cancelled());
    let mut beat = pin!(tokio::time::sleep(heartbeat.next()));
    loop {
        let sent = tokio::select! {
            () = &mut stop => return Some(Close::GoingAway),
            signal = connection.next() => match signal {
                Some(Signal::Frame(_)) if !access.let_in() => return Some(Close::Unidentified),
                Some(Signal::Frame(frame)) => line.send_encoded(frame.bytes()).await,
                Some(Signal::Greet) => Box::pin(catch_up_anew(line, &access)).await,
                Some(Signal::Over) => return Some(Close::GoingAway),
                None => return Some(Close::TooSlow),
            },
            incoming = line.next(is_hello, now) => match incoming {
                Incoming::Frame(_) if !access.let_in() => return Some(Close::Unidentified),
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
            () = &mut beat => {
                if !access.let_in() {
                    return Some(Close::Unidentified);
                }
                beat.as_mut().reset(tokio::time::Instant::now() + heartbeat.next());
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

async fn catch_up_anew(line: &mut Line, access: &VisitorAccess) -> bool {
    let anew = Hello { v: PROTOCOL, token: String::new(), after: 0, session: None, epoch: String::new() };
    catch_up(line, access, &anew).await
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

const fn is_hello(frame: &ClientFrame) -> bool {
    matches!(frame, ClientFrame::Hello(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the future of an idle line takes, without the heap behind it.
    const MOST_BYTES: usize = 3 * 1024;

    #[test]
    fn an_idle_line_is_small() {
        fn size_of_future<A, B, C, F>(_: impl Fn(A, B, C) -> F) -> usize {
            size_of::<F>()
        }
        let size = size_of_future(serve);
        assert!(size <= MOST_BYTES, "the future of a visitor's line has grown to {size} bytes");
    }
}
