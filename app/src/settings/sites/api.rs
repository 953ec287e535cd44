//! What the page of sites asks of the server.

use domain::SiteId;
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{
    Error,
    sites::{Site, SiteDraft, Sites},
};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "sites-admin", input = Json)]
pub async fn all_sites() -> Result<Sites, Error> {
    report(async { Ok(staff().await?.administration()?.sites()) }.await)
}

#[server(prefix = "/api", endpoint = "save-site", input = Json)]
pub async fn save_site(id: SiteId, draft: SiteDraft) -> Result<Site, Error> {
    report(async { staff().await?.administration()?.save_site(id, draft).await }.await)
}
