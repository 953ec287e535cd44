//! PNG and APNG: the chunks that make the picture; no text, no time, no private chunks.

use std::io::{Read, Write};

use crate::{DAMAGED, Facts, Trouble, exif, source::Source};

/// Everything that changes how the picture looks, animation included.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT", b"mDCV", b"cLLI",
];

/// Larger EXIF blocks are not looked into.
const LARGEST_EXIF: u32 = 64 * 1024;

pub fn copy(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let signature: [u8; 8] = from.array()?;
    to.write_all(&signature)?;
    let mut facts = Facts::default();
    let mut pixels = false;
    loop {
        let length = u32::from_be_bytes(from.array()?);
        let kind: [u8; 4] = from.array()?;
        if length > i32::MAX.unsigned_abs() || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(DAMAGED);
        }
        // The first chunk, and no other, is the header.
        if facts.size.is_none() != (&kind == b"IHDR") {
            return Err(DAMAGED);
        }
        match &kind {
            b"IHDR" => facts.size = Some(header(length, from, to)?),
            b"eXIf" if length <= LARGEST_EXIF => {
                let block = from.bytes(usize::try_from(length).unwrap_or(0))?;
                checked(kind, &block, from)?;
                let orientation = exif::orientation(&block);
                // Only the first one counts.
                if facts.orientation == 0 && orientation > 1 {
                    facts.orientation = orientation;
                    chunk(*b"eXIf", &exif::only(orientation), to)?;
                }
            }
            kept if KEPT.contains(&kept) => {
                pixels |= kept == b"IDAT";
                to.write_all(&length.to_be_bytes())?;
                to.write_all(&kind)?;
                let mut sum = Crc::of(&kind);
                from.each(u64::from(length), |piece| {
                    sum.feed(piece);
                    Ok(to.write_all(piece)?)
                })?;
                let told: [u8; 4] = from.array()?;
                if u32::from_be_bytes(told) != sum.value() {
                    return Err(DAMAGED);
                }
                to.write_all(&told)?;
            }
            // Of those that are not known, the ones with a small first letter may be left out.
            [b'a'..=b'z', ..] => from.skip(u64::from(length) + 4)?,
            _ => return Err(DAMAGED),
        }
        if &kind == b"IEND" {
            break;
        }
    }
    from.drop_rest()?;
    if pixels { Ok(facts) } else { Err(DAMAGED) }
}

fn header(length: u32, from: &mut Source<impl Read>, to: &mut impl Write) -> Result<(u32, u32), Trouble> {
    if length != 13 {
        return Err(DAMAGED);
    }
    let header: [u8; 13] = from.array()?;
    checked(*b"IHDR", &header, from)?;
    let four = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let (width, height) = (four(0), four(4));
    if width == 0 || height == 0 || width > i32::MAX.unsigned_abs() || height > i32::MAX.unsigned_abs() {
        return Err(DAMAGED);
    }
    chunk(*b"IHDR", &header, to)?;
    Ok((width, height))
}

/// Reads the sum behind a chunk and compares.
fn checked(kind: [u8; 4], data: &[u8], from: &mut Source<impl Read>) -> Result<(), Trouble> {
    let mut sum = Crc::of(&kind);
    sum.feed(data);
    if u32::from_be_bytes(from.array()?) == sum.value() { Ok(()) } else { Err(DAMAGED) }
}

fn chunk(kind: [u8; 4], data: &[u8], to: &mut impl Write) -> Result<(), Trouble> {
    let mut sum = Crc::of(&kind);
    sum.feed(data);
    to.write_all(&u32::try_from(data.len()).unwrap_or(0).to_be_bytes())?;
    to.write_all(&kind)?;
    to.write_all(data)?;
    to.write_all(&sum.value().to_be_bytes())?;
    Ok(())
}

/// The sum of PNG (CRC-32, ISO 3309).
struct Crc(u32);

impl Crc {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0_u32;
        while n < 256 {
            let mut c = n;
            let mut bit = 0;
            while bit < 8 {
                c = if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
                bit += 1;
            }
            table[n as usize] = c;
            n += 1;
        }
        table
    };

    fn of(kind: &[u8]) -> Self {
        let mut sum = Self(u32::MAX);
        sum.feed(kind);
        sum
    }

    fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let [low, ..] = self.0.to_le_bytes();
            self.0 = Self::TABLE[usize::from(low ^ byte)] ^ (self.0 >> 8);
        }
    }

    const fn value(&self) -> u32 {
        !self.0
    }
}
