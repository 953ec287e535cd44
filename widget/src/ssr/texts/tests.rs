use crate::{
    Say,
    ssr::{Language, plural::Plural},
};

/// What a field of `Texts` holds.
pub trait Words {
    fn all(&self) -> Vec<&'static str>;

    fn plural(&self) -> Option<&Plural> {
        None
    }
}

impl Words for &'static str {
    fn all(&self) -> Vec<&'static str> {
        vec![self]
    }
}

impl Words for [&'static str; 5] {
    fn all(&self) -> Vec<&'static str> {
        self.to_vec()
    }
}

impl Words for Plural {
    fn all(&self) -> Vec<&'static str> {
        self.forms().map(|(_, form)| form).collect()
    }

    fn plural(&self) -> Option<&Plural> {
        Some(self)
    }
}

/// Every text there is, with the language and its own name.
fn every() -> impl Iterator<Item = (Language, &'static str, &'static str)> {
    Language::ALL.iter().flat_map(|&language| {
        let each = language.texts().each().into_iter();
        each.flat_map(move |(name, words)| words.all().into_iter().map(move |text| (language, name, text)))
    })
}

/// What the client fills in.
fn braces(text: &str) -> Vec<&str> {
    let mut found: Vec<_> =
        text.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name)).collect();
    found.sort_unstable();
    found
}

#[test]
fn no_text_is_empty_or_has_blanks_around_it() {
    for (language, name, text) in every() {
        assert!(!text.is_empty() && text.trim() == text, "{name} in {}: {text:?}", language.code());
    }
}

#[test]
fn the_same_is_filled_in_everywhere() {
    let english: Vec<_> = Language::English.texts().each();
    for &language in Language::ALL {
        for ((name, words), (_, english)) in language.texts().each().into_iter().zip(&english) {
            for text in words.all() {
                assert_eq!(braces(text), braces(english.all()[0]), "{name} in {}: {text}", language.code());
            }
        }
    }
    // What the server fills in is one thing too, and so is what the client does.
    for &say in Say::ALL {
        assert!(braces(Language::English.texts().say(say)).len() <= 1, "{say:?}");
    }
}

#[test]
fn what_stands_on_buttons_is_short() {
    let buttons = [
        "back_to_chat",
        "change_rating",
        "close_chat",
        "delete",
        "earlier_chats",
        "larger_text",
        "leave_chat",
        "leave_item",
        "new_chat",
        "new_messages",
        "older_chats",
        "older_messages",
        "open_chat",
        "pop_out",
        "resume_chat",
        "retry",
        "send_message",
        "send_rating",
        "sounds",
        "start_chat",
        "starting",
        "stay",
    ];
    assert!(buttons.iter().all(|&button| every().any(|(_, name, _)| name == button)));
    for (language, name, text) in every() {
        let most = if buttons.contains(&name) { 32 } else { 130 };
        assert!(text.chars().count() <= most, "{name} in {}: {text}", language.code());
    }
}

#[test]
fn letters_are_those_of_the_direction() {
    for &language in Language::ALL {
        let text = language.texts().how_can_we_help;
        let from_the_right = text.chars().any(|letter| ('\u{590}'..'\u{900}').contains(&letter));
        assert_eq!(from_the_right, language.direction() == "rtl", "{}", language.code());
    }
}

#[test]
fn french_marks_have_their_narrow_blank() {
    for (_, name, text) in every().filter(|(language, ..)| *language == Language::French) {
        for (before, mark) in text.chars().zip(text.chars().skip(1)).filter(|(_, mark)| "?!;:".contains(*mark)) {
            assert_eq!(before, '\u{202f}', "{mark} in {name}: {text}");
        }
    }
}

/// CLDR's own examples for each language: numbers and the categories they are of.
#[test]
fn numbers_get_the_form_they_need() {
    let unread = |language: Language, n| language.texts().unread.with(language.plural_category(n), n);
    for (language, n, end) in [
        (Language::English, 1, "1 unread message"),
        (Language::English, 21, "21 unread messages"),
        (Language::French, 0, "0 message non lu"),
        (Language::Polish, 22, "22 nieprzeczytane wiadomości"),
        (Language::Polish, 112, "112 nieprzeczytanych wiadomości"),
        (Language::Ukrainian, 21, "21 непрочитане повідомлення"),
        (Language::Ukrainian, 11, "11 непрочитаних повідомлень"),
        (Language::Arabic, 2, "رسالتان غير مقروءتين"),
        (Language::Arabic, 103, "103 رسائل غير مقروءة"),
        (Language::Hebrew, 2, "שתי הודעות שלא נקראו"),
    ] {
        let text = unread(language, n);
        assert!(text.ends_with(end), "{n}: {text}");
    }
}

#[test]
fn every_language_has_the_forms_that_its_numbers_need() {
    for &language in Language::ALL {
        let mut numbers: Vec<(String, u32)> =
            (0..=120).map(|n| (format!("{:?}", language.plural_category(n)).to_lowercase(), n)).collect();
        numbers.sort();
        for (name, plural) in
            language.texts().each().into_iter().filter_map(|(name, text)| Some((name, text.plural()?)))
        {
            let code = language.code();
            for (category, form) in plural.forms() {
                let used = numbers.iter().filter(|(needed, _)| needed == category).count();
                // Fractions aside, some languages never need `other`: it stands in for what nobody thought of.
                assert!(used > 0 || category == "other", "{name} in {code} needs no form for {category}");
                assert!(used == 1 || form.contains('#'), "{name} in {code}: {form} stands for {used} numbers");
            }
            for (category, n) in &numbers {
                assert!(plural.forms().any(|(given, _)| given == category), "{name} in {code} lacks {category}");
                let text = plural.with(language.plural_category(*n), *n);
                let told = text.chars().filter(char::is_ascii_digit).collect::<String>();
                assert!(told.is_empty() || told == n.to_string(), "{name} in {code} for {n}: {text}");
                assert!(!text.contains('#'), "{name} in {code} for {n}: {text}");
            }
        }
    }
}
