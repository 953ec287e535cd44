//! What the page of sites asks of the server.

use domain::{SecretId, SiteId};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{
    Error,
    sites::{NewSecret, Secret, Site, SiteDraft, Sites},
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

#[server(prefix = "/api", endpoint = "site-secrets", input = Json)]
pub async fn site_secrets(site: SiteId) -> Result<Vec<Secret>, Error> {
    report(async { staff().await?.administration()?.site_secrets(site).await }.await)
}

#[server(prefix = "/api", endpoint = "make-site-secret", input = Json)]
pub async fn make_site_secret(site: SiteId) -> Result<NewSecret, Error> {
    report(async { staff().await?.administration()?.make_site_secret(site).await }.await)
}

#[server(prefix = "/api", endpoint = "retire-site-secret", input = Json)]
pub async fn retire_site_secret(site: SiteId, secret: SecretId) -> Result<Vec<Secret>, Error> {
    report(async { staff().await?.administration()?.retire_site_secret(site, secret).await }.await)
}
