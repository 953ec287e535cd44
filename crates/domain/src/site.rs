//! What an admin sets for a site's widget (PRODUCT V3, V4, V7, M5, M6).

use serde::{Deserialize, Serialize};

use crate::{FieldKind, FieldProblem, Form, LONGEST_AUTO_TEXT, one_line};

/// Most megabytes of one file (PRODUCT V7).
pub const MOST_MEGABYTES: u16 = 150;

/// Most characters of a site's name, most pages' origins, most characters of one.
pub const SITE_NAME: usize = 100;
pub const SITE_ORIGINS: usize = 50;
const ORIGIN: usize = 255;

/// What the widget speaks: codes (BCP 47), and what each language calls itself.
pub const LANGUAGES: [(&str, &str); 16] = [
    ("ar", "العربية"),
    ("zh", "简体中文"),
    ("zh-Hant", "繁體中文"),
    ("nl", "Nederlands"),
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("he", "עברית"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("pl", "Polski"),
    ("pt", "Português (Brasil)"),
    ("es", "Español"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
];

/// What a visitor finds who comes when nobody is there: outside the working hours of the site's queue, or with nobody
/// online who serves it (PRODUCT V12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Away {
    /// As always: they begin a chat, and the queue's own rules and texts speak.
    #[default]
    Wait,
    /// A form for a message that is answered by e-mail.
    Message,
    /// When somebody is back.
    Return,
    /// No launcher at all.
    Hide,
}

impl Away {
    pub const ALL: [Self; 4] = [Self::Wait, Self::Message, Self::Return, Self::Hide];

    /// The name on every wire and in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Message => "message",
            Self::Return => "return",
            Self::Hide => "hide",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|away| away.name() == name)
    }
}

/// Light, dark, or as the visitor's system has it (PRODUCT V16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The name on every wire and in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// When a visitor who has done nothing yet is spoken to (PRODUCT V13). The first that holds speaks, once on a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Invite {
    /// In the site's words, at most [`INVITE_TEXT`] characters.
    pub text: String,
    /// What the page's address has to hold; empty: any page.
    #[serde(default)]
    pub page: String,
    /// Seconds on the page, at most an hour.
    pub seconds: u16,
    /// From this visit on. More than 1 makes the browser count visits, which it does for no other reason.
    #[serde(default)]
    pub visits: u16,
}

/// Most invites of a site, most characters of their words, of the part of an address, most seconds and visits.
pub const INVITES: usize = 10;
pub const INVITE_TEXT: usize = 200;
pub const INVITE_PAGE: usize = 200;
pub const INVITE_SECONDS: u16 = 3_600;
pub const INVITE_VISITS: u16 = 1_000;

impl Invite {
    /// What is wrong with it, by the names of its fields.
    fn faults(&self) -> Vec<(&'static str, FieldProblem)> {
        let mut wrong = Vec::new();
        if self.text.trim().is_empty() {
            wrong.push(("text", FieldProblem::Missing));
        } else if self.text.chars().count() > INVITE_TEXT {
            wrong.push(("text", FieldProblem::TooLong));
        }
        if self.page.chars().count() > INVITE_PAGE {
            wrong.push(("page", FieldProblem::TooLong));
        }
        for (name, value, most) in [("seconds", self.seconds, INVITE_SECONDS), ("visits", self.visits, INVITE_VISITS)] {
            if value > most {
                wrong.push((name, FieldProblem::OutOfRange { min: 0, max: most.into() }));
            }
        }
        wrong
    }
}

/// How a site's widget looks and speaks.
#[expect(clippy::struct_excessive_bools, reason = "each is a box of its own in the form")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteSettings {
    /// `#rrggbb`.
    pub colour: String,
    pub theme: Theme,
    /// The launcher stands at the left.
    pub left: bool,
    /// Of [`LANGUAGES`]: for visitors whose own we do not speak.
    pub language: String,
    /// For all others too, unless their page says something else.
    pub only_language: bool,
    /// What is asked before a chat.
    pub form: Form,
    /// Whom the browser knows is asked only for the question, and to agree.
    pub form_once: bool,
    /// Only visitors whom the page has identified may chat: nothing works for others.
    pub identified_only: bool,
    /// The visitor reads the answers again in the chat.
    pub echo: bool,
    pub invites: Vec<Invite>,
    /// With nobody there.
    pub away: Away,
    /// What is asked with a message that is left. Its e-mail address is where the answer goes.
    pub away_form: Form,
    /// Posted after the visitor's question.
    pub greeting: Option<String>,
    /// Whose e-mail address is known gets each chat by e-mail when it is over (PRODUCT V11).
    pub mail_transcripts: bool,
    /// Payment cards' numbers in what visitors write do not leave their browser, but for the last four digits (PRODUCT V18).
    pub mask_cards: bool,
    /// Most of one file, either way.
    pub attachment_megabytes: u16,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            colour: "#00796b".to_owned(),
            theme: Theme::default(),
            left: false,
            language: "en".to_owned(),
            only_language: false,
            form: Form::default(),
            form_once: true,
            identified_only: false,
            echo: false,
            invites: Vec::new(),
            away: Away::default(),
            away_form: Form::of_messages(),
            greeting: None,
            mail_transcripts: false,
            mask_cards: false,
            attachment_megabytes: MOST_MEGABYTES,
        }
    }
}

