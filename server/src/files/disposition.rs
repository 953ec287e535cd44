//! `Content-Disposition` (RFC 6266): the name once in ASCII for old programs, and once whole (RFC 8187).

use http::HeaderValue;

/// What RFC 8187 calls `attr-char`; everything else is escaped.
const PLAIN: &[u8] = b"!#$&+-.^_`|~";

pub fn of(name: &str, inline: bool) -> HeaderValue {
    let kind = if inline { "inline" } else { "attachment" };
    // Percent signs too: some programs decode them in the plain form.
    let simple = |c: char| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(simple).collect();
    let mut whole = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            whole.push(char::from(byte));
        } else {
            use std::fmt::Write;
            // Writing into a String cannot fail.
            let _ = write!(whole, "%{byte:02X}");
        }
    }
    let text = format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{whole}");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_place() {
        let text = |name, inline| of(name, inline).to_str().expect("ASCII").to_owned();
        assert_eq!(text("a b.png", true), "inline; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        assert_eq!(
            text("Größe.pdf", false),
            "attachment; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"
        );
        let hostile = text("x\"; filename=\"evil.exe\r\nSet-Cookie: a=b%0d\\", false);
        assert_eq!(hostile.matches('"').count(), 2, "{hostile}");
        assert!(!hostile.contains(['\r', '\n', '\\']), "{hostile}");
        assert_eq!(hostile.matches(';').count(), 2, "{hostile}");
    }
}
