//! The dashboard: pages, components and server functions. The server renders it whole (feature `ssr`), the browser
//! brings it to life (feature `hydrate`).
//!
//! Never here: SQL or rows of the database; `cfg` inside a component's body (what only a browser can do stands in
//! [`browser`], with a silent twin for the server); messages as markup (texts are text nodes, always).
//!
//! To add a screen: a folder with `mod`, `api` and one file for each component, its route in [`App`], its sheet in
//! `style/console/`.

// `view!` makes long functions and deep types of short markup.
#![recursion_limit = "512"]
#![expect(clippy::must_use_candidate, reason = "components are called by the view macro, which uses them")]

mod access;
mod alerts;
mod app;
mod browser;
mod carried;
mod console;
mod dock;
mod files;
mod inbox;
mod keys;
mod later;
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the socket, which uses it, is the browser's"))]
mod live;
#[cfg(feature = "ssr")]
pub mod pages;
mod rail;
mod resolved;
mod ringing;
mod settings;
mod shell;
mod ui;

pub use access::SignedIn;
pub use app::App;
#[cfg(feature = "hydrate")]
pub use browser::hydrate;
pub use shell::{Assets, shell};
