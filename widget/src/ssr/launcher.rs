//! The launcher's script with a site's settings in it.

use domain::{Invite, Theme};
use serde_json::{Map, Value, json};

use super::{Brand, Language, Texts, data::safe_json};

/// The free names in `launcher/launcher.js` in whose place the settings are put, and what looks out for an invite.
const PLACE: &str = "__DESKBELL__";
const INVITES: &str = "__INVITES__";

/// What the launcher of one site needs to know, so that it asks for nothing more before the visitor acts.
#[derive(Debug, Clone)]
pub struct LauncherSettings<'a> {
    /// The site's key.
    pub key: String,
    /// Scheme, host and port of the frame (`widget_url`, else `public_url`), without a slash at the end.
    pub origin: String,
    pub brand: Brand,
    pub side: Side,
    pub language: Language,
    /// It is not to be seen for so long (in milliseconds), because nobody is there; 0 when nobody knows for how long. A
    /// running chat brings it up all the same.
    pub hidden: Option<u64>,
    pub theme: Theme,
    pub invites: Option<Invites<'a>>,
}

/// Words to visitors who have done nothing yet (PRODUCT V13).
#[derive(Debug, Clone)]
pub struct Invites<'a> {
    pub rules: &'a [Invite],
    /// `launcher-invites.js`, minified or not.
    pub source: &'a str,
    /// Path of `widget-invite.js`.
    pub script_url: &'a str,
}

/// Where on the page it sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    #[default]
    Right,
    Left,
}

/// The script, ready to be sent. `source` is `launcher.js`, minified or not.
pub fn launcher(source: &str, settings: &LauncherSettings<'_>) -> String {
    let texts = settings.language.texts();
    let mut value = json!({
        "k": settings.key,
        "o": settings.origin.trim_end_matches('/'),
        "c": settings.brand.fill.hex(),
        "i": settings.brand.on_fill.hex(),
        "l": u8::from(settings.side == Side::Left),
        "g": settings.language.code(),
        "t": words(texts),
    });
    // Only the frame knows of any that are unread, and brings the words.
    value["t"][3] = 0.into();
    if settings.theme != Theme::Auto {
        value["d"] = (settings.theme == Theme::Dark).into();
    }
    if let Some(millis) = settings.hidden {
        value["h"] = millis.into();
    }
    let mut inviting = "null";
    if let Some(Invites { rules, source, script_url }) = &settings.invites {
        let function = source.split_once("export default").map_or("null", |(_, function)| function);
        inviting = function.trim().trim_end_matches(';');
        let rules = rules.iter().map(|rule| json!([rule.page, rule.seconds, rule.visits, rule.text]));
        value["r"] = rules.collect();
        value["m"] = (*script_url).into();
        value["x"] = texts.close.into();
    }
    // In this order: the settings hold words of the site's.
    source.replacen(INVITES, inviting, 1).replacen(PLACE, &safe_json(&value), 1)
}

/// What the launcher says: open, close, the frame's title, the button's name while messages wait; then what stands in the
/// frame's place when nothing comes, and on the button to try again.
pub(super) fn words(texts: &Texts) -> Value {
    let unread = texts.unread.forms().map(|(category, form)| (category.to_owned(), form.into()));
    json!([
        texts.open_chat,
        texts.close_chat,
        texts.chat,
        unread.collect::<Map<_, _>>(),
        texts.not_through,
        texts.retry
    ])
}
