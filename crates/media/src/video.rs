//! MP4 and Matroska: copied as they are; that their outermost parts hold together is checked on the way.

use std::io::{Read, Write};

use crate::{DAMAGED, Facts, Trouble, source::Source};

/// Boxes of four letters, each with its length.
pub fn copy_mp4(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let mut film = false;
    let mut first = true;
    while !from.at_end()? {
        let head: [u8; 8] = from.array()?;
        let [a, b, c, d, kind @ ..] = head;
        let printable = kind.iter().all(|byte| matches!(byte, b' '..=b'~' | 0xA9));
        if !printable || (first != (&kind == b"ftyp")) {
            return Err(DAMAGED);
        }
        first = false;
        film |= &kind == b"moov" || &kind == b"moof";
        to.write_all(&head)?;
        match u32::from_be_bytes([a, b, c, d]) {
            // To the end of the file.
            0 => from.rest(|piece| Ok(to.write_all(piece)?))?,
            1 => {
                let long: [u8; 8] = from.array()?;
                to.write_all(&long)?;
                from.copy(u64::from_be_bytes(long).checked_sub(16).ok_or(DAMAGED)?, to)?;
            }
            size => from.copy(u64::from(size).checked_sub(8).ok_or(DAMAGED)?, to)?,
        }
    }
    if film { Ok(Facts::default()) } else { Err(DAMAGED) }
}

const HEADER: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
const VOID: u32 = 0xEC;

/// EBML elements, each with its length.
pub fn copy_webm(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let mut segment = false;
    let mut first = true;
    while !from.at_end()? {
        let kind = number(from, to, true)?;
        match u32::try_from(kind.value).unwrap_or(0) {
            HEADER if first => {}
            SEGMENT if !first => segment = true,
            VOID if !first => {}
            _ => return Err(DAMAGED),
        }
        first = false;
        let size = number(from, to, false)?;
        if size.unknown {
            // A live recording: to the end of the file.
            from.rest(|piece| Ok(to.write_all(piece)?))?;
        } else {
            from.copy(size.value, to)?;
        }
    }
    if segment { Ok(Facts::default()) } else { Err(DAMAGED) }
}

struct Number {
    value: u64,
    /// All bits set: a length that nobody knew when it was written.
    unknown: bool,
}

/// A number whose first byte says how long it is; the mark of the length belongs to an id and not to a size.
fn number(from: &mut Source<impl Read>, to: &mut impl Write, id: bool) -> Result<Number, Trouble> {
    let first = from.byte()?;
    to.write_all(&[first])?;
    let more = first.leading_zeros();
    if more > 7 || (id && more > 3) {
        return Err(DAMAGED);
    }
    let mask = 0x7F_u8.checked_shr(more).unwrap_or(0);
    let mut value = u64::from(if id { first } else { first & mask });
    let mut unknown = first & mask == mask;
    for _ in 0..more {
        let byte = from.byte()?;
        to.write_all(&[byte])?;
        value = value << 8 | u64::from(byte);
        unknown &= byte == 0xFF;
    }
    Ok(Number { value, unknown: unknown && !id })
}
