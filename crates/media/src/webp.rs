//! WebP. Its first bytes name the length of all, so what is taken out is overwritten in place: XMP and unknown chunks
//! become empty ones, EXIF one that holds the orientation only.

use std::io::{Read, Write};

use crate::{DAMAGED, Facts, Trouble, exif, source::Source};

const KEPT: [&[u8; 4]; 6] = [b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// The bit of the header that announces XMP.
const XMP: u8 = 0x04;

pub fn copy(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let head: [u8; 12] = from.array()?;
    let [_, _, _, _, a, b, c, d, ..] = head;
    if !head.starts_with(b"RIFF") || &head[8..] != b"WEBP" {
        return Err(DAMAGED);
    }
    to.write_all(&head)?;
    let mut left = u64::from(u32::from_le_bytes([a, b, c, d])).checked_sub(4).ok_or(DAMAGED)?;
    let mut facts = Facts::default();
    let mut pixels = false;
    while left > 0 {
        let kind: [u8; 4] = from.array()?;
        let length: [u8; 4] = from.array()?;
        let size = u64::from(u32::from_le_bytes(length));
        let padded = size + size % 2;
        left = left.checked_sub(8 + padded).ok_or(DAMAGED)?;
        match &kind {
            b"VP8X" if facts.size.is_none() => {
                if size < 10 {
                    return Err(DAMAGED);
                }
                let mut head: [u8; 10] = from.array()?;
                head[0] &= !XMP;
                let three = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], 0]) + 1;
                facts.size = Some((three(4), three(7)));
                to.write_all(&[kind, length].concat())?;
                to.write_all(&head)?;
                from.copy(padded - 10, to)?;
            }
            b"EXIF" if (26..=64 * 1024).contains(&size) && facts.orientation == 0 => {
                let block = from.bytes(usize::try_from(padded).unwrap_or(0))?;
                // Some writers put JPEG's prefix before it.
                let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(&block);
                facts.orientation = exif::orientation(tiff).max(1);
                to.write_all(&[kind, length].concat())?;
                to.write_all(&exif::only(facts.orientation))?;
                zeros(padded - 26, to)?;
            }
            kept if KEPT.contains(&kept) => {
                pixels |= matches!(kept, b"VP8 " | b"VP8L" | b"ANMF");
                to.write_all(&[kind, length].concat())?;
                if facts.size.is_none() {
                    facts.size = Some(simple(kind, size, padded, from, to)?);
                } else {
                    from.copy(padded, to)?;
                }
            }
            _ => {
                from.skip(padded)?;
                to.write_all(b"JUNK")?;
                to.write_all(&length)?;
                zeros(padded, to)?;
            }
        }
    }
    from.drop_rest()?;
    if pixels { Ok(facts) } else { Err(DAMAGED) }
}

/// A file without the extended header: its size stands in the picture itself.
fn simple(
    kind: [u8; 4],
    size: u64,
    padded: u64,
    from: &mut Source<impl Read>,
    to: &mut impl Write,
) -> Result<(u32, u32), Trouble> {
    if size < 10 {
        return Err(DAMAGED);
    }
    let head: [u8; 10] = from.array()?;
    let found = match (kind, head) {
        ([b'V', b'P', b'8', b' '], [_, _, _, 0x9D, 0x01, 0x2A, a, b, c, d]) => {
            (u32::from(u16::from_le_bytes([a, b]) & 0x3FFF), u32::from(u16::from_le_bytes([c, d]) & 0x3FFF))
        }
        ([b'V', b'P', b'8', b'L'], [0x2F, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        _ => return Err(DAMAGED),
    };
    if found.0 == 0 || found.1 == 0 {
        return Err(DAMAGED);
    }
    to.write_all(&head)?;
    from.copy(padded - 10, to)?;
    Ok(found)
}

fn zeros(count: u64, to: &mut impl Write) -> Result<(), Trouble> {
    let mut left = count;
    while left > 0 {
        let some = left.min(4096);
        to.write_all(&[0; 4096][..usize::try_from(some).unwrap_or(0)])?;
        left -= some;
    }
    Ok(())
}
