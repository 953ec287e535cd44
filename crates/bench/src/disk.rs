//! Reference: how long the disk takes to make four kilobytes safe.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::Path,
    time::{Duration, Instant},
};

use crate::Result;

/// A file that is written over again and again, as a log is once it has its length.
pub struct Disk {
    file: File,
    writes: u8,
}

impl Disk {
    pub fn at(folder: &Path) -> Result<Self> {
        let file = File::create(folder.join("overwritten"))?;
        file.write_all_at(&[0; 4096], 0)?;
        file.sync_all()?;
        Ok(Self { file, writes: 0 })
    }

    /// One overwrite with its fdatasync.
    pub fn sync(&mut self) -> Result<Duration> {
        self.writes = self.writes.wrapping_add(1);
        let block = [self.writes; 4096];
        let began = Instant::now();
        self.file.write_all_at(&block, 0)?;
        self.file.sync_data()?;
        Ok(began.elapsed())
    }
}
