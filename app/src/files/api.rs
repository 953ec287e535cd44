//! What the dashboard asks of the server about files. Their bytes go by `PUT /agent/uploads/{id}`.

use domain::{AttachmentId, ClientId, SessionId};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{Error, agent::Ack, file};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "begin-upload", input = Json)]
pub async fn begin_upload(session: SessionId, file: file::NewUpload) -> Result<file::Upload, Error> {
    report(async { staff().await?.desk()?.begin_upload(session, &file).await }.await)
}

#[server(prefix = "/api", endpoint = "drop-upload", input = Json)]
pub async fn drop_upload(file: AttachmentId) -> Result<(), Error> {
    report(async { staff().await?.desk()?.drop_upload(file).await }.await)
}

#[server(prefix = "/api", endpoint = "attach", input = Json)]
pub async fn attach(client_id: ClientId, session: SessionId, file: AttachmentId) -> Result<Ack, Error> {
    report(async { staff().await?.desk()?.attach(client_id, session, file).await }.await)
}

#[server(prefix = "/api", endpoint = "allow-attachments", input = Json)]
pub async fn allow_attachments(client_id: ClientId, session: SessionId, on: bool) -> Result<Ack, Error> {
    report(async { staff().await?.desk()?.allow_attachments(client_id, session, on).await }.await)
}
