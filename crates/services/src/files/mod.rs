//! Files in chats: how they come (in pieces, resumable), what is checked and taken out, where they are kept, and for
//! whom they are opened again.
//!
//! A file comes to lie in the staging folder as it was sent. Once whole, it is looked through by the scanner (where
//! there is one), copied without its metadata by `media`, and the copy goes to the object store; only then can it become
//! part of a chat. What was sent is never served.

mod access;
mod clamd;
mod finish;
mod links;
mod objects;
mod preview;
mod receive;
mod slots;
mod sweep;

use std::path::PathBuf;

use domain::MAX_FILE_BYTES;
use tokio::sync::Semaphore;
use wire::{Error, Result};

pub use self::{
    access::{Contents, Range},
    clamd::Scanner,
    links::Variant,
    objects::{FilesError, Kept, S3},
};
use self::{links::Key, objects::Objects, slots::Slots};

pub(crate) use self::{receive::Sender, sweep::run};

/// How files are handled, from the configuration.
#[derive(Debug, Clone)]
pub struct FilesConfig {
    /// Bytes of one file; never more than [`MAX_FILE_BYTES`].
    pub most: u64,
    /// Where files lie until they are whole and checked.
    pub staging: PathBuf,
    pub kept: Kept,
    pub scanner: Option<Scanner>,
}

/// The handle on all of it.
pub(crate) struct Files {
    most: u64,
    staging: PathBuf,
    objects: Objects,
    scanner: Option<Scanner>,
    slots: Slots,
    /// A large picture takes 200 MB while it is made small: one at a time.
    previews: Semaphore,
    key: Key,
}

impl FilesConfig {
    /// Everything below one folder, without a scanner.
    pub fn in_folder(folder: &std::path::Path) -> Self {
        Self {
            most: MAX_FILE_BYTES,
            staging: folder.join("uploads"),
            kept: Kept::Folder(folder.join("files")),
            scanner: None,
        }
    }
}

impl Files {
    pub(crate) fn open(config: FilesConfig, key: Key) -> std::result::Result<Self, FilesError> {
        objects::make_folder(&config.staging)?;
        Ok(Self {
            most: config.most.min(MAX_FILE_BYTES),
            objects: Objects::open(&config.kept)?,
            staging: config.staging,
            scanner: config.scanner,
            slots: Slots::default(),
            previews: Semaphore::new(1),
            key,
        })
    }
}

/// The disk is full or the object store does not answer: the same may be tried again.
fn unavailable(what: &str, cause: &dyn std::fmt::Display) -> Error {
    tracing::warn!(%cause, "{what}");
    Error::Unavailable
}

pub(crate) async fn key(store: &store::Store) -> std::result::Result<Key, store::StoreError> {
    Key::load(store).await
}

/// For fields that only say "not there".
fn there<T>(found: Option<T>) -> Result<T> {
    found.ok_or(Error::NotFound)
}
