//! Build, set-up and tests of Deskbell: `cargo xtask help` lists the commands.
//!
//! One crate in two forms. Without the feature `tools` it is only the starter (`starter.rs`): no dependency,
//! compiled in a second. It builds the second form, the real tools, in the cache folder, which clones share.
//!
//! One more command: a file in `tools/`, and a line in `tools/mod.rs`.

mod cache;
#[cfg(not(feature = "tools"))]
mod starter;
#[cfg(feature = "tools")]
mod tools;

fn main() -> std::process::ExitCode {
    #[cfg(not(feature = "tools"))]
    return starter::main();
    #[cfg(feature = "tools")]
    return tools::main();
}
