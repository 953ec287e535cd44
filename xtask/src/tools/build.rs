//! The finished binary, and what both kinds of build share.

use std::{fs, path::PathBuf};

use super::{
    Mode,
    assets::Asset,
    server, site,
    step::{DISK, OrFail, Result, note, step},
    weights,
};
use crate::cache;

/// Builds everything and fails when a visitor or an agent would download more than the limits allow.
pub fn build() -> Result<PathBuf> {
    let (binary, assets) = release()?;
    let dist = cache::checkout().join("target/dist");
    fs::create_dir_all(&dist).or_fail(format!("{} cannot be made", dist.display()), DISK)?;
    let finished = dist.join(server::BINARY);
    // Aside and renamed, because a running binary cannot be written over.
    let half = dist.join("deskbell.half");
    fs::copy(&binary, &half).and_then(|_| fs::rename(&half, &finished)).or_fail("the binary cannot be copied", DISK)?;
    note(format!("{} ({:.1} MB)", finished.display(), megabytes(&finished)));
    weights::check(&weights::measure(&finished, &assets)?)?;
    Ok(finished)
}

/// The table of weights alone.
pub fn weights() -> Result<()> {
    let (binary, assets) = release()?;
    weights::check(&weights::measure(&binary, &assets)?)
}

/// The release binary and what is embedded in it.
pub fn release() -> Result<(PathBuf, Vec<Asset>)> {
    everything(Mode::Release)
}

/// The site, and the server with it inside.
pub fn everything(mode: Mode) -> Result<(PathBuf, Vec<Asset>)> {
    let _lock = lock()?;
    let _site = site::lock(mode)?;
    let assets = site::build(mode)?;
    Ok((server::build(mode)?, assets))
}

pub fn lock() -> Result<cache::Lock> {
    cache::Lock::take().or_fail(
        format!("the cache folder {} cannot be used", cache::folder().display()),
        "Set DESKBELL_CACHE to a folder that you may write to.",
    )
}

pub fn clean_cache() -> Result<()> {
    let _lock = lock()?;
    let folder = cache::folder();
    step(&format!("Removing {}", folder.display()), || {
        fs::remove_dir_all(&folder).or_fail("the folder cannot be removed", "End what uses it and try again.")
    })
}

#[expect(clippy::cast_precision_loss, reason = "a size for reading")]
pub fn megabytes(file: &std::path::Path) -> f64 {
    fs::metadata(file).map_or(0.0, |m| m.len() as f64 / 1e6)
}
