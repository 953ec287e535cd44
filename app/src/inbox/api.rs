//! What the dashboard asks of the server: who is asking, one service call, report its status.

use domain::{Availability, ClientId, QueueId, SessionId, Timestamp};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{Error, agent};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "inbox", input = Json)]
pub async fn inbox() -> Result<agent::Inbox, Error> {
    report(async { staff().await?.inbox().await }.await)
}

#[server(prefix = "/api", endpoint = "thread", input = Json)]
pub async fn thread(session: SessionId, after: u32, epoch: String) -> Result<agent::Thread, Error> {
    report(async { staff().await?.thread(session, after, &epoch).await }.await)
}

#[server(prefix = "/api", endpoint = "history", input = Json)]
pub async fn history(session: SessionId, before: u32) -> Result<agent::Thread, Error> {
    report(async { staff().await?.history(session, before).await }.await)
}

#[server(prefix = "/api", endpoint = "details", input = Json)]
pub async fn details(session: SessionId) -> Result<agent::Details, Error> {
    report(async { staff().await?.details(session).await }.await)
}

#[server(prefix = "/api", endpoint = "draft", input = Json)]
pub async fn draft(session: SessionId) -> Result<String, Error> {
    report(async { staff().await?.draft(session).await }.await)
}

#[server(prefix = "/api", endpoint = "save-draft", input = Json)]
pub async fn save_draft(session: SessionId, text: String) -> Result<(), Error> {
    report(async { staff().await?.save_draft(session, text).await }.await)
}

#[server(prefix = "/api", endpoint = "availability", input = Json)]
pub async fn set_availability(to: Availability) -> Result<agent::Me, Error> {
    report(async { staff().await?.set_availability(to).await }.await)
}

#[server(prefix = "/api", endpoint = "serve", input = Json)]
pub async fn serve(queues: Vec<QueueId>) -> Result<agent::Me, Error> {
    report(async { staff().await?.serve(queues).await }.await)
}

#[server(prefix = "/api", endpoint = "claim", input = Json)]
pub async fn claim(client_id: ClientId, session: SessionId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.claim(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "send", input = Json)]
pub async fn send_message(client_id: ClientId, session: SessionId, text: String) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.send(client_id, session, text).await }.await)
}

#[server(prefix = "/api", endpoint = "end", input = Json)]
pub async fn end(client_id: ClientId, session: SessionId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.end(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "close-wrap-up", input = Json)]
pub async fn close_wrap_up(client_id: ClientId, session: SessionId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.close_wrap_up(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "requeue", input = Json)]
pub async fn requeue(client_id: ClientId, session: SessionId, queue: QueueId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.requeue(client_id, session, queue).await }.await)
}

#[server(prefix = "/api", endpoint = "recent", input = Json)]
pub async fn recent(before: Option<(Timestamp, SessionId)>) -> Result<agent::Recent, Error> {
    report(async { staff().await?.desk()?.recent(before).await }.await)
}
