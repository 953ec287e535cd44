//! PDFs and plain texts: copied as they are, their form checked on the way.

use std::io::{Read, Write};

use domain::FileFault;

use crate::{DAMAGED, Facts, Trouble, source::Source};

/// A PDF ends with this, but for a few bytes that old programs append.
const END: &[u8] = b"%%EOF";
const TAIL: usize = 1024;

pub fn copy_pdf(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let mut tail: Vec<u8> = Vec::new();
    from.rest(|piece| {
        to.write_all(piece)?;
        tail.extend(&piece[piece.len().saturating_sub(TAIL)..]);
        tail.drain(..tail.len().saturating_sub(TAIL));
        Ok(())
    })?;
    if tail.windows(END.len()).any(|window| window == END) { Ok(Facts::default()) } else { Err(DAMAGED) }
}

/// UTF-8 without control characters.
pub fn copy_text(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let unknown = || Trouble::Fault(FileFault::UnknownType);
    // A character that was cut by the end of a piece.
    let mut cut: Vec<u8> = Vec::new();
    from.rest(|piece| {
        to.write_all(piece)?;
        if piece.iter().any(|byte| control(*byte)) {
            return Err(unknown());
        }
        cut.extend(piece);
        match std::str::from_utf8(&cut) {
            Ok(_) => cut.clear(),
            Err(error) if error.error_len().is_some() => return Err(unknown()),
            Err(error) => {
                cut.drain(..error.valid_up_to());
            }
        }
        Ok(())
    })?;
    if cut.is_empty() { Ok(Facts::default()) } else { Err(unknown()) }
}

/// What no text holds.
pub const fn control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0B | 0x0E..=0x1F | 0x7F)
}
