use std::fmt::Write;

use domain::{Timestamp, amount_text, currency::decimals, is_zone, local_time};

use super::{By, Line, Transcript, TranscriptFormat};

/// Longest part of a file's name that is the visitor's, in characters.
const NAME: usize = 40;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Transcript {
    pub fn file_name(&self, format: TranscriptFormat, zone: &str) -> String {
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let name: String = self.visitor.name.chars().take(NAME).map(plain).collect();
        let name: Vec<_> = name.split('-').filter(|part| !part.is_empty()).collect();
        let date = local_time(zone, self.started).date;
        let of = if name.is_empty() { String::new() } else { format!("-{}", name.join("-")) };
        format!("chat{of}-{date}.{}", format.ending())
    }

    pub fn json(&self) -> String {
        // Strings as keys and no serialiser of our own: it cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// One row for each event, all cells in quotes, with the mark by which spreadsheets know UTF-8.
    pub fn csv(&self) -> String {
        let mut text = "\u{feff}".to_owned();
        let mut row = |cells: [&str; 7]| {
            let cells = cells.map(cell);
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        };
        row(["seq", "at", "by", "name", "kind", "text", "internal"]);
        for line in &self.events {
            let by = match line.by {
                By::Visitor => "visitor",
                By::Agent => "agent",
                By::System => "system",
            };
            let internal = if line.internal { "yes" } else { "no" };
            row([&line.seq.to_string(), &line.at, by, &line.name, &line.kind, &line.text, internal]);
        }
        text
    }

    /// For people.
    pub fn text(&self, zone: &str) -> String {
        let zone = if is_zone(zone) { zone } else { "UTC" };
        let mut text = String::new();
        let visitor = if self.visitor.name.is_empty() { "a visitor" } else { &self.visitor.name };
        let mut head = |line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        head(if self.visitor.email.is_empty() {
            format!("Chat with {visitor}")
        } else {
            format!("Chat with {visitor} <{}>", self.visitor.email)
        });
        head(
            [&self.site, &self.queue]
                .iter()
                .filter(|part| !part.is_empty())
                .map(|part| part.as_str())
                .collect::<Vec<_>>()
                .join(" · "),
        );
        head(format!("Began {} (times of {zone})", moment(zone, self.started)));
        if let Some(ended) = self.ended {
            let outcome = self.outcome.map(|outcome| format!(": {}", outcome.name())).unwrap_or_default();
            head(format!("Ended {}{outcome}", moment(zone, ended)));
        }
        if let Some(agent) = &self.agent {
            head(format!("Agent: {agent}"));
        }
        if let Some(rating) = &self.rating {
            let words = if rating.words.is_empty() { String::new() } else { format!(", {}", rating.words) };
            head(indented(&format!("Rating: {} of 5{words}", u8::from(rating.stars))));
        }
        if let Some(noted) = &self.classification {
            match noted.qualified {
                Some(true) => head("Qualified".to_owned()),
                Some(false) => head("Not qualified".to_owned()),
                None => {}
            }
            if !noted.tags.is_empty() {
                head(format!("Tags: {}", noted.tags.join(", ")));
            }
            if let Some(value) = noted.value {
                head(format!("Value: {} {}", noted.currency, amount_text(value, decimals(&noted.currency))));
            }
            if !noted.notes.is_empty() {
                head(indented(&format!("Notes: {}", noted.notes)));
            }
        }
        let mut day = String::new();
        for line in &self.events {
            let now = local_time(zone, line.moment).date;
            if now != day {
                // Writing into a String cannot fail.
                let _ = writeln!(text, "\n--- {now} ---");
                day = now;
            }
            text.push_str(&spoken(line, zone));
            text.push('\n');
        }
        text
    }
}

/// What is said stands after its author's name; lines of the system begin with a star. What goes on over several lines
/// is indented, so that nobody's words can look like another line.
fn spoken(line: &Line, zone: &str) -> String {
    let at = clock(zone, line.moment);
    let name = match (line.by, line.name.is_empty()) {
        (By::Visitor, true) => "Visitor",
        (By::System, _) if line.said => "Automatic",
        _ => &line.name,
    };
    let internal = if line.internal && line.said { " (note)" } else { "" };
    let spoken = if line.said {
        format!("{at}  {name}{internal}: {}", line.text)
    } else if name.is_empty() {
        format!("{at}  * {}", line.text)
    } else {
        format!("{at}  * {name} {}", line.text)
    };
    indented(&spoken)
}

fn indented(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\n       ")
}

fn moment(zone: &str, at: Timestamp) -> String {
    format!("{} {}", local_time(zone, at).date, clock(zone, at))
}

fn clock(zone: &str, at: Timestamp) -> String {
    let minute = local_time(zone, at).minute;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A cell that is nothing but its text: a formula is put behind an apostrophe, as spreadsheets themselves do.
fn cell(text: &str) -> String {
    let formula = if text.starts_with(FORMULA) { "'" } else { "" };
    format!("\"{formula}{}\"", text.replace('"', "\"\""))
}
