use domain::{AlertPrefs, AlertWay};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{
    Error,
    agent::{self, AlertTest, PushSubscription},
};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "alerts", input = Json)]
pub async fn alerts() -> Result<agent::Alerts, Error> {
    report(async { staff().await?.alerts().await }.await)
}

#[server(prefix = "/api", endpoint = "alerts-set", input = Json)]
pub async fn set_alerts(prefs: AlertPrefs) -> Result<(), Error> {
    report(async { staff().await?.set_alerts(prefs).await }.await)
}

#[server(prefix = "/api", endpoint = "alerts-test", input = Json)]
pub async fn test_alert(way: AlertWay) -> Result<AlertTest, Error> {
    report(async { staff().await?.test_alert(way).await }.await)
}

/// Called by `app/scripts/alerts.js`, as is the next.
#[server(prefix = "/api", endpoint = "alerts-subscribe", input = Json)]
pub async fn subscribe(browser: PushSubscription) -> Result<(), Error> {
    report(async { staff().await?.subscribe(browser).await }.await)
}

#[server(prefix = "/api", endpoint = "alerts-unsubscribe", input = Json)]
pub async fn unsubscribe() -> Result<(), Error> {
    report(async { staff().await?.unsubscribe().await }.await)
}
