use leptos::{prelude::*, server_fn::codec::Json};
use wire::{Error, agent};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "resolved", input = Json)]
pub async fn resolved(filter: agent::ResolvedFilter) -> Result<agent::Resolved, Error> {
    report(async { staff().await?.supervision()?.resolved(filter).await }.await)
}
