//! What every handler can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use services::Services;

use crate::{assets, listener::Server, packed::Packed, security::Origins};

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub services: Services,
    pub origins: Arc<Origins>,
    pub server: Server,
    pub packed: Packed,
    pub leptos: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

/// Where the dashboard's embedded files are served.
pub fn dashboard_assets() -> app::Assets {
    let url = |name| assets::by_name(name).map(assets::Asset::url).unwrap_or_default();
    app::Assets {
        js: url("app.js"),
        wasm: url("app_bg.wasm"),
        css: url("console.css"),
        icon: url("favicon.svg"),
        icon_unread: url("favicon-unread.svg"),
        emoji: url("emoji.txt"),
        touch_icon: url("touch-icon.png"),
        alerts: url("alerts.js"),
    }
}
