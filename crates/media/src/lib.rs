//! What a file really is, and the file without what nobody meant to send: recognises types by content, checks that a
//! file holds together, and copies it without metadata, in one pass with constant memory.
//!
//! Pictures are taken apart and put together again from the parts that are known: what is left out are EXIF (but for
//! the orientation), XMP, IPTC, comments, text chunks, embedded thumbnails and everything after the end. Nothing is
//! decoded, so nothing is lost: colour profiles, animation and every pixel stay. Videos, PDFs and texts are copied as
//! they are; only their form is checked.
//!
//! Never here: files, async, decoding of pictures. Readers and writers come from the caller.
//!
//! To add a type: its [`domain::Media`], its line in [`sniff()`], its file here with a `copy`, and its cases in
//! `tests/`.

mod document;
mod exif;
mod gif;
mod jpeg;
mod png;
mod scan;
mod sniff;
mod source;
mod video;
mod webp;

use std::io::{self, Read, Write};

use domain::{FileFault, Media};

pub use self::sniff::{HEAD, sniff};
use self::source::Source;

/// What was learnt of a file on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// In pixels as they are stored, before [`Facts::orientation`]; pictures only.
    pub size: Option<(u32, u32)>,
    /// 1 to 8 as EXIF counts; 0 when nothing is said.
    pub orientation: u8,
}

/// Why there is no copy.
#[derive(Debug)]
pub enum Trouble {
    /// The file is at fault.
    Fault(FileFault),
    /// Reading or writing is.
    Io(io::Error),
}

impl Facts {
    /// In pixels as it is shown: the last four orientations lie on their side.
    pub fn shown_size(self) -> Option<(u32, u32)> {
        let (width, height) = self.size?;
        Some(if (5..=8).contains(&self.orientation) { (height, width) } else { (width, height) })
    }
}

/// Copies a file of this type without its metadata. Reads to the end.
pub fn clean(media: Media, from: impl Read, to: &mut impl Write) -> Result<Facts, Trouble> {
    let mut from = Source::new(from);
    match media {
        Media::Jpeg => jpeg::copy(&mut from, to),
        Media::Png => png::copy(&mut from, to),
        Media::Gif => gif::copy(&mut from, to),
        Media::Webp => webp::copy(&mut from, to),
        Media::Mp4 => video::copy_mp4(&mut from, to),
        Media::Webm => video::copy_webm(&mut from, to),
        Media::Pdf => document::copy_pdf(&mut from, to),
        Media::Text => document::copy_text(&mut from, to),
    }
}

impl From<FileFault> for Trouble {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Fault(FileFault::Damaged) } else { Self::Io(error) }
    }
}

const DAMAGED: Trouble = Trouble::Fault(FileFault::Damaged);
const POLYGLOT: Trouble = Trouble::Fault(FileFault::Polyglot);
