//! What a client takes, and what it has already.

use http::{HeaderMap, HeaderValue, header};

/// How a body travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// Its name in headers.
    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// Told apart in entity tags.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gz",
            Self::Identity => "",
        }
    }
}

/// Whether `Accept-Encoding` allows it (RFC 9110 section 12.5.3). Our own order decides between those allowed.
pub fn accepts(header: Option<&HeaderValue>, encoding: Encoding) -> bool {
    let Some(token) = encoding.token() else { return true };
    let Some(header) = header.and_then(|value| value.to_str().ok()) else { return false };
    let weight_of = |name: &str| {
        header.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let found = parts.next()?.eq_ignore_ascii_case(name);
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            found.then(|| weight.map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight_of(token).or_else(|| weight_of("*")).is_some_and(|weight| weight > 0.0)
}

/// Whether `If-None-Match` names this entity tag. The comparison is weak: a proxy that packs
/// differently marks tags weak.
pub fn matches(request: &HeaderMap, etag: &str) -> bool {
    request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_stars_count() {
        let allows = |header: &'static str| {
            let value = HeaderValue::from_static(header);
            [Encoding::Brotli, Encoding::Gzip].map(|encoding| accepts(Some(&value), encoding))
        };
        assert_eq!(allows("gzip, deflate, br, zstd"), [true, true]);
        assert_eq!(allows("GZIP;q=0.5"), [false, true]);
        assert_eq!(allows("br;q=0, *"), [false, true]);
        assert_eq!(allows("*;q=0"), [false, false]);
        assert_eq!(allows("br; q=nonsense, gzip;q=0.0"), [false, false]);
        assert_eq!(allows("identity"), [false, false]);
        assert_eq!(allows(""), [false, false]);
        assert!(!accepts(None, Encoding::Gzip));
        assert!(accepts(None, Encoding::Identity));
    }

    #[test]
    fn any_of_several_tags_matches_weak_ones_too() {
        let given = |list: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(list));
            matches(&headers, "\"abc-br\"")
        };
        assert!(given("\"x\", \"abc-br\""));
        assert!(given("W/\"abc-br\""));
        assert!(given("*"));
        assert!(!given("\"abc\""));
        assert!(!given("abc-br"));
        assert!(!matches(&HeaderMap::new(), "\"abc-br\""));
    }
}
