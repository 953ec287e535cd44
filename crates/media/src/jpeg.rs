//! JPEG: tables, scans, the colour profile and Adobe's note on colours; no EXIF, XMP, IPTC, comments, thumbnails or
//! further pictures.

use std::io::{Read, Write};

use crate::{DAMAGED, Facts, POLYGLOT, Trouble, exif, scan::suspicious, source::Source};

const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";

pub fn copy(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    if from.array()? != [0xFF, 0xD8] {
        return Err(DAMAGED);
    }
    to.write_all(&[0xFF, 0xD8])?;
    let mut facts = Facts::default();
    let mut scans = 0;
    let mut mark = marker(from)?;
    loop {
        match mark {
            0xD9 => break,
            0xDA => {
                if facts.size.is_none() {
                    return Err(DAMAGED);
                }
                scans += 1;
                let head = segment(from)?;
                write_segment(mark, &head, to)?;
                mark = entropy(from, to)?;
                continue;
            }
            // Baseline, extended, progressive: what browsers show. There is only one in a file.
            0xC0..=0xC2 => {
                let head = segment(from)?;
                let &[_, a, b, c, d, ..] = head.as_slice() else { return Err(DAMAGED) };
                let (height, width) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
                if width == 0 || height == 0 || facts.size.is_some() {
                    return Err(DAMAGED);
                }
                facts.size = Some((width.into(), height.into()));
                write_segment(mark, &head, to)?;
            }
            // Huffman tables, quantisation tables, restart interval.
            0xC4 | 0xDB | 0xDD => write_segment(mark, &segment(from)?, to)?,
            0xE0..=0xEF | 0xFE => application(mark, &segment(from)?, &mut facts, to)?,
            _ => return Err(DAMAGED),
        }
        mark = marker(from)?;
    }
    to.write_all(&[0xFF, 0xD9])?;
    from.drop_rest()?;
    if scans == 0 { Err(DAMAGED) } else { Ok(facts) }
}

fn application(mark: u8, data: &[u8], facts: &mut Facts, to: &mut impl Write) -> Result<(), Trouble> {
    match mark {
        0xE0 if data.starts_with(b"JFIF\0") && data.len() >= 14 => {
            // Version and density; the thumbnail that may follow is said to be of no size.
            let mut head = data[..14].to_vec();
            head[12] = 0;
            head[13] = 0;
            write_segment(mark, &head, to)?;
        }
        // A length that spells the beginning of a script's comment.
        0xE0 if data.len() + 2 == usize::from(u16::from_be_bytes(*b"/*")) => return Err(POLYGLOT),
        0xE1 if data.starts_with(EXIF) && facts.orientation == 0 => {
            facts.orientation = exif::orientation(&data[EXIF.len()..]);
            if facts.orientation > 1 {
                write_segment(mark, &[EXIF, &exif::only(facts.orientation)].concat(), to)?;
            }
        }
        0xE2 if data.starts_with(PROFILE) => write_segment(mark, data, to)?,
        0xEE if data.starts_with(b"Adobe") && data.len() >= 12 => write_segment(mark, &data[..12], to)?,
        0xFE if suspicious(data) => return Err(POLYGLOT),
        _ => {}
    }
    Ok(())
}

/// The next marker; any number of fill bytes may stand before it.
fn marker(from: &mut Source<impl Read>) -> Result<u8, Trouble> {
    if from.byte()? != 0xFF {
        return Err(DAMAGED);
    }
    loop {
        match from.byte()? {
            0xFF => {}
            0 => return Err(DAMAGED),
            mark => return Ok(mark),
        }
    }
}

/// What follows a marker, without the two bytes of its length.
fn segment(from: &mut Source<impl Read>) -> Result<Vec<u8>, Trouble> {
    let length = usize::from(u16::from_be_bytes(from.array()?));
    from.bytes(length.checked_sub(2).ok_or(DAMAGED)?)
}

fn write_segment(mark: u8, data: &[u8], to: &mut impl Write) -> Result<(), Trouble> {
    let length = u16::try_from(data.len() + 2).map_err(|_| DAMAGED)?;
    to.write_all(&[0xFF, mark])?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(data)?;
    Ok(())
}

/// Copies coded data up to the next marker that is not a restart, and takes that.
fn entropy(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<u8, Trouble> {
    loop {
        let piece = from.peek()?;
        if piece.is_empty() {
            return Err(DAMAGED);
        }
        let plain = piece.iter().position(|byte| *byte == 0xFF).unwrap_or(piece.len());
        to.write_all(&piece[..plain])?;
        let ended = plain < piece.len();
        from.take(plain);
        if !ended {
            continue;
        }
        from.take(1);
        let mut mark = from.byte()?;
        while mark == 0xFF {
            mark = from.byte()?;
        }
        match mark {
            0 | 0xD0..=0xD7 => to.write_all(&[0xFF, mark])?,
            mark => return Ok(mark),
        }
    }
}
