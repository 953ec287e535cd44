//! The binary `deskbell`: command line, configuration, listeners, router. The only room that builds things.
//!
//! Never here: rules of chats (`domain`), use cases (`services`), SQL (`store`).

// Views nest deeply.
#![recursion_limit = "512"]

mod assets;
mod bind;
mod cli;
mod commands;
mod config;
mod dashboard;
mod data_folder;
mod demo;
mod failure;
mod files;
mod installed;
mod leptos_options;
mod letters;
mod listener;
mod logging;
mod metrics;
mod origin;
mod packed;
mod ready;
mod router;
mod security;
mod serve;
mod sign_in;
mod sockets;
mod start;
mod state;
mod transcripts;
mod visitor_api;

use std::process::ExitCode;

/// The system's own keeps what sign-ins need for hashing (19 MiB each) in every thread's arena: four times the rest.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use clap::Parser;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("deskbell: {failure}");
            failure.into()
        }
    }
}
