//! A chat as a text that its visitor can keep (PRODUCT V8).

use domain::Timestamp;
use wire::visitor::{Event, What, Who};

use super::Language;
use crate::{
    Say,
    lines::{Filling, line},
};

/// Everything that goes into it.
#[derive(Debug)]
pub struct Transcript<'a> {
    /// What the company calls itself.
    pub site: &'a str,
    /// The visitor's, where it is known.
    pub name: &'a str,
    pub language: Language,
    /// The clock that the times are read from, as its name.
    pub zone: &'a str,
    pub events: &'a [Event],
}

/// One entry.
pub(super) struct Line {
    /// On the visitor's clock.
    pub date: String,
    pub time: String,
    /// Who said it; `None` for what happened.
    pub who: Option<String>,
    pub ours: bool,
    pub words: String,
}

impl Transcript<'_> {
    /// `local` gives the date and the time of day at a moment, on the clock of `zone`.
    pub fn text(&self, local: impl Fn(Timestamp) -> (String, String)) -> String {
        let mut text = format!("{} · {}\n", self.site, self.zone);
        let mut day = String::new();
        for Line { date, time, who, words, .. } in self.lines(local) {
            let line = match who {
                Some(who) => format!("{who}: {words}"),
                None => format!("— {words}"),
            };
            if date != day {
                text.extend(["\n", &date, "\n"]);
                day = date;
            }
            // What has several lines stays below its first.
            text.extend([&time, "  ", &line.replace('\n', "\n       "), "\n"]);
        }
        text
    }

    pub(super) fn lines(&self, local: impl Fn(Timestamp) -> (String, String)) -> Vec<Line> {
        let texts = self.language.texts();
        let you = if self.name.is_empty() { texts.say(Say::You) } else { self.name };
        let mut lines = Vec::with_capacity(self.events.len());
        for event in self.events {
            let said = match &event.what {
                What::Message { text } => Some(text.clone()),
                What::Attachment(file) => Some(file.name.clone()),
                _ => None,
            };
            let (who, words) = match (said, &event.who) {
                (Some(said), Who::Visitor) => (Some(you.to_owned()), said),
                (Some(said), Who::Agent(face)) => (Some(face.name.clone()), said),
                (Some(said), Who::Site) => (Some(self.site.to_owned()), said),
                (None, _) => match line(event, self.site) {
                    Some((say, filling)) => (None, filled(texts.say(say), filling)),
                    None => continue,
                },
            };
            let (date, time) = local(event.at);
            lines.push(Line { date, time, who, ours: event.who != Who::Visitor, words });
        }
        lines
    }
}

fn filled(text: &str, filling: Filling<'_>) -> String {
    match filling {
        Filling::Nothing => text.to_owned(),
        Filling::Name(name) => text.replacen("{name}", name, 1),
        Filling::Number(n) => text.replacen("{n}", &n.to_string(), 1),
    }
}

#[cfg(test)]
mod tests {
    use domain::Outcome;
    use wire::visitor::Face;

    use super::*;

    #[test]
    fn a_chat_is_written_down_in_the_visitors_language() {
        let aki = || Who::Agent(Face { name: "Aki {name}".into(), initials: "A".into(), hue: 1 });
        let event = |vseq: u32, minute: i64, who: Who, what: What| Event {
            vseq,
            at: Timestamp::from_millis(minute * 60_000),
            who,
            what,
            client_id: None,
        };
        let events = [
            event(1, 1, Who::Visitor, What::Started),
            event(2, 1, Who::Visitor, What::Message { text: "Gibt es\ndas in Eiche?".into() }),
            event(3, 2, aki(), What::Joined),
            event(4, 3, aki(), What::Message { text: "Ja.".into() }),
            event(5, 1_500, aki(), What::Ended { outcome: Outcome::Handled }),
        ];
        let transcript = Transcript {
            site: "Oak & Co.",
            name: "",
            language: Language::German,
            zone: "Europe/Vienna",
            events: &events,
        };
        let minutes = |at: Timestamp| at.millis() / 60_000;
        let text = transcript.text(|at| {
            let minutes = minutes(at);
            (format!("day {}", minutes / 1_440), format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60))
        });
        let joined = Language::German.texts().say(Say::Joined).replacen("{name}", "Aki {name}", 1);
        let ended = Language::German.texts().say(Say::EndedBy).replacen("{name}", "Aki {name}", 1);
        let you = Language::German.texts().say(Say::You);
        assert_eq!(
            text,
            format!(
                "Oak & Co. · Europe/Vienna\n\nday 0\n00:01  {you}: Gibt es\n       das in Eiche?\n00:02  — {joined}\n\
                 00:03  Aki {{name}}: Ja.\n\nday 1\n01:00  — {ended}\n"
            )
        );
    }
}
