//! The document around the dashboard.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::App;

/// Where the build's files are served: addresses with their hashes.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// The glue of wasm-bindgen (`app.js`), an ES module.
    pub js: String,
    /// `app_bg.wasm`.
    pub wasm: String,
    /// `console.css`.
    pub css: String,
    /// `favicon.svg`.
    pub icon: String,
    /// `favicon-unread.svg`.
    pub icon_unread: String,
    /// `emoji.txt`, which the first picker that opens fetches.
    pub emoji: String,
    /// `touch-icon.png`, for home screens.
    pub touch_icon: String,
    /// `alerts.js`, an ES module of its own.
    pub alerts: String,
}

/// Sets the colours before anything is painted, and again when the system or the choice changes.
pub(crate) const THEME: &str = "(()=>{const m=matchMedia('(prefers-color-scheme: dark)'),f=()=>{let t;try{t=localStorage.\
    getItem('theme')}catch{}document.documentElement.dataset.theme=t=='light'||t=='dark'?t:m.matches?'dark':'light'};f();\
    m.addEventListener('change',f);addEventListener('deskbell-theme',f);addEventListener('storage',f)})()";

/// Leptos' own `HydrationScripts` reads file names from disk; ours are embedded in the binary.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let Assets { js, wasm, css, icon, icon_unread, touch_icon, alerts, emoji } = assets.clone();
    // The alerts' script listens before the dashboard speaks; without it the dashboard works all the same.
    let start = format!(
        "import init,{{hydrate}} from \"{js}\";const a=import(\"{alerts}\").catch(()=>{{}});\
         init({{module_or_path:\"{wasm}\"}}).then(()=>a).then(()=>hydrate())"
    );
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <script nonce=use_nonce()>{THEME}</script>
                <link rel="stylesheet" href=css />
                <link rel="icon" type="image/svg+xml" href=icon.clone() data-calm=icon data-unread=icon_unread />
                <link rel="apple-touch-icon" href=touch_icon />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="modulepreload" href=js nonce=use_nonce() />
                <link rel="modulepreload" href=alerts nonce=use_nonce() />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=use_nonce()>{start}</script>
                <meta name="emoji" content=emoji />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
