//! Looks for what makes a second file of a first one.

/// In lower case. Long enough not to come about by chance in megabytes of noise.
const SUSPECTS: [&[u8]; 13] = [
    b"<script",
    b"</script",
    b"<html",
    b"<!doctype",
    b"<svg ",
    b"<svg/",
    b"<svg>",
    b"<?php",
    b"<iframe",
    b"javascript:",
    b"%pdf-",
    b"pk\x03\x04\x14\0",
    b"pk\x03\x04\x0a\0",
];

const LONGEST: usize = 11;

/// Fed in pieces; what lies across two of them is found too.
#[derive(Default)]
pub struct Scan {
    tail: Vec<u8>,
    found: bool,
}

impl Scan {
    pub fn feed(&mut self, piece: &[u8]) {
        if self.found {
            return;
        }
        let mut seam = std::mem::take(&mut self.tail);
        seam.extend(&piece[..piece.len().min(LONGEST)]);
        self.found = suspicious(&seam) || suspicious(piece);
        if piece.len() >= LONGEST {
            seam = piece[piece.len() - LONGEST..].to_vec();
        }
        let keep = seam.len().saturating_sub(LONGEST);
        self.tail = seam.split_off(keep);
    }

    pub const fn found(&self) -> bool {
        self.found
    }
}

/// Whether any of it stands in these bytes.
pub fn suspicious(bytes: &[u8]) -> bool {
    // All begin with one of these: the rest is only looked at behind them.
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'<' | b'%' | b'p' | b'P' | b'j' | b'J' => {
            let window = &bytes[at..bytes.len().min(at + LONGEST)];
            starts(window)
        }
        _ => false,
    })
}

fn starts(window: &[u8]) -> bool {
    SUSPECTS
        .iter()
        .any(|suspect| window.len() >= suspect.len() && window[..suspect.len()].eq_ignore_ascii_case(suspect))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_nothing_in_harmless_words() {
        let mut scan = Scan::default();
        scan.feed(b"a picture < another; scripts; 100 %pd; PK");
        assert!(!scan.found());
    }

    proptest! {
        #[test]
        fn finds_it_wherever_it_is_cut(
            which in 0..SUSPECTS.len(),
            before in prop::collection::vec(b'a'..=b'z', 0..40),
            after in prop::collection::vec(b'a'..=b'z', 0..40),
            cuts in prop::collection::vec(1usize..20, 1..20),
        ) {
            let bytes = [&before[..], SUSPECTS[which], &after].concat();
            let mut scan = Scan::default();
            let mut rest = &bytes[..];
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, more) = rest.split_at((*cut).min(rest.len()));
                scan.feed(piece);
                rest = more;
            }
            prop_assert!(scan.found());
        }
    }
}
