//! What may be attached to a chat, and under which name.

use serde::{Deserialize, Serialize};

use crate::AttachmentId;

/// Most bytes of one attachment, whatever is configured (PRODUCT V7).
pub const MAX_FILE_BYTES: u64 = 150 * 1024 * 1024;

/// Most characters of a file's name that are kept, and most bytes: file systems take 255.
const NAME_CHARS: usize = 120;
const NAME_BYTES: usize = 200;

/// Characters of an extension that stays when a long name is cut.
const EXTENSION: usize = 8;

/// The types that are taken. Decided by content, never by the name or by what the sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    Jpeg,
    Png,
    Gif,
    Webp,
    Mp4,
    Webm,
    Pdf,
    Text,
}

/// An attachment as it stands in its event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    /// Cleaned by [`file_name`], with an ending that fits its content.
    pub name: String,
    pub media: Media,
    pub bytes: u64,
    /// In pixels as it is shown, after its orientation; `None` for what is not a picture.
    pub size: Option<(u32, u32)>,
    /// Whether there is a small picture of it.
    pub preview: bool,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFault {
    Empty,
    /// More bytes than the site allows.
    TooLarge {
        most: u64,
    },
    /// None of the types that are taken, or none that can be recognised.
    UnknownType,
    /// A known type that this sender may not send: agents may send more than visitors.
    NotAllowed(Media),
    /// Drawings that can run scripts.
    Svg,
    /// Web pages, and what a browser could take for one.
    Html,
    /// It is two things at once, such as a picture and a script.
    Polyglot,
    /// It does not hold together: cut off, or changed on the way.
    Damaged,
    /// The virus scanner found something.
    Infected,
}

impl Media {
    pub const ALL: [Self; 8] =
        [Self::Jpeg, Self::Png, Self::Gif, Self::Webp, Self::Mp4, Self::Webm, Self::Pdf, Self::Text];

    /// What it is served as.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.mime() == mime)
    }

    /// For people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Mp4 => "MP4",
            Self::Webm => "WebM",
            Self::Pdf => "PDF",
            Self::Text => "Text",
        }
    }

    pub const fn picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif | Self::Webp)
    }

    pub const fn video(self) -> bool {
        matches!(self, Self::Mp4 | Self::Webm)
    }

    /// PRODUCT V7: visitors send pictures of these three kinds only.
    pub const fn for_visitors(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif)
    }

    /// Endings that fit; the first is the usual one.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png", "apng"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Mp4 => &["mp4", "m4v"],
            Self::Webm => &["webm"],
            Self::Pdf => &["pdf"],
            Self::Text => &["txt", "csv", "log", "md", "json", "xml", "yaml", "yml", "toml", "ini", "srt", "tsv"],
        }
    }
}

/// A name that is safe to keep, to show and to save under: no path, no characters that control, turn the writing
/// direction or mean something to a file system; never empty, hidden or a device.
pub fn file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let line = crate::one_line(&plain, 1000);
    let line: String =
        line.chars().filter(|c| !matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{00AD}')).collect();
    let line = line.trim_matches(['.', ' ']);
    let (stem, ending) = parts(line);
    let stem = stem.trim_end_matches(['.', ' ']);
    let stem = cut(if stem.is_empty() { "file" } else { stem });
    let device = ["con", "prn", "aux", "nul"].iter().any(|name| stem.eq_ignore_ascii_case(name))
        || (stem.len() == 4
            && stem.get(..3).is_some_and(|com| com.eq_ignore_ascii_case("com") || com.eq_ignore_ascii_case("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    let stem = if device { format!("_{stem}") } else { stem };
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

/// The name with an ending that fits the content: `photo.exe` that is a picture becomes `photo.exe.jpg`.
pub fn fitting_name(name: &str, media: Media) -> String {
    let (_, ending) = parts(name);
    if media.endings().iter().any(|fits| ending.eq_ignore_ascii_case(fits)) {
        return name.to_owned();
    }
    format!("{}.{}", cut(name), media.endings()[0])
}

/// Stem and ending; an ending is a few letters and digits after the last dot.
fn parts(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=EXTENSION).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (stem, ending)
        }
        _ => (name, ""),
    }
}

fn cut(stem: &str) -> String {
    let mut kept = String::new();
    for c in stem.chars().take(NAME_CHARS) {
        if kept.len() + c.len_utf8() > NAME_BYTES {
            break;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_made_harmless() {
        for (raw, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\x\\y.png", "y.png"),
            ("a\r\nSet-Cookie: x=y.png", "a Set-Cookie_ x=y.png"),
            ("\u{202E}gnp.exe", "gnp.exe"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("", "file"),
            ("\u{0}\u{7}", "file"),
            ("CON.txt", "_CON.txt"),
            ("com1.txt", "_com1.txt"),
            ("a\"b<c>.png", "a_b_c_.png"),
            ("Größe 1.PNG", "Größe 1.PNG"),
            ("空 白.gif", "空 白.gif"),
            ("x. . .", "x"),
        ] {
            assert_eq!(file_name(raw), kept, "{raw:?}");
        }
        let long = file_name(&format!("{}.jpeg", "ä".repeat(400)));
        assert!(long.len() <= NAME_BYTES + 1 + EXTENSION, "{}", long.len());
    }

    #[test]
    fn a_name_never_hides_what_it_is() {
        assert_eq!(fitting_name("photo.JPEG", Media::Jpeg), "photo.JPEG");
        assert_eq!(fitting_name("photo.exe", Media::Jpeg), "photo.exe.jpg");
        assert_eq!(fitting_name("page.html", Media::Text), "page.html.txt");
        assert_eq!(fitting_name("notes", Media::Pdf), "notes.pdf");
    }

    #[test]
    fn every_type_has_its_own_name_on_the_wire() {
        for media in Media::ALL {
            assert_eq!(Media::from_mime(media.mime()), Some(media));
        }
    }

    proptest! {
        #[test]
        fn a_kept_name_is_kept_as_it_is(raw in "\\PC{0,60}|[./\\\\a-c\\x00-\\x1f]{0,40}") {
            let name = file_name(&raw);
            prop_assert_eq!(file_name(&name), name.clone());
            prop_assert!(!name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\n', '\r', '"']));
            prop_assert!(!name.chars().any(char::is_control));
        }
    }
}
