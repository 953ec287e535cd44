//! What is rarely used of the panel, fetched when it is: markup and words for `scripts/widget-more.js` and those that it
//! fetches in turn. Neither the panel's document nor the client carries any of it.

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::{Language, Texts, data::safe_json, views};

/// Everything that the fragment is made from.
#[derive(Debug, Clone)]
pub struct More<'a> {
    pub language: Language,
    /// The address of `widget-more.css`.
    pub css_url: &'a str,
    pub emoji_script_url: &'a str,
    pub window_script_url: &'a str,
    pub earlier_script_url: &'a str,
    pub letters_script_url: &'a str,
    /// Whether the server can send letters.
    pub letters: bool,
    /// Addresses of `widget-files.js` and its sheet.
    pub files_script_url: &'a str,
    pub files_css_url: &'a str,
    /// Bytes of the largest file that this site takes.
    pub most_bytes: u64,
}

/// Markup without a document around it. Each element says where it belongs by `data-before` or `data-into`.
pub fn more(more: &More<'_>) -> String {
    let texts = more.language.texts();
    let view = view! {
        <script type="application/json" id="more-data" inner_html=data(more, texts)></script>
        {views::more(texts, more.letters)}
    };
    view.to_html().replace("<!>", "")
}

fn data(more: &More<'_>, texts: &Texts) -> String {
    safe_json(&json!({
        "texts": words(more.language, texts),
        "urls": { "style": more.css_url, "files": more.files_script_url, "emoji": more.emoji_script_url, "window": more.window_script_url, "earlier": more.earlier_script_url, "letters": more.letters_script_url },
        "files": { "style": more.files_css_url, "most": more.most_bytes },
    }))
}

macro_rules! named {
    ($texts:expr; $($name:ident)*) => { [$((stringify!($name), $texts.$name),)*] };
}

/// The texts that these scripts put in, by their names in [`Texts`].
fn words(language: Language, texts: &Texts) -> Map<String, Value> {
    let named = named![texts;
        download_failed window_blocked
        emoji_recent emoji_smileys emoji_people emoji_hearts emoji_nature emoji_food emoji_things
        // Earlier chats: what happened in them is worded as in the one that runs.
        earlier_chats older_chats older_messages loading more_lost you joined attachments_on attachments_off assigned requeued
        agent_left agent_away agent_back ended_by left missed abandoned blocked resumed rated
        // What goes by e-mail.
        email not_an_email mail_sent mail_nothing mail_failed data_lead data_erase_lead code_label code_wrong link_old
        // Sending pictures.
        file_empty file_too_large file_type file_script file_hides file_damaged file_infected files_off files_ended
        files_many not_sent waiting_to_send file_checking file_sent file_chosen file_progress file_remove file_stop files_drop
    ];
    named.into_iter().map(|(name, text)| (name.to_owned(), language.isolating(text).into())).collect()
}
