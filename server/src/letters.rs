//! Letters to visitors, in words: what `services` sends and `widget` can say are brought together here.

use std::sync::Arc;

use domain::{Timestamp, local_time};
use services::{OpenLetter, Services, Written};
use widget::ssr::{Language, Transcript, letter};

use crate::origin::Origin;

/// Begins to send them; their links lead to the frame's origin.
pub fn start(services: &Services, frame: &Origin) {
    let frame = frame.to_string();
    services.start_letters(Arc::new(move |open| written(open, &frame)));
}

fn written(open: &OpenLetter, frame: &str) -> Written {
    let OpenLetter { kind, site, language, chat, code, .. } = open;
    let of_site = Language::choose(Some(&site.settings.language), None, Language::English);
    let chat_of = Transcript {
        site: &site.name,
        name: &chat.name,
        language: Language::choose(Some(language), None, of_site),
        zone: &chat.zone,
        events: &chat.events,
    };
    // Behind `#`: what stands there is sent to no server, and written into no log.
    let back = code.as_ref().map(|code| format!("{frame}/w/{}/chat#{code}", site.key));
    let letter = letter(*kind, &chat_of, back.as_deref(), |at| clock(&chat.zone, at));
    Written { subject: letter.subject, text: letter.text, html: letter.html }
}

/// The date and the time of day there.
pub fn clock(zone: &str, at: Timestamp) -> (String, String) {
    let local = local_time(zone, at);
    (local.date, format!("{:02}:{:02}", local.minute / 60, local.minute % 60))
}
