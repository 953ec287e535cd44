//! The one thing of EXIF that is kept: which way up the picture is.

/// Entries of a directory that are looked at.
const MOST: usize = 512;
const ORIENTATION: u16 = 0x0112;

/// 1 to 8, or 0 when it is not said. `tiff` begins at the byte order.
pub fn orientation(tiff: &[u8]) -> u8 {
    read(tiff).filter(|value| (1..=8).contains(value)).unwrap_or(0)
}

/// A whole EXIF block that says nothing but the orientation.
pub fn only(orientation: u8) -> [u8; 26] {
    let mut block = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = orientation;
    block
}

fn read(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let first = usize::try_from(long(4)?).ok()?;
    let count = usize::from(short(first)?).min(MOST);
    (0..count).find_map(|n| {
        let entry = first.checked_add(2 + n * 12)?;
        if short(entry)? != ORIENTATION || short(entry + 2)? != 3 {
            return None;
        }
        u8::try_from(short(entry + 8)?).ok()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for value in 1..=8 {
            assert_eq!(orientation(&only(value)), value);
        }
        assert_eq!(orientation(&only(9)), 0);
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), 6);
    }

    proptest! {
        #[test]
        fn noise_is_not_an_orientation_beyond_eight(noise in prop::collection::vec(any::<u8>(), 0..200), big: bool) {
            let mut tiff = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
            tiff.extend(noise);
            prop_assert!(orientation(&tiff) <= 8);
        }
    }
}
