//! What was made once from the same input is not made again: a store of outputs by the hash of their inputs, shared by
//! all clones on the machine.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use sha2::{Digest, Sha256};

use super::step::{DISK, OrFail, Result};
use crate::cache;

/// How long an output stays after its last use.
const KEEP: Duration = Duration::from_hours(14 * 24);

/// The hash of everything an output depends on: what is done (with the versions of the programs that do it), to what.
pub fn key(recipe: &str, input: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(recipe.as_bytes());
    hash.update([0]);
    hash.update(input);
    hex(&hash.finalize())
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The folder with what `make` makes from `input`; `make` gets an empty folder, and runs only when it never did.
pub fn folder(recipe: &str, input: &[u8], make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let store = cache::folder().join("derived");
    let key = key(recipe, input);
    let done = store.join(&key);
    if done.is_dir() {
        touch(&done);
        return Ok(done);
    }
    let half = store.join(format!("{key}.{}", std::process::id()));
    let _ = fs::remove_dir_all(&half);
    fs::create_dir_all(&half).or_fail(format!("{} cannot be made", half.display()), DISK)?;
    if let Err(failure) = make(&half) {
        let _ = fs::remove_dir_all(&half);
        return Err(failure);
    }
    // Another clone may have been quicker; its output is the same.
    if fs::rename(&half, &done).is_err() && done.is_dir() {
        let _ = fs::remove_dir_all(&half);
    }
    Ok(done)
}

/// The age of an output is the time since its last use.
#[expect(clippy::disallowed_methods, reason = "a build tool has no clock to be given")]
fn touch(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|opened| opened.set_modified(SystemTime::now()));
}

/// One output file.
pub fn file(recipe: &str, input: &[u8], make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let folder = folder(recipe, input, |folder| {
        fs::write(folder.join("out"), make()?).or_fail("an output cannot be kept", DISK)
    })?;
    fs::read(folder.join("out"))
        .or_fail(format!("{} cannot be read", folder.display()), "`cargo xtask clean-cache` starts afresh.")
}

/// Removes what was not used for long.
pub fn prune() {
    let Ok(entries) = fs::read_dir(cache::folder().join("derived")) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.elapsed().ok());
        if age.is_some_and(|age| age > KEEP) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
