//! GIF (87a and 89a): pictures, their timing and the number of repetitions; no comments, no other applications' blocks.

use std::io::{Read, Write};

use crate::{DAMAGED, Facts, POLYGLOT, Trouble, scan::Scan, source::Source};

pub fn copy(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<Facts, Trouble> {
    let head: [u8; 13] = from.array()?;
    let [.., width_low, width_high, height_low, height_high, flags, _, _] = head;
    if !head.starts_with(b"GIF8") {
        return Err(DAMAGED);
    }
    // Sizes that spell the beginning of a script's comment: nobody has pictures of just that width, but all
    // GIF-and-JavaScript files do.
    if [[width_low, width_high], [height_low, height_high]].iter().any(|pair| pair == b"/*" || pair == b"=1") {
        return Err(POLYGLOT);
    }
    let width = u32::from(u16::from_le_bytes([width_low, width_high]));
    let height = u32::from(u16::from_le_bytes([height_low, height_high]));
    if width == 0 || height == 0 {
        return Err(DAMAGED);
    }
    to.write_all(&head)?;
    table(flags, from, to)?;
    let mut pictures = 0_u32;
    loop {
        match from.byte()? {
            0x2C => {
                pictures += 1;
                let place: [u8; 9] = from.array()?;
                to.write_all(&[0x2C])?;
                to.write_all(&place)?;
                table(place[8], from, to)?;
                let code_size = from.byte()?;
                if !(1..=11).contains(&code_size) {
                    return Err(DAMAGED);
                }
                to.write_all(&[code_size])?;
                blocks(from, Some(to))?;
            }
            0x21 => extension(from, to)?,
            0x3B => break,
            _ => return Err(DAMAGED),
        }
    }
    to.write_all(&[0x3B])?;
    from.drop_rest()?;
    if pictures == 0 { Err(DAMAGED) } else { Ok(Facts { size: Some((width, height)), orientation: 0 }) }
}

fn extension(from: &mut Source<impl Read>, to: &mut impl Write) -> Result<(), Trouble> {
    let label = from.byte()?;
    let keep = match label {
        // How long and over what a picture is shown.
        0xF9 => {
            to.write_all(&[0x21, label])?;
            true
        }
        0xFF => {
            let length = from.byte()?;
            let name = from.bytes(usize::from(length))?;
            let repeats = matches!(name.as_slice(), b"NETSCAPE2.0" | b"ANIMEXTS1.0");
            if repeats {
                to.write_all(&[0x21, label, length])?;
                to.write_all(&name)?;
            }
            repeats
        }
        _ => false,
    };
    if keep { blocks(from, Some(to)) } else { blocks(from, None::<&mut Vec<u8>>) }
}

/// Colours, when the flags say that there are any.
fn table(flags: u8, from: &mut Source<impl Read>, to: &mut impl Write) -> Result<(), Trouble> {
    if flags & 0x80 == 0 {
        return Ok(());
    }
    from.copy(3 << ((flags & 7) + 1), to)
}

/// Blocks of up to 255 bytes until an empty one; those that are not kept are looked through.
fn blocks<W: Write>(from: &mut Source<impl Read>, mut to: Option<&mut W>) -> Result<(), Trouble> {
    let mut scan = Scan::default();
    loop {
        let length = from.byte()?;
        if let Some(to) = &mut to {
            to.write_all(&[length])?;
        }
        if length == 0 {
            break;
        }
        from.each(u64::from(length), |piece| {
            match &mut to {
                Some(to) => to.write_all(piece)?,
                None => scan.feed(piece),
            }
            Ok(())
        })?;
    }
    if scan.found() { Err(POLYGLOT) } else { Ok(()) }
}
