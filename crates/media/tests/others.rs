//! Films, PDFs and texts.

use std::io::{self, Read, Write};

use domain::{FileFault, Media};
use media::{Trouble, clean, sniff};

fn checked(media: Media, bytes: &[u8]) -> Result<(), FileFault> {
    let mut out = Vec::new();
    match clean(media, bytes, &mut out) {
        Ok(_) => {
            assert_eq!(out, bytes, "copied as it is");
            Ok(())
        }
        Err(Trouble::Fault(fault)) => Err(fault),
        Err(Trouble::Io(error)) => panic!("memory does not fail: {error}"),
    }
}

fn mp4() -> Vec<u8> {
    [&b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"[..], b"\0\0\0\x10mdatAAAAAAAA", b"\0\0\0\x0CmoovBBBB"].concat()
}

fn webm() -> Vec<u8> {
    [&b"\x1A\x45\xDF\xA3\x8B\x42\x82\x84webm\x42\x87\x81\x02"[..], b"\x18\x53\x80\x67\x84AAAA"].concat()
}

#[test]
fn films_hold_together_or_are_damaged() {
    for (media, bytes) in [(Media::Mp4, mp4()), (Media::Webm, webm())] {
        assert_eq!(sniff(&bytes), Ok(media));
        assert_eq!(checked(media, &bytes), Ok(()));
        for length in 1..bytes.len() {
            let cut = checked(media, &bytes[..length]);
            // Between two boxes it may look whole, but then the film is missing.
            assert_eq!(cut, Err(FileFault::Damaged), "{media:?} {length}");
        }
        let more = [&bytes, &b"<html><script>"[..]].concat();
        assert_eq!(checked(media, &more), Err(FileFault::Damaged), "{media:?}");
    }
    let live = [&webm()[..16], b"\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFFrest"].concat();
    assert_eq!(checked(Media::Webm, &live), Ok(()));
    let large = [&mp4()[..24], b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x14AAAA\0\0\0\x08moov"].concat();
    assert_eq!(checked(Media::Mp4, &large), Ok(()));
}

#[test]
fn a_pdf_has_an_end() {
    assert_eq!(checked(Media::Pdf, b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\r\n"), Ok(()));
    assert_eq!(checked(Media::Pdf, b"%PDF-1.7\n1 0 obj\nendobj\n"), Err(FileFault::Damaged));
}

#[test]
fn a_text_is_text_to_its_end() {
    let umlauts = "ä".repeat(200_000);
    assert_eq!(checked(Media::Text, umlauts.as_bytes()), Ok(()));
    assert_eq!(checked(Media::Text, &umlauts.as_bytes()[..399_999]), Err(FileFault::UnknownType));
    let mut broken = umlauts.into_bytes();
    broken.extend(b"\0MZ");
    assert_eq!(checked(Media::Text, &broken), Err(FileFault::UnknownType));
}

/// 150 MB go through without being held: the reader makes them up and the writer counts.
#[test]
fn large_files_pass_through() {
    struct Made(u64);

    impl Read for Made {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let count = usize::try_from(self.0).unwrap_or(usize::MAX).min(to.len());
            to[..count].fill(b'a');
            self.0 -= count as u64;
            Ok(count)
        }
    }

    #[derive(Default)]
    struct Count {
        bytes: u64,
        largest: usize,
    }

    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.bytes += bytes.len() as u64;
            self.largest = self.largest.max(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count::default();
    clean(Media::Text, Made(domain::MAX_FILE_BYTES), &mut count).expect("a text");
    assert_eq!(count.bytes, domain::MAX_FILE_BYTES);
    assert!(count.largest <= 64 * 1024, "{}", count.largest);
}
