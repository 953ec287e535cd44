//! One part of a file (RFC 9110, section 14): what players ask for. Several parts at once are answered with all of it,
//! which the standard allows.

use http::HeaderValue;
use services::Range;

#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    All,
    Some(Range),
    /// There is nothing at that place.
    None,
}

pub fn part(wanted: Option<&HeaderValue>, bytes: u64) -> Part {
    let spec = wanted.and_then(|wanted| wanted.to_str().ok()?.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.trim().split_once('-')) else { return Part::All };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than fit are still a number, only a large one.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (first, number(first), last, number(last)) {
        (_, Some(first), "", _) if first < bytes => Part::Some(Range { first, last: bytes - 1 }),
        (_, Some(first), _, Some(last)) if first <= last && first < bytes => {
            Part::Some(Range { first, last: last.min(bytes - 1) })
        }
        // The last so many.
        ("", _, _, Some(count)) if count > 0 && bytes > 0 => {
            Part::Some(Range { first: bytes.saturating_sub(count), last: bytes - 1 })
        }
        (_, Some(first), _, last) if first >= bytes && last.is_none_or(|last| last >= first) => Part::None,
        ("", _, _, Some(_)) => Part::None,
        _ => Part::All,
    }
}

/// Whether a list of entity tags names this one.
pub fn names(list: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(list), Ok(etag)) = (list.to_str(), etag.to_str()) else { return false };
    list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_as_players_ask_for_them() {
        let range = |first, last| Part::Some(Range { first, last });
        for (wanted, found) in [
            ("bytes=0-", range(0, 99)),
            ("bytes=0-0", range(0, 0)),
            ("bytes=10-19", range(10, 19)),
            ("bytes=90-200", range(90, 99)),
            ("bytes=-5", range(95, 99)),
            ("bytes=-500", range(0, 99)),
            ("bytes=99999999999999999999999-", Part::None),
            ("bytes=100-", Part::None),
            ("bytes=100-200", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=5-3", Part::All),
            ("bytes=0-1,5-6", Part::All),
            ("bytes=a-b", Part::All),
            ("bytes=-", Part::All),
            ("bytes=+1-2", Part::All),
            ("lines=1-2", Part::All),
        ] {
            assert_eq!(part(Some(&HeaderValue::from_static(wanted)), 100), found, "{wanted}");
        }
        assert_eq!(part(None, 100), Part::All);
        assert_eq!(part(Some(&HeaderValue::from_static("bytes=0-")), 0), Part::None);
    }

    #[test]
    fn tags_are_compared_one_by_one() {
        let etag = HeaderValue::from_static("\"a\"");
        for (list, named) in [("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("a", false)] {
            assert_eq!(names(&HeaderValue::from_static(list), &etag), named, "{list}");
        }
    }
}