impl SiteSettings {
    /// What is wrong with it, by the names of a form's fields: those of the visitors' form are `form.NUMBER.PART`.
    pub fn faults(&self) -> Vec<(String, FieldProblem)> {
        let mut wrong = Vec::new();
        let digits = self.colour.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            wrong.push(("colour".to_owned(), FieldProblem::Unknown));
        }
        if !LANGUAGES.iter().any(|(code, _)| *code == self.language) {
            wrong.push(("language".to_owned(), FieldProblem::Unknown));
        }
        if self.greeting.as_ref().is_some_and(|greeting| greeting.chars().count() > LONGEST_AUTO_TEXT) {
            wrong.push(("greeting".to_owned(), FieldProblem::TooLong));
        }
        if !(1..=MOST_MEGABYTES).contains(&self.attachment_megabytes) {
            let range = FieldProblem::OutOfRange { min: 1, max: MOST_MEGABYTES.into() };
            wrong.push(("attachment_megabytes".to_owned(), range));
        }
        for (name, form) in [("form", &self.form), ("away_form", &self.away_form)] {
            let faults = form.faults().into_iter();
            wrong.extend(faults.map(|(n, part, problem)| (format!("{name}.{n}.{}", part.name()), problem)));
        }
        for (n, invite) in self.invites.iter().enumerate() {
            wrong.extend(invite.faults().into_iter().map(|(part, problem)| (format!("invites.{n}.{part}"), problem)));
        }
        if self.invites.len() > INVITES {
            wrong.push(("invites".to_owned(), FieldProblem::TooLong));
        }
        if !self.away_form.fields.iter().any(|field| field.kind == FieldKind::Email && field.required) {
            wrong.push(("away_form".to_owned(), FieldProblem::Missing));
        }
        wrong
    }
}

/// The origin that a page's address begins with, as browsers write it: scheme, host and port, in lower case, without a
/// port that goes without saying. `None` for what is no web address.
pub fn page_origin(address: &str) -> Option<String> {
    let address = one_line(address, ORIGIN + 1).to_ascii_lowercase();
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", &address));
    let usual = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.strip_suffix(usual).unwrap_or(host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !name.starts_with('[') || name.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let bracketed = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let right = match bracketed {
        Some(inside) => inside.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.split('.').all(label),
    };
    let port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    (right && port && address.len() <= ORIGIN).then(|| format!("{scheme}://{host}"))
}

fn label(label: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !label.is_empty() && label.len() <= 63 && label.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_send_them() {
        for (typed, origin) in [
            ("https://Shop.Example/cart?x#y", "https://shop.example"),
            ("shop.example", "https://shop.example"),
            ("http://localhost:3001/", "http://localhost:3001"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://[::1]:80", "http://[::1]"),
            (" https://xn--bcher-kva.example ", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(page_origin(typed).as_deref(), Some(origin), "{typed}");
        }
        for wrong in [
            "",
            "*",
            "https://",
            "https://*.example",
            "ftp://x.example",
            "https://a b",
            "https://x:0",
            "https://x:y",
            "https://u@x",
            "https://[::z]",
            "javascript:alert(1)",
        ] {
            assert_eq!(page_origin(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(SiteSettings::default().faults(), []);
        let wrong = SiteSettings {
            colour: "red".into(),
            language: "tlh".into(),
            greeting: Some("x".repeat(LONGEST_AUTO_TEXT + 1)),
            attachment_megabytes: 151,
            form: Form { fields: Vec::new() },
            away_form: Form::default(),
            invites: vec![Invite { text: " ".into(), seconds: 3_601, ..Invite::default() }],
            ..SiteSettings::default()
        };
        let fields: Vec<_> = wrong.faults().into_iter().map(|(field, _)| field).collect();
        let all = ["colour", "language", "greeting", "attachment_megabytes", "form.0.key", "invites.0.text"];
        assert_eq!(fields[..6], all);
        assert_eq!(fields[6..], ["invites.0.seconds", "away_form"]);
    }
}
