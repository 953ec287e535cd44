//! The data folder: there, writable, and ours alone.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    process,
    time::{Duration, Instant},
};

use crate::failure::{Exit, Failure, Result};

const LOCK: &str = "deskbell.lock";
/// A predecessor that was just killed may need a moment to be gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// Holds the folder until it is dropped; the system lets go of it when the process dies, however it dies.
#[derive(Debug)]
pub struct Held {
    _lock: File,
}

/// Makes the folder when it is missing.
pub fn make(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    // It holds people's conversations: nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder).map_err(|cause| unusable(folder, &cause))
}

/// Makes the folder when it is missing and takes it for this process. Two servers on one folder would each believe
/// that they alone know who is connected.
pub fn take(folder: &Path) -> Result<Held> {
    make(folder)?;
    let path = folder.join(LOCK);
    let file = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = file.map_err(|cause| unusable(folder, &cause))?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => std::thread::sleep(PATIENCE / 10),
            Err(TryLockError::WouldBlock) => return Err(in_use(folder, &path)),
            Err(TryLockError::Error(cause)) => return Err(unusable(folder, &cause)),
        }
    }
    // For the message that another process shows; a full disk is no reason to stop here.
    let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", process::id()));
    Ok(Held { _lock: file })
}

fn in_use(folder: &Path, lock: &Path) -> Failure {
    let mut holder = String::new();
    let known = File::open(lock).and_then(|mut file| file.read_to_string(&mut holder)).is_ok() && !holder.is_empty();
    let by = if known { format!("process {holder}") } else { "another process".to_owned() };
    Failure::new(
        Exit::Locked,
        format!("the data folder {} is in use by {by}", absolute(folder).display()),
        "Stop that one first, or choose another folder with --data.",
    )
}

fn unusable(folder: &Path, cause: &io::Error) -> Failure {
    let advice = match cause.kind() {
        io::ErrorKind::StorageFull => "Free some space and start again.",
        _ => "Choose another folder with --data, or give this user the right to write there.",
    };
    let folder = absolute(folder);
    Failure::new(Exit::Folder, format!("the data folder {} cannot be used: {cause}", folder.display()), advice)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_and_taken_once() {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("a/b");
        let held = take(&folder).expect("taken");
        let refused = take(&folder).expect_err("in use");
        assert_eq!(refused.exit, Exit::Locked);
        assert!(refused.to_string().contains(&format!("in use by process {}", process::id())), "{refused}");
        drop(held);
        take(&folder).expect("free again");
    }

    #[test]
    fn what_is_no_folder_is_refused_with_advice() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let refused = take(&file.path().join("data")).expect_err("refused");
        assert_eq!(refused.exit, Exit::Folder);
        assert!(refused.to_string().contains("--data"), "{refused}");
    }
}
