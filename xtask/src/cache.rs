//! The folders outside the checkout. They make a clean clone cheap: what is the same for every clone (compiled
//! dependencies, the wasm standard library, node packages) is made once per machine.

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// `$DESKBELL_CACHE`, else `deskbell` in the user's cache folder.
pub fn folder() -> PathBuf {
    if let Some(folder) = env::var_os("DESKBELL_CACHE").filter(|v| !v.is_empty()) {
        // Relative to where the command was typed, for every process started later from elsewhere.
        return std::path::absolute(&folder).unwrap_or_else(|_| PathBuf::from(&folder));
    }
    let home = || env::home_dir().unwrap_or_else(env::temp_dir);
    let user_cache = env::var_os("XDG_CACHE_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    user_cache
        .unwrap_or_else(
            || {
                if cfg!(target_os = "macos") { home().join("Library/Caches") } else { home().join(".cache") }
            },
        )
        .join("deskbell")
}

/// Cargo's target folder for everything that runs on this machine.
pub fn host_target() -> PathBuf {
    folder().join("target")
}

/// The checkout this crate was built in.
pub fn checkout() -> PathBuf {
    // The starter hands its own on, because the tools may have been compiled for another clone.
    env::var_os("DESKBELL_CHECKOUT").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default(),
        PathBuf::from,
    )
}

/// Held while something is built in the shared folders. Builds of one clone go side by side, as cargo lets them; those of
/// another one wait.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, and makes cargo forget the workspace's own crates when the last build was another clone's: cargo
    /// tells the crates of two clones apart by neither name nor place, only by the age of their files, and would give
    /// the older clone the newer one's build. Dependencies stay.
    pub fn take() -> io::Result<Self> {
        fs::create_dir_all(folder())?;
        let file = File::create(folder().join("lock"))?;
        let stamp = folder().join("checkout");
        let here = checkout();
        loop {
            file.lock_shared()?;
            let last = fs::read_to_string(&stamp).unwrap_or_default();
            if last == here.to_string_lossy() {
                return Ok(Self { _file: file });
            }
            file.unlock()?;
            if file.try_lock().is_err() {
                eprintln!("Waiting for another clone that builds in {} …", folder().display());
                file.lock()?;
            }
            if !last.is_empty() {
                forget_members(&here)?;
            }
            fs::write(&stamp, here.to_string_lossy().as_bytes())?;
            file.unlock()?;
        }
    }
}

fn forget_members(checkout: &Path) -> io::Result<()> {
    let members = members(checkout);
    for entry in fs::read_dir(folder())?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("target") {
            forget(&entry.path(), &members, 3)?;
        }
    }
    Ok(())
}

/// Removes the fingerprints of `members` in each profile folder below `target`; cargo then builds them anew.
fn forget(target: &Path, members: &[String], depth: u8) -> io::Result<()> {
    for entry in fs::read_dir(target)?.flatten() {
        let name = entry.file_name();
        if !entry.path().is_dir() {
            continue;
        }
        if name == ".fingerprint" {
            for print in fs::read_dir(entry.path())?.flatten() {
                if is_member(&print.file_name().to_string_lossy(), members) {
                    fs::remove_dir_all(print.path())?;
                }
            }
        } else if depth > 1 && !["deps", "build", "incremental", "examples"].iter().any(|skip| name == *skip) {
            forget(&entry.path(), members, depth - 1)?;
        }
    }
    Ok(())
}

/// A fingerprint's folder is called `<package>-<16 hex digits>`.
fn is_member(fingerprint: &str, members: &[String]) -> bool {
    fingerprint.rsplit_once('-').is_some_and(|(package, hash)| hash.len() == 16 && members.iter().any(|m| m == package))
}

/// The names of the workspace's packages, which equal their folders' names.
fn members(checkout: &Path) -> Vec<String> {
    let mut names: Vec<String> = ["app", "widget", "server", "xtask"].map(String::from).into();
    if let Ok(crates) = fs::read_dir(checkout.join("crates")) {
        names.extend(crates.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_workspaces_own_fingerprints_are_forgotten() {
        let members = ["app".to_owned(), "wire".to_owned()];
        assert!(is_member("app-0123456789abcdef", &members));
        assert!(!is_member("wire-protocol-0123456789abcdef", &members));
        assert!(!is_member("app", &members));
        assert!(!is_member("serde-0123456789abcdef", &members));
    }
}
