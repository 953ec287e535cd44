//! Which language a visitor reads.

use icu_locale_core::langid;
use icu_plurals::{PluralCategory, PluralRules};

use super::texts::{self, Texts};

macro_rules! languages {
    ($($(#[$attribute:meta])* $language:ident = $code:literal, $name:literal, $texts:ident;)*) => {
        /// A language that the widget speaks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum Language {
            $($(#[$attribute])* $language,)*
        }

        impl Language {
            pub const ALL: &'static [Self] = &[$(Self::$language,)*];

            /// BCP 47.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$language => $code,)*
                }
            }

            /// What it calls itself.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$language => $name,)*
                }
            }

            pub fn texts(self) -> &'static Texts {
                match self {
                    $(Self::$language => &texts::$texts,)*
                }
            }

            fn plural_rules(self) -> Option<PluralRules> {
                let language = match self {
                    $(Self::$language => langid!($code),)*
                };
                PluralRules::try_new_cardinal(language.into()).ok()
            }
        }
    };
}

languages! {
    Arabic = "ar", "العربية", AR;
    Chinese = "zh", "简体中文", ZH;
    TraditionalChinese = "zh-Hant", "繁體中文", ZH_HANT;
    Dutch = "nl", "Nederlands", NL;
    #[default]
    English = "en", "English", EN;
    French = "fr", "Français", FR;
    German = "de", "Deutsch", DE;
    Hebrew = "he", "עברית", HE;
    Italian = "it", "Italiano", IT;
    Japanese = "ja", "日本語", JA;
    Korean = "ko", "한국어", KO;
    Polish = "pl", "Polski", PL;
    Portuguese = "pt", "Português (Brasil)", PT;
    Spanish = "es", "Español", ES;
    Turkish = "tr", "Türkçe", TR;
    Ukrainian = "uk", "Українська", UK;
}

impl Language {
    /// The writing direction, for `dir`.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic | Self::Hebrew => "rtl",
            _ => "ltr",
        }
    }

    /// A name in Latin letters would take the full stop or bracket at its end to the wrong side of itself.
    pub fn isolating(self, text: &str) -> String {
        match self.direction() {
            "rtl" => text.replace("{name}", "\u{2068}{name}\u{2069}"),
            _ => text.to_owned(),
        }
    }

    /// Which form of a text goes with this number.
    pub fn plural_category(self, n: u32) -> PluralCategory {
        self.plural_rules().map_or(PluralCategory::Other, |rules| rules.category_for(n))
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

    /// By the first part of a tag: whoever reads `pt-PT` reads the kind there is more easily than another language. Only
    /// Chinese has two: the script is named, or follows from the region (CLDR's likely subtags).
    fn of_tag(tag: &str) -> Option<Self> {
        let mut parts = tag.split(['-', '_']);
        let primary = parts.next()?;
        let traditional = |part: &str| ["hant", "tw", "hk", "mo"].iter().any(|of| part.eq_ignore_ascii_case(of));
        if primary.eq_ignore_ascii_case("zh") {
            // The script comes before the region, and has the last word.
            let simplified = |part: &str| part.eq_ignore_ascii_case("hans");
            let said = parts.find(|part| traditional(part) || simplified(part));
            return Some(if said.is_some_and(traditional) { Self::TraditionalChinese } else { Self::Chinese });
        }
        // Hebrew's code until 1989, and still what some systems say.
        let primary = if primary.eq_ignore_ascii_case("iw") { "he" } else { primary };
        Self::ALL.iter().copied().find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asked_for_then_the_browsers_then_the_sites() {
        let choose = |asked, accepted| Language::choose(asked, accepted, Language::English);
        assert_eq!(choose(Some("de-AT"), Some("en")), Language::German);
        assert_eq!(choose(Some("tlh"), Some("cs, de;q=0.8, en;q=0.7")), Language::German);
        assert_eq!(choose(None, Some("en;q=0.1,DE_de;q=0.2")), Language::German);
        assert_eq!(choose(None, Some("de;q=0")), Language::English);
        assert_eq!(choose(None, Some(";;q=,\u{0},")), Language::English);
        assert_eq!(Language::choose(None, None, Language::German), Language::German);
    }

    #[test]
    fn scripts_regions_and_old_codes() {
        let asked = |tag| Language::choose(Some(tag), None, Language::English);
        for tag in ["zh", "zh-CN", "zh-Hans", "zh-Hans-SG", "zh-Hans-HK"] {
            assert_eq!(asked(tag), Language::Chinese, "{tag}");
        }
        for tag in ["zh-TW", "zh_Hant_HK", "ZH-hk", "zh-Hant", "zh-Hant-CN"] {
            assert_eq!(asked(tag), Language::TraditionalChinese, "{tag}");
        }
        for tag in ["pt", "pt-BR", "PT_pt"] {
            assert_eq!(asked(tag), Language::Portuguese, "{tag}");
        }
        for tag in ["he", "he-IL", "iw", "IW-il"] {
            assert_eq!(asked(tag), Language::Hebrew, "{tag}");
        }
        for &language in Language::ALL {
            assert_eq!(asked(language.code()), language);
        }
    }
}
