//! Letters to visitors, in their language: as a text, and as a page of the plainest kind, because mail programs know no
//! other. Everything in it is somebody's words and is written as text.

use domain::{LetterKind, Timestamp};

use super::{Language, Transcript, transcript::Line};

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// `chat` holds what the letter tells of: the whole chat, or the agents' answers. `back` is where the visitor can go on
/// with the conversation. `local` gives the date and the time of day at a moment, on the visitor's clock.
pub fn letter(
    kind: LetterKind,
    chat: &Transcript<'_>,
    back: Option<&str>,
    local: impl Fn(Timestamp) -> (String, String),
) -> Letter {
    let texts = chat.language.texts();
    let with_site = |text: &str| text.replacen("{site}", chat.site, 1);
    let (subject, lead, why) = match kind {
        LetterKind::Transcript => {
            let lead = with_site(texts.letter_transcript_lead);
            (texts.letter_transcript_subject, Some(lead), texts.letter_transcript_why)
        }
        LetterKind::Answer => (texts.letter_answer_subject, None, texts.letter_answer_why),
    };
    let lines = chat.lines(&local);
    let again = back.map(|back| (texts.letter_answer_again, back));
    let why = with_site(why);
    let mut text = String::new();
    match (&lead, kind) {
        (Some(lead), LetterKind::Transcript) => text.extend([lead, "\n\n", &chat.text(local)]),
        _ => text.extend(
            lines.iter().flat_map(|line| [line.who.as_deref().unwrap_or_default(), ":\n", &line.words, "\n\n"]),
        ),
    }
    if let Some((words, back)) = again {
        text.extend(["\n", words, "\n", back, "\n"]);
    }
    text.extend(["\n-- \n", &why, "\n"]);
    let page = Page { chat, kind, lead: lead.as_deref(), lines: &lines, again, why: &why };
    Letter { subject: with_site(subject), text, html: page.html() }
}

/// A code that confirms what a visitor asked for.
#[derive(Debug, Clone, Copy)]
pub struct Code<'a> {
    /// What the company calls itself.
    pub site: &'a str,
    pub code: &'a str,
    /// That everything be erased; else it is a copy that was asked for.
    pub erases: bool,
}

pub fn code_letter(code: &Code<'_>, language: Language) -> Letter {
    let texts = language.texts();
    let with_site = |text: &str| text.replacen("{site}", code.site, 1);
    let lead = with_site(if code.erases { texts.letter_code_erase } else { texts.letter_code_copy });
    let subject = with_site(texts.letter_code_subject);
    let why = texts.letter_code_why;
    let text = format!("{lead}\n\n{}\n\n{why}\n", code.code);
    let mut html = opening(language, code.site);
    html.extend([
        "<p>",
        &escaped(&lead),
        "</p><p style=\"font-size:28px;font-weight:600;letter-spacing:4px\">",
        &escaped(code.code),
        "</p><p style=\"font-size:13px;",
        GREY,
        "\">",
        &escaped(why),
        "</p></div></body></html>",
    ]);
    Letter { subject, text, html }
}

struct Page<'a> {
    chat: &'a Transcript<'a>,
    kind: LetterKind,
    lead: Option<&'a str>,
    lines: &'a [Line],
    again: Option<(&'a str, &'a str)>,
    why: &'a str,
}

const GREY: &str = "color:#5b6170";

