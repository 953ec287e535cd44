//! The visitor's side: what the frame on a company's page shows and does.
//!
//! Two halves that never meet in one build. `ssr` (module [`mod@ssr`]) renders the frame's whole document on the server:
//! panel, form, templates for messages, every text in the visitor's language, colours that can be read. `client` is
//! the small WebAssembly module that brings this document to life by cloning its templates; it holds no markup and no
//! sentence, so that languages and looks weigh nothing in it. Between them stand [`parts`] (the names of things in the
//! document) and [`Say`] (the texts that the client fills in). The launcher on the host page is plain JavaScript in
//! `launcher/`; so is what is loaded only when it is used (sending pictures), in `scripts/`.
//!
//! Never here: the dashboard, Leptos in the browser's module.
//!
//! To add a text: a field in `ssr::Texts` and its words in each language; if the client shows it, also a name in
//! [`Say`]. To add a language: a file beside `ssr/texts/en.rs` and its line in `ssr::Language`; the tests say which
//! plural forms it still needs.

mod lines;
pub mod links;
pub mod parts;
mod say;

pub use say::Say;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "ssr")]
pub mod ssr;
