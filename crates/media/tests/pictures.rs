//! Real pictures with things in them that must go, and broken ones.

use std::io::{Cursor, Read};

use domain::{FileFault, Media};
use image::{AnimationDecoder, DynamicImage, ImageFormat, RgbaImage, codecs::gif::GifDecoder};
use media::{Facts, Trouble, clean, sniff};
use proptest::prelude::*;

const SECRET: &[u8] = b"48.2082N 16.3738E";

/// Gives a few bytes at a time.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(to.len()).min(self.0.len());
        to[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn cleaned(media: Media, bytes: &[u8]) -> Result<(Facts, Vec<u8>), FileFault> {
    let mut out = Vec::new();
    match clean(media, bytes, &mut out) {
        Ok(facts) => Ok((facts, out)),
        Err(Trouble::Fault(fault)) => Err(fault),
        Err(Trouble::Io(error)) => panic!("memory does not fail: {error}"),
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn picture(n: u8) -> RgbaImage {
    RgbaImage::from_fn(23, 11, |x, y| {
        image::Rgba([u8::try_from(x * 9).unwrap_or(0), u8::try_from(y * 20).unwrap_or(0), n, 255])
    })
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgba8(picture(80));
    let picture = if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(picture.to_rgb8()) } else { picture };
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

/// EXIF of a phone: orientation 6, and where it was.
fn tiff() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    tiff.extend(SECRET);
    tiff
}

fn jpeg() -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    let segment = |mark: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
        [&[0xFF, mark], &length[..], data].concat()
    };
    let mut bytes = plain[..2].to_vec();
    bytes.extend(segment(0xE1, &[b"Exif\0\0", &tiff()[..]].concat()));
    bytes.extend(segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>", SECRET].concat()));
    bytes.extend(segment(0xED, &[b"Photoshop 3.0\x008BIM", SECRET].concat()));
    bytes.extend(segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &b"profile"[..]].concat()));
    bytes.extend(segment(0xE2, &[b"MPF\0", SECRET].concat()));
    bytes.extend(segment(0xFE, SECRET));
    bytes.extend(&plain[2..]);
    // The film that some phones hang behind.
    bytes.extend(b"\0\0\0\x18ftypmp42");
    bytes.extend(SECRET);
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind, data].concat();
    [&u32::try_from(data.len()).expect("short").to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
}

fn png() -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    // Behind the signature and the header.
    let (head, rest) = plain.split_at(33);
    let mut bytes = head.to_vec();
    bytes.extend(chunk(*b"eXIf", &tiff()));
    bytes.extend(chunk(*b"tEXt", &[b"Location\0", SECRET].concat()));
    bytes.extend(chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat()));
    bytes.extend(chunk(*b"tIME", &[7, 228, 1, 1, 1, 1, 1]));
    bytes.extend(chunk(*b"prIv", SECRET));
    bytes.extend(chunk(*b"gAMA", &45455_u32.to_be_bytes()));
    bytes.extend(rest);
    // What a careless crop leaves behind.
    bytes.extend(SECRET);
    bytes
}

fn gif() -> Vec<u8> {
    let mut plain = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut plain);
        encoder.set_repeat(image::codecs::gif::Repeat::Infinite).expect("repeats");
        for n in [10, 200] {
            encoder.encode_frame(image::Frame::new(picture(n))).expect("encodes");
        }
    }
    let end = plain.len() - 1;
    let mut bytes = plain[..end].to_vec();
    bytes.extend([0x21, 0xFE, u8::try_from(SECRET.len()).expect("short")]);
    bytes.extend(SECRET);
    bytes.extend([0, 0x21, 0xFF, 11]);
    bytes.extend(b"XMP DataXMP");
    bytes.push(u8::try_from(SECRET.len()).expect("short"));
    bytes.extend(SECRET);
    bytes.extend([0, 0x3B]);
    bytes
}

fn webp() -> Vec<u8> {
    let plain = encoded(ImageFormat::WebP);
    let chunk = |kind: [u8; 4], data: &[u8]| {
        let mut bytes = [&kind[..], &u32::try_from(data.len()).expect("short").to_le_bytes()[..], data].concat();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    };
    let mut body = b"WEBP".to_vec();
    // Alpha, EXIF and XMP; 23 × 11.
    body.extend(chunk(*b"VP8X", &[0x1C, 0, 0, 0, 22, 0, 0, 10, 0, 0]));
    body.extend(&plain[12..]);
    body.extend(chunk(*b"EXIF", &tiff()));
    body.extend(chunk(*b"XMP ", SECRET));
    body.extend(chunk(*b"prIv", SECRET));
    [b"RIFF", &u32::try_from(body.len()).expect("short").to_le_bytes()[..], &body].concat()
}

fn all() -> [(Media, ImageFormat, Vec<u8>); 4] {
    [
        (Media::Jpeg, ImageFormat::Jpeg, jpeg()),
        (Media::Png, ImageFormat::Png, png()),
        (Media::Gif, ImageFormat::Gif, gif()),
        (Media::Webp, ImageFormat::WebP, webp()),
    ]
}

