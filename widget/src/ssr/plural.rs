//! Texts that go with a number.

use icu_plurals::PluralCategory;

/// One text with a form for each plural category of CLDR that the language has. `#` is where the number stands. Made by
/// [`plural!`], which demands the form for `other`; tests demand the rest.
#[derive(Debug, Clone, Copy)]
pub struct Plural {
    pub zero: &'static str,
    pub one: &'static str,
    pub two: &'static str,
    pub few: &'static str,
    pub many: &'static str,
    pub other: &'static str,
}

macro_rules! plural {
    ($($category:ident: $form:literal),+ $(,)?) => {
        const {
            let mut plural = $crate::ssr::plural::Plural::NONE;
            $(plural.$category = $form;)+
            plural.checked()
        }
    };
}
pub(super) use plural;

impl Plural {
    pub const NONE: Self = Self { zero: "", one: "", two: "", few: "", many: "", other: "" };

    /// Fails the build where the form is missing that stands in for those a language does not have.
    pub const fn checked(self) -> Self {
        assert!(!self.other.is_empty(), "a plural needs its form for `other`");
        self
    }

    /// The form for numbers of this category, with `n` in it.
    pub fn with(&self, category: PluralCategory, n: u32) -> String {
        let form = match category {
            PluralCategory::Zero => self.zero,
            PluralCategory::One => self.one,
            PluralCategory::Two => self.two,
            PluralCategory::Few => self.few,
            PluralCategory::Many => self.many,
            PluralCategory::Other => self.other,
        };
        let form = if form.is_empty() { self.other } else { form };
        form.replacen('#', &n.to_string(), 1)
    }

    /// The forms that it has, by CLDR's names of the categories, as `Intl.PluralRules` gives them in a browser.
    pub fn forms(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let Self { zero, one, two, few, many, other } = *self;
        [("zero", zero), ("one", one), ("two", two), ("few", few), ("many", many), ("other", other)]
            .into_iter()
            .filter(|(_, form)| !form.is_empty())
    }
}
