//! What the dashboard asks of the server: who is asking, one service call, report its status.

use domain::{AgentId, Availability, Classification, ClientId, GuardId, Outcome, QueueId, SessionId, Timestamp};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{Error, agent, composer};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "inbox", input = Json)]
pub async fn inbox() -> Result<agent::Inbox, Error> {
    report(async { staff().await?.first_inbox().await }.await)
}

#[server(prefix = "/api", endpoint = "thread", input = Json)]
pub async fn thread(session: SessionId, after: u32, epoch: String) -> Result<agent::Thread, Error> {
    report(async { staff().await?.thread(session, after, &epoch).await }.await)
}

#[server(prefix = "/api", endpoint = "history", input = Json)]
pub async fn history(session: SessionId, before: u32) -> Result<agent::Thread, Error> {
    report(async { staff().await?.history(session, before).await }.await)
}

/// The page that begins at this moment.
#[server(prefix = "/api", endpoint = "thread-at", input = Json)]
pub async fn thread_at(session: SessionId, at: Timestamp) -> Result<agent::Thread, Error> {
    report(async { staff().await?.thread_at(session, at).await }.await)
}

#[server(prefix = "/api", endpoint = "details", input = Json)]
pub async fn details(session: SessionId) -> Result<agent::Details, Error> {
    report(async { staff().await?.details(session).await }.await)
}

#[server(prefix = "/api", endpoint = "classification", input = Json)]
pub async fn read_classification(session: SessionId) -> Result<Option<agent::Classified>, Error> {
    report(async { staff().await?.classification(session).await }.await)
}

#[server(prefix = "/api", endpoint = "classify", input = Json)]
pub async fn classify(session: SessionId, rev: u32, given: Classification) -> Result<u32, Error> {
    report(async { staff().await?.classify(session, rev, given).await }.await)
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
pub async fn send_message(
    client_id: ClientId,
    session: SessionId,
    text: String,
    #[server(default)] anyway: Vec<GuardId>,
) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.send_anyway(client_id, session, text, &anyway).await }.await)
}

/// Macros, guarded words and how pastes are cleaned.
#[server(prefix = "/api", endpoint = "tools", input = Json)]
pub async fn tools() -> Result<composer::Tools, Error> {
    report(async { staff().await?.desk()?.tools().await }.await)
}

#[server(prefix = "/api", endpoint = "clean-up", input = Json)]
pub async fn clean_up(markup: String) -> Result<String, Error> {
    report(async { staff().await?.desk()?.clean_up(markup).await }.await)
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
pub async fn requeue(
    client_id: ClientId,
    session: SessionId,
    queue: QueueId,
    note: Option<String>,
) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.requeue(client_id, session, queue, note).await }.await)
}

#[server(prefix = "/api", endpoint = "destinations", input = Json)]
pub async fn destinations() -> Result<agent::Destinations, Error> {
    report(async { Ok(staff().await?.destinations()) }.await)
}

#[server(prefix = "/api", endpoint = "accept", input = Json)]
pub async fn accept(client_id: ClientId, session: SessionId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.accept(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "decline", input = Json)]
pub async fn decline(client_id: ClientId, session: SessionId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.decline(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "transfer", input = Json)]
pub async fn transfer(
    client_id: ClientId,
    session: SessionId,
    to: AgentId,
    note: Option<String>,
) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.transfer(client_id, session, to, note).await }.await)
}

#[server(prefix = "/api", endpoint = "cancel-transfer", input = Json)]
pub async fn cancel_transfer(client_id: ClientId, session: SessionId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.cancel_transfer(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "assign", input = Json)]
pub async fn assign(client_id: ClientId, session: SessionId, to: AgentId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.assign(client_id, session, to).await }.await)
}

#[server(prefix = "/api", endpoint = "reassign", input = Json)]
pub async fn reassign(client_id: ClientId, session: SessionId, to: AgentId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.supervision()?.reassign(client_id, session, to).await }.await)
}

#[server(prefix = "/api", endpoint = "add-colleague", input = Json)]
pub async fn add_colleague(client_id: ClientId, session: SessionId, agent: AgentId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.add_colleague(client_id, session, agent).await }.await)
}

#[server(prefix = "/api", endpoint = "remove-colleague", input = Json)]
pub async fn remove_colleague(client_id: ClientId, session: SessionId, agent: AgentId) -> Result<agent::Ack, Error> {
    report(async { staff().await?.desk()?.remove_colleague(client_id, session, agent).await }.await)
}

#[server(prefix = "/api", endpoint = "block", input = Json)]
pub async fn block(client_id: ClientId, session: SessionId) -> Result<(), Error> {
    report(async { staff().await?.block(client_id, session).await }.await)
}

#[server(prefix = "/api", endpoint = "unblock", input = Json)]
pub async fn unblock(session: SessionId) -> Result<(), Error> {
    report(async { staff().await?.unblock(session).await }.await)
}

#[server(prefix = "/api", endpoint = "recent", input = Json)]
pub async fn recent(outcome: Option<Outcome>, before: Option<(Timestamp, SessionId)>) -> Result<agent::Recent, Error> {
    report(async { staff().await?.desk()?.recent(outcome, before).await }.await)
}