#[test]
fn metadata_goes_and_the_picture_stays() {
    for (media, format, bytes) in all() {
        assert!(holds(&bytes, SECRET));
        assert_eq!(sniff(&bytes), Ok(media));
        let (facts, out) = cleaned(media, &bytes).expect("whole");
        assert!(!holds(&out, SECRET), "{media:?}");
        assert_eq!(facts.size, Some((23, 11)), "{media:?}");
        let decode = |bytes: &[u8]| image::load_from_memory_with_format(bytes, format).expect("decodes").to_rgba8();
        assert_eq!(decode(&out), decode(&bytes), "{media:?}");
        // Nothing is left to take out.
        assert_eq!(cleaned(media, &out), Ok((facts, out)), "{media:?}");
    }
}

#[test]
fn the_orientation_stays() {
    for (media, _, bytes) in all() {
        let (facts, out) = cleaned(media, &bytes).expect("whole");
        if media == Media::Gif {
            assert_eq!(facts.shown_size(), Some((23, 11)));
        } else {
            assert_eq!(facts.orientation, 6, "{media:?}");
            assert_eq!(facts.shown_size(), Some((11, 23)));
            assert_eq!(cleaned(media, &out).map(|(facts, _)| facts.orientation), Ok(6));
        }
    }
}

#[test]
fn colours_and_movement_stay() {
    let (_, out) = cleaned(Media::Jpeg, &jpeg()).expect("whole");
    assert!(holds(&out, b"ICC_PROFILE\0"));
    let (_, out) = cleaned(Media::Png, &png()).expect("whole");
    assert!(holds(&out, b"gAMA") && !holds(&out, b"tEXt") && !holds(&out, b"tIME"));
    let (_, out) = cleaned(Media::Gif, &gif()).expect("whole");
    assert!(holds(&out, b"NETSCAPE2.0") && !holds(&out, b"XMP"));
    let frames = GifDecoder::new(Cursor::new(&out)).expect("decodes").into_frames().collect_frames().expect("frames");
    assert_eq!(frames.len(), 2);
}

#[test]
fn two_files_in_one_are_refused() {
    for (media, _, bytes) in all() {
        for second in [
            &b"*/=1;</script><script>alert(1)"[..],
            b"<html><body onload=alert(1)>",
            b"<?php system($_GET[0]);",
            b"%PDF-1.7 ",
            b"PK\x03\x04\x14\0\x08\0",
            b"<SVG onload=alert(1)>",
        ] {
            let two = [&bytes, second].concat();
            assert_eq!(cleaned(media, &two).map(|_| ()), Err(FileFault::Polyglot), "{media:?} {second:?}");
        }
    }
    // The well-known one: a width that opens a comment, the script behind the picture.
    let mut script = gif();
    script[6..8].copy_from_slice(b"/*");
    script.extend(b"*/=alert(1)//");
    assert_eq!(cleaned(Media::Gif, &script).map(|_| ()), Err(FileFault::Polyglot));
    let mut commented = gif();
    let end = commented.len() - 1;
    commented.splice(end.., [&b"\x21\xFE\x0F<script>alert(1\0;"[..]].concat());
    assert_eq!(cleaned(Media::Gif, &commented).map(|_| ()), Err(FileFault::Polyglot));
    let app = [&[0xFF, 0xD8, 0xFF, 0xE0], &b"/*"[..], &vec![0; 0x2F2A - 2], &jpeg()[2..]].concat();
    assert_eq!(cleaned(Media::Jpeg, &app).map(|_| ()), Err(FileFault::Polyglot));
}

#[test]
fn a_picture_cut_off_anywhere_is_damaged() {
    for (media, format, _) in all() {
        let bytes = encoded(format);
        assert!(cleaned(media, &bytes).is_ok(), "{media:?}");
        for length in 0..bytes.len() {
            assert_eq!(cleaned(media, &bytes[..length]).map(|_| ()), Err(FileFault::Damaged), "{media:?} {length}");
        }
    }
}

#[test]
fn one_changed_byte_of_a_png_is_noticed() {
    let bytes = encoded(ImageFormat::Png);
    for at in 8..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        assert_eq!(cleaned(Media::Png, &changed).map(|_| ()), Err(FileFault::Damaged), "{at}");
    }
}

#[test]
fn a_flood_of_pixels_is_only_a_number() {
    let mut bytes = encoded(ImageFormat::Png);
    let header = chunk(*b"IHDR", &[0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 8, 6, 0, 0, 0]);
    bytes.splice(8..33, header);
    let (facts, _) = cleaned(Media::Png, &bytes).expect("holds together");
    assert_eq!(facts.size, Some((0x7FFF_FFFF, 0x7FFF_FFFF)));
}

proptest! {
    #[test]
    fn pieces_do_not_matter(which in 0usize..4, size in 1usize..40) {
        let (media, _, bytes) = all()[which].clone();
        let mut out = Vec::new();
        let facts = clean(media, Drops(&bytes, size), &mut out).ok();
        prop_assert_eq!(facts.map(|facts| (facts, out)), cleaned(media, &bytes).ok());
    }

    /// Whatever was done to a file: it is refused, or what comes out holds no secret and is clean.
    #[test]
    fn broken_files_never_break_the_parser(
        which in 0usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        cutting: bool,
    ) {
        let (media, _, mut bytes) = all()[which].clone();
        for (at, to) in changes {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        if cutting {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok((facts, out)) = cleaned(media, &bytes) {
            prop_assert!(out.len() <= bytes.len() + 64);
            prop_assert_eq!(cleaned(media, &out), Ok((facts, out)));
        }
    }

    #[test]
    fn noise_is_refused_or_copied_but_never_fatal(media in 0usize..8, noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = sniff(&noise);
        let _ = cleaned(Media::ALL[media], &noise);
    }
}
