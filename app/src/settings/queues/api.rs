//! What the pages of queues, hours, automated responses and people ask of the server.

use domain::{AgentId, AutoTexts, Hours, QueueId};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{
    Error,
    queues::{HoursNow, Person, Queue, QueueDraft, Queues},
};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "queues-admin", input = Json)]
pub async fn all_queues() -> Result<Queues, Error> {
    report(async { Ok(staff().await?.administration()?.queues()) }.await)
}

#[server(prefix = "/api", endpoint = "save-queue", input = Json)]
pub async fn save_queue(id: Option<QueueId>, draft: QueueDraft) -> Result<Queue, Error> {
    report(async { staff().await?.administration()?.save_queue(id, draft).await }.await)
}

#[server(prefix = "/api", endpoint = "save-hours", input = Json)]
pub async fn save_hours(id: QueueId, hours: Option<Hours>) -> Result<Queue, Error> {
    report(async { staff().await?.administration()?.save_hours(id, hours).await }.await)
}

#[server(prefix = "/api", endpoint = "save-texts", input = Json)]
pub async fn save_texts(id: QueueId, texts: AutoTexts) -> Result<Queue, Error> {
    report(async { staff().await?.administration()?.save_texts(id, texts).await }.await)
}

#[server(prefix = "/api", endpoint = "delete-queue", input = Json)]
pub async fn delete_queue(id: QueueId) -> Result<(), Error> {
    report(async { staff().await?.administration()?.delete_queue(id).await }.await)
}

#[server(prefix = "/api", endpoint = "set-chat-limit", input = Json)]
pub async fn set_chat_limit(agent: AgentId, limit: u32) -> Result<Person, Error> {
    report(async { staff().await?.administration()?.set_chat_limit(agent, limit).await }.await)
}

#[server(prefix = "/api", endpoint = "preview-hours", input = Json)]
pub async fn preview_hours(hours: Hours) -> Result<HoursNow, Error> {
    report(async { staff().await?.administration()?.preview_hours(&hours) }.await)
}

#[server(prefix = "/api", endpoint = "zones", input = Json)]
pub async fn zones() -> Result<Vec<String>, Error> {
    report(async { Ok(staff().await?.administration()?.zones()) }.await)
}
