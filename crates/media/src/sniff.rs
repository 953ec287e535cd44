//! The type of a file by its first bytes.

use domain::{FileFault, Media};

use crate::scan::suspicious;

/// So many first bytes are asked for (fewer when there are no more): as many as browsers look at, and some.
pub const HEAD: usize = 2048;

/// Brands of MP4 that browsers play; pictures (HEIC, AVIF) and films of Apple begin the same way.
const MP4_BRANDS: [&[u8; 4]; 11] =
    [b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"M4VP"];

/// What a page begins with, as browsers judge it (WHATWG MIME Sniffing, section 7.1).
const PAGE_BEGINNINGS: [&[u8]; 17] = [
    b"<!doctype",
    b"<html",
    b"<head",
    b"<script",
    b"<iframe",
    b"<h1",
    b"<div",
    b"<font",
    b"<table",
    b"<a",
    b"<style",
    b"<title",
    b"<b",
    b"<body",
    b"<br",
    b"<p",
    b"<!--",
];

/// The type of the file that begins with `head`. Everything but the beginning is checked by [`crate::clean`].
pub fn sniff(head: &[u8]) -> Result<Media, FileFault> {
    let media = match head {
        [] => return Err(FileFault::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Media::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Media::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Media::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Media::Webp,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4(head)?,
        [0x1A, 0x45, 0xDF, 0xA3, ..] => webm(head)?,
        [b'%', b'P', b'D', b'F', b'-', b'1'..=b'2', b'.', ..] => {
            if suspicious(&head[5..]) {
                return Err(FileFault::Polyglot);
            }
            Media::Pdf
        }
        _ => text(head)?,
    };
    Ok(media)
}

fn mp4(head: &[u8]) -> Result<Media, FileFault> {
    let size = usize::try_from(u32::from_be_bytes([head[0], head[1], head[2], head[3]])).unwrap_or(usize::MAX);
    let brands = head.get(8..size.min(head.len())).unwrap_or_default();
    // Major brand, its version, then those it is compatible with.
    let named = |brand: &[u8]| MP4_BRANDS.iter().any(|known| known.as_slice() == brand);
    let major = brands.get(..4).unwrap_or_default();
    let picture = [b"heic".as_slice(), b"heix", b"mif1", b"msf1", b"avif", b"avis", b"qt  "].contains(&major);
    let known = named(major) || brands.get(8..).unwrap_or_default().chunks_exact(4).any(named);
    if known && !picture { Ok(Media::Mp4) } else { Err(FileFault::UnknownType) }
}

/// Matroska's header names the kind of document in element 0x4282.
fn webm(head: &[u8]) -> Result<Media, FileFault> {
    let header = &head[..head.len().min(64)];
    let webm = header.windows(7).any(|window| window == [0x42, 0x82, 0x84, b'w', b'e', b'b', b'm']);
    if webm { Ok(Media::Webm) } else { Err(FileFault::UnknownType) }
}

fn text(head: &[u8]) -> Result<Media, FileFault> {
    let beginning = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start().to_ascii_lowercase();
    if beginning.starts_with(b"<") {
        let holds = |needle: &[u8]| beginning.windows(needle.len()).any(|window| window == needle);
        if holds(b"<svg") {
            return Err(FileFault::Svg);
        }
        if PAGE_BEGINNINGS.iter().any(|page| begins(&beginning, page)) || holds(b"<html") || holds(b"<script") {
            return Err(FileFault::Html);
        }
    }
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        // Cut within a character at the end of what is looked at.
        Err(error) => head.len() >= HEAD && error.error_len().is_none(),
    };
    if whole && !head.iter().any(|byte| crate::document::control(*byte)) {
        Ok(Media::Text)
    } else {
        Err(FileFault::UnknownType)
    }
}

/// A tag ends after its name; a comment and a document type need no end.
fn begins(text: &[u8], page: &[u8]) -> bool {
    text.starts_with(page)
        && (page.starts_with(b"<!") || text.get(page.len()).is_none_or(|next| b" >/\t\r\n\x0C".contains(next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_their_first_bytes() {
        let mp4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2";
        let webm = b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\x82\x84webm";
        for (head, media) in [
            (&b"\xFF\xD8\xFF\xE0"[..], Media::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Media::Png),
            (b"GIF89a", Media::Gif),
            (b"RIFF\0\0\0\0WEBPVP8 ", Media::Webp),
            (mp4, Media::Mp4),
            (webm, Media::Webm),
            (b"%PDF-1.7\n", Media::Pdf),
            (b"Dear customer,\n", Media::Text),
            ("Grüße".as_bytes(), Media::Text),
            (b"a < b and <script> is a tag", Media::Text),
            (b"<?xml version=\"1.0\"?><order/>", Media::Text),
        ] {
            assert_eq!(sniff(head), Ok(media), "{head:?}");
        }
    }

    #[test]
    fn what_could_run_or_is_unknown_is_refused() {
        for (head, fault) in [
            (&b""[..], FileFault::Empty),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileFault::Svg),
            (b"\xEF\xBB\xBF <?xml version='1.0'?>\n<!-- x --><SVG >", FileFault::Svg),
            (b"<!DOCTYPE html><title>x", FileFault::Html),
            (b"\n\n  <ScRiPt>alert(1)</script>", FileFault::Html),
            (b"<a href=x>", FileFault::Html),
            (b"<?xml version='1.0'?><html xmlns='x'>", FileFault::Html),
            (b"%PDF-1.4\n<html><script>alert(1)</script>", FileFault::Polyglot),
            (b"MZ\x90\0\x03", FileFault::UnknownType),
            (b"PK\x03\x04\x14\0", FileFault::UnknownType),
            (b"\x1F\x8B\x08\0", FileFault::UnknownType),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileFault::UnknownType),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", FileFault::UnknownType),
            (b"\x1A\x45\xDF\xA3\x9F\x42\x82\x88matroska", FileFault::UnknownType),
            (b"caf\xE9", FileFault::UnknownType),
            (b"a\0b", FileFault::UnknownType),
        ] {
            assert_eq!(sniff(head), Err(fault), "{head:?}");
        }
    }
}