impl Page<'_> {
    fn html(&self) -> String {
        let mut html = opening(self.chat.language, self.chat.site);
        if let Some(lead) = self.lead {
            html.extend(["<p>", &escaped(lead), "</p>"]);
        }
        let mut day = "";
        for line in self.lines {
            if self.kind == LetterKind::Transcript && line.date != day {
                day = &line.date;
                html.extend([
                    "<p style=\"margin:24px 0 8px;",
                    GREY,
                    "\">",
                    &escaped(day),
                    " · ",
                    &escaped(self.chat.zone),
                    "</p>",
                ]);
            }
            self.line(&mut html, line);
        }
        if let Some((words, back)) = self.again {
            let back = escaped(back);
            html.extend([
                "<p style=\"margin:24px 0\">",
                &escaped(words),
                "<br><a href=\"",
                &back,
                "\">",
                &back,
                "</a></p>",
            ]);
        }
        html.extend([
            "<p style=\"margin:32px 0 0;font-size:13px;",
            GREY,
            "\">",
            &escaped(self.why),
            "</p></div></body></html>",
        ]);
        html
    }

    fn line(&self, html: &mut String, line: &Line) {
        let words = escaped(&line.words).replace('\n', "<br>");
        match &line.who {
            Some(who) => {
                let edge = if line.ours { "#6a6f7d" } else { "#c9cdd6" };
                html.extend([
                    "<div style=\"margin:12px 0;padding:0 12px;border-inline-start:3px solid ",
                    edge,
                    "\"><b dir=\"auto\">",
                    &escaped(who),
                    "</b>",
                ]);
                if self.kind == LetterKind::Transcript {
                    html.extend([" <span style=\"", GREY, "\">", &escaped(&line.time), "</span>"]);
                }
                html.extend(["<div dir=\"auto\">", &words, "</div></div>"]);
            }
            None => html.extend([
                "<p style=\"margin:12px 0;font-size:13px;",
                GREY,
                "\">",
                &escaped(&line.time),
                " · ",
                &words,
                "</p>",
            ]),
        }
    }
}

/// Up to the company's name at its top.
fn opening(language: Language, site: &str) -> String {
    let (code, direction, site) = (language.code(), language.direction(), escaped(site));
    format!(
        "<!doctype html><html lang=\"{code}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{site}</title></head>\
         <body style=\"margin:0;padding:24px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif\">\
         <div style=\"max-width:560px;margin:0 auto\"><p style=\"font-size:18px;font-weight:600;margin:0 0 16px\">{site}</p>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use wire::visitor::{Event, Face, What, Who};

    use super::*;

    fn events() -> Vec<Event> {
        let face = || Face { name: "Aki <b>".into(), initials: "A".into(), hue: 1 };
        let event = |vseq: u32, who: Who, text: &str| Event {
            vseq,
            at: Timestamp::from_millis(0),
            who,
            what: What::Message { text: text.into() },
            client_id: None,
        };
        vec![event(1, Who::Visitor, "<script>alert(1)</script>\nin oak?"), event(2, Who::Agent(face()), "Yes & \"no\"")]
    }

    fn written(kind: LetterKind, language: Language, back: Option<&str>) -> Letter {
        let events = events();
        let chat = Transcript { site: "Oak & Co.", name: "Lena", language, zone: "Europe/Vienna", events: &events };
        letter(kind, &chat, back, |_| ("1 May".into(), "10:00".into()))
    }

    #[test]
    fn a_transcript_holds_everything_as_text_and_as_a_page() {
        let letter = written(LetterKind::Transcript, Language::German, None);
        assert_eq!(letter.subject, "Ihr Chat mit Oak & Co.");
        assert!(letter.text.contains("10:00  Lena: <script>alert(1)</script>\n       in oak?\n"), "{}", letter.text);
        assert!(letter.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;<br>in oak?"), "{}", letter.html);
        assert!(letter.html.contains("Aki &lt;b&gt;") && letter.html.contains("Yes &amp; &quot;no&quot;"));
        assert!(letter.html.contains("lang=\"de\" dir=\"ltr\""));
    }

    #[test]
    fn an_answer_says_where_to_go_on() {
        let back = "https://chat.example/w/k/panel#c=1";
        let letter = written(LetterKind::Answer, Language::Arabic, Some(back));
        assert!(letter.text.contains("Aki <b>:\nYes & \"no\"\n") && letter.text.contains(back), "{}", letter.text);
        assert!(letter.html.contains(&format!("<a href=\"{back}\">")) && letter.html.contains("dir=\"rtl\""));
        assert!(!letter.html.contains("10:00"), "an answer is a letter, not a protocol");
    }
}
