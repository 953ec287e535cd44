//! Letters to visitors, in words: what `services` sends and `widget` can say are brought together here.

use std::sync::Arc;

use domain::{Timestamp, local_time};
use services::{OpenLetter, Services, SiteEntry, Words, Written};
use widget::ssr::{Code, Language, Letter, Transcript, code_letter, letter};
use wire::visitor::PrivacyAsk;

use crate::origin::Origin;

/// Begins to send them; their links lead to the frame's origin.
pub fn start(services: &Services, frame: &Origin) {
    let frame = frame.to_string();
    services.start_letters(Arc::new(move |words| {
        let Letter { subject, text, html } = match words {
            Words::Letter(open) => of_chat(open, &frame),
            Words::Code { site, language, asked, code } => code_letter(
                &Code { site: &site.name, code, erases: *asked == PrivacyAsk::Erase },
                spoken(language, site),
            ),
        };
        Written { subject, text, html }
    }));
}

fn of_chat(open: &OpenLetter, frame: &str) -> Letter {
    let OpenLetter { kind, site, language, chat, code, .. } = open;
    let chat_of = Transcript {
        site: &site.name,
        name: &chat.name,
        language: spoken(language, site),
        zone: &chat.zone,
        events: &chat.events,
    };
    // Behind `#`: what stands there is sent to no server, and written into no log.
    let back = code.as_ref().map(|code| format!("{frame}/w/{}/chat#{code}", site.key));
    letter(*kind, &chat_of, back.as_deref(), |at| clock(&chat.zone, at))
}

/// The visitor's language, else the site's.
fn spoken(language: &str, site: &SiteEntry) -> Language {
    let of_site = Language::choose(Some(&site.settings.language), None, Language::English);
    Language::choose(Some(language), None, of_site)
}

/// The date and the time of day there.
pub fn clock(zone: &str, at: Timestamp) -> (String, String) {
    let local = local_time(zone, at);
    (local.date, format!("{:02}:{:02}", local.minute / 60, local.minute % 60))
}
