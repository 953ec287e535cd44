//! Which language a visitor reads.

use super::texts::{self, Texts};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// BCP 47.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The writing direction, for `dir`.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::English | Self::German => "ltr",
        }
    }

    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &texts::EN,
            Self::German => &texts::DE,
        }
    }

    /// The one that is asked for by name (`?lang=de-AT`), else the one the browser likes best (`Accept-Language`), else the
    /// site's own.
    pub fn choose(asked: Option<&str>, accept_language: Option<&str>, site: Self) -> Self {
        if let Some(language) = asked.and_then(Self::of_tag) {
            return language;
        }
        let mut best: Option<(f32, Self)> = None;
        for part in accept_language.unwrap_or_default().split(',').take(32) {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim();
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
            if let Some(language) = Self::of_tag(tag)
                && weight > 0.0
                && best.is_none_or(|(held, _)| weight > held)
            {
                best = Some((weight, language));
            }
        }
        best.map_or(site, |(_, language)| language)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asked_for_then_the_browsers_then_the_sites() {
        let choose = |asked, accepted| Language::choose(asked, accepted, Language::English);
        assert_eq!(choose(Some("de-AT"), Some("en")), Language::German);
        assert_eq!(choose(Some("tlh"), Some("fr, de;q=0.8, en;q=0.7")), Language::German);
        assert_eq!(choose(None, Some("en;q=0.1,DE_de;q=0.2")), Language::German);
        assert_eq!(choose(None, Some("de;q=0")), Language::English);
        assert_eq!(choose(None, Some(";;q=,\u{0},")), Language::English);
        assert_eq!(Language::choose(None, None, Language::German), Language::German);
    }
}
