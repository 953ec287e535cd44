//! `GET /w/api/stream`: what the socket would tell, one frame a line, for as long as the request stays open. For
//! networks that block sockets. (`EventSource` cannot send the token in a header.)

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::SessionId;
use realtime::{Connection, Frame, Heartbeat, Signal};
use serde::Deserialize;
use services::VisitorAccess;
use tokio::sync::mpsc;
use wire::{
    PROTOCOL,
    visitor::{Hello, ServerFrame},
};

use super::{answers::Failed, frame::access};
use crate::state::AppState;

/// Where the client stands, as in hello.
#[derive(Deserialize)]
pub struct Position {
    #[serde(default)]
    after: u32,
    session: Option<SessionId>,
    #[serde(default)]
    epoch: String,
}

pub async fn stream(
    State(state): State<AppState>,
    Query(position): Query<Position>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let access = access(&state, &headers).await?;
    let connection = access.connect()?;
    let hello = Hello {
        v: PROTOCOL,
        token: String::new(),
        after: position.after,
        session: position.session,
        epoch: position.epoch,
    };
    let (lines, body) = mpsc::channel(16);
    let tasks = state.server.tasks.clone();
    tasks.spawn(async move {
        Box::pin(feed(state, access, connection, hello, lines)).await;
    });
    let body = futures::stream::unfold(body, |mut body| async move {
        let line: Bytes = body.recv().await?;
        Some((Ok::<_, Infallible>(line), body))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
        // nginx would otherwise keep lines back until its buffer is full.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Feeds the stream until the client goes, the server stops, or the connection was too slow.
async fn feed(
    state: AppState,
    access: VisitorAccess,
    mut connection: Connection,
    hello: Hello,
    lines: mpsc::Sender<Bytes>,
) -> Option<()> {
    catch_up(&access, &hello, &lines).await?;
    let mut heartbeat = Heartbeat::new(connection.id());
    loop {
        tokio::select! {
            () = state.server.shutdown.cancelled() => return None,
            () = lines.closed() => return None,
            signal = connection.next() => match signal? {
                Signal::Frame(_) if !access.let_in() => return None,
                Signal::Frame(frame) => send(&lines, &frame).await?,
                Signal::Greet => {
                    let anew = Hello { after: 0, session: None, ..hello.clone() };
                    catch_up(&access, &anew, &lines).await?;
                }
                Signal::Over => return None,
            },
            () = tokio::time::sleep(heartbeat.next()) => {
                if !access.let_in() {
                    return None;
                }
                if let Ok(vseq) = access.newest().await {
                    send(&lines, &Frame::of(&ServerFrame::Beat { vseq })).await?;
                }
            }
        }
    }
}

async fn catch_up(access: &VisitorAccess, hello: &Hello, lines: &mpsc::Sender<Bytes>) -> Option<()> {
    let mut missed = access.catch_up(hello);
    while let Some(frame) = missed.next().await.ok()? {
        send(lines, &Frame::of(&frame)).await?;
    }
    Some(())
}

async fn send(lines: &mpsc::Sender<Bytes>, frame: &Frame) -> Option<()> {
    let mut line = frame.bytes().to_vec();
    line.push(b'\n');
    lines.send(line.into()).await.ok()
}
