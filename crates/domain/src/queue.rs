//! A queue's settings: how it finds an agent, how long things may take, and what it says by itself.

use serde::{Deserialize, Serialize};

use crate::{FieldError, FieldProblem, Hours, MOST_MEGABYTES, QueueId, Span};

/// What follows when an agent ends a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrapUp {
    None,
    /// Ends by itself after this many seconds.
    Timed(u32),
    /// Lasts until the agent presses Close.
    Manual,
}

/// The part of a queue's settings that the session state machine needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRules {
    /// After this many seconds without an agent a waiting chat is missed, or moves on. Default 300 (PRODUCT M2).
    pub wait_timeout: u32,
    pub wrap_up: WrapUp,
    /// Most chats that one agent may have in hand to be given another of this queue; 0 for no limit.
    pub chat_limit: u32,
}

/// How a waiting chat finds its agent (PRODUCT M2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Rings the one whose last offer is longest ago.
    RingByTurns,
    /// Rings the one with the fewest chats.
    RingLeastBusy,
    /// Rings everyone who is free; the first to accept has it.
    RingAll,
    /// Rings nobody: agents take from the list. The default, because it is how a queue behaves that nobody has set up.
    #[default]
    Pick,
    /// Gives it without asking to the one whose last offer is longest ago.
    AutoAnswer,
}

/// What follows when nobody took a chat in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterWait {
    #[default]
    Missed,
    /// It waits on in another queue; missed when it has been there already.
    Queue(QueueId),
}

/// Who gets a visitor who comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returning {
    #[default]
    AnyAgent,
    /// Whoever had them before, if they are free; else anyone.
    SameAgent,
    /// Anyone but them, while somebody else serves the queue.
    NewAgent,
}

/// A text that is posted after some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedText {
    /// Seconds.
    pub after: u32,
    pub text: String,
}

/// What a queue says by itself (PRODUCT M4). The greeting is the site's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AutoTexts {
    /// To who has waited this long.
    pub waiting: Option<TimedText>,
    /// To who comes while nobody serves the queue.
    pub away: Option<String>,
    /// To who has not answered the agent for this long.
    pub silence: Option<TimedText>,
    /// Before the end, when an agent ends the chat or it is closed for silence.
    pub closing: Option<String>,
    /// After this many seconds without an answer to the agent's words a chat is closed; 0 for never.
    pub close_idle: u32,
}

/// By when a chat should be taken and answered; nothing happens by itself when it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// Seconds from the start of waiting to an agent. Default 120 (PRODUCT M2).
    pub assign: u32,
    /// Seconds from the visitor's words to the agent's. Default 180 (PRODUCT M2).
    pub reply: u32,
}

/// What the routing engine needs beside [`QueueRules`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueSettings {
    pub strategy: Strategy,
    /// Seconds that a chat rings; 5 to 300, default 20 (DECISIONS: Moves).
    pub ring: u32,
    /// Seconds before a chat is offered again to who declined it or let it ring; 0 to 3600, default 60.
    pub pause: u32,
    /// Higher is served first; 0 to 9.
    pub priority: u8,
    pub after_wait: AfterWait,
    pub returning: Returning,
    pub targets: Targets,
    /// Seconds that an answered chat waits for an owner whose line is lost; 0 to 3600, default 120.
    pub owner_wait: u32,
    /// `None`: always open.
    pub hours: Option<Hours>,
    pub texts: AutoTexts,
}

/// Longest automated text, in characters.
pub const LONGEST_AUTO_TEXT: usize = 2_000;

/// Longest name of a queue, in characters: it has to fit into lists.
pub const LONGEST_QUEUE_NAME: usize = 60;

/// Longest time that can be set, in seconds: one day.
const DAY: u32 = 24 * 3600;

/// From where to where each number may be set. `close_idle` may be 0 too: never.
const RANGES: [(&str, u32, u32); 13] = [
    ("wait_timeout", 10, DAY),
    // Of sites, whose form has the same numbers.
    ("attachment_megabytes", 1, MOST_MEGABYTES as u32),
    ("chat_limit", 0, 100),
    ("wrap_up", 5, 3600),
    ("ring", 5, 300),
    ("pause", 0, 3600),
    ("priority", 0, 9),
    ("target_assign", 1, DAY),
    ("target_reply", 1, DAY),
    ("owner_wait", 0, 3600),
    ("waiting_after", 1, DAY),
    ("silence_after", 10, DAY),
    ("close_idle", 30, DAY),
];

/// The smallest and the largest value of a setting, for its field.
pub fn setting_range(field: &str) -> Option<(u32, u32)> {
    RANGES.iter().find(|(of, ..)| *of == field).map(|(_, min, max)| (*min, *max))
}

impl QueueRules {
    pub(crate) const fn wait(self) -> Span {
        Span::seconds(self.wait_timeout as i64)
    }

    /// Everything out of range, tied to its field.
    pub fn check(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        range(&mut wrong, "wait_timeout", self.wait_timeout);
        range(&mut wrong, "chat_limit", self.chat_limit);
        if let WrapUp::Timed(seconds) = self.wrap_up {
            range(&mut wrong, "wrap_up", seconds);
        }
        wrong
    }
}

impl Default for QueueRules {
    fn default() -> Self {
        Self { wait_timeout: 300, wrap_up: WrapUp::None, chat_limit: 0 }
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self { assign: 120, reply: 180 }
    }
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            ring: 20,
            pause: 60,
            priority: 0,
            after_wait: AfterWait::default(),
            returning: Returning::default(),
            targets: Targets::default(),
            owner_wait: 120,
            hours: None,
            texts: AutoTexts::default(),
        }
    }
}

impl QueueSettings {
    /// Everything out of range, tied to its field. Hours have faults of their own ([`Hours::faults`]).
    pub fn check(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        range(&mut wrong, "ring", self.ring);
        range(&mut wrong, "pause", self.pause);
        range(&mut wrong, "priority", u32::from(self.priority));
        range(&mut wrong, "target_assign", self.targets.assign);
        range(&mut wrong, "target_reply", self.targets.reply);
        range(&mut wrong, "owner_wait", self.owner_wait);
        wrong.extend(self.texts.check());
        wrong
    }
}

impl AutoTexts {
    /// Everything wrong with the texts and their times, tied to its field.
    pub fn check(&self) -> Vec<FieldError> {
        let mut found = Vec::new();
        let wrong = &mut found;
        if let Some(waiting) = &self.waiting {
            range(wrong, "waiting_after", waiting.after);
            text(wrong, "waiting_text", &waiting.text);
        }
        if let Some(away) = &self.away {
            text(wrong, "away_text", away);
        }
        if let Some(silence) = &self.silence {
            range(wrong, "silence_after", silence.after);
            text(wrong, "silence_text", &silence.text);
        }
        if let Some(closing) = &self.closing {
            text(wrong, "closing_text", closing);
        }
        if self.close_idle != 0 {
            range(wrong, "close_idle", self.close_idle);
            if self.silence.as_ref().is_some_and(|silence| silence.after >= self.close_idle) {
                wrong.push(FieldError { field: "close_idle", problem: FieldProblem::NotAfterSilence });
            }
        }
        found
    }
}

fn range(wrong: &mut Vec<FieldError>, field: &'static str, value: u32) {
    if let Some((min, max)) = setting_range(field).filter(|(min, max)| !(*min..=*max).contains(&value)) {
        wrong.push(FieldError { field, problem: FieldProblem::OutOfRange { min, max } });
    }
}

fn text(wrong: &mut Vec<FieldError>, field: &'static str, text: &str) {
    if text.trim().is_empty() {
        wrong.push(FieldError { field, problem: FieldProblem::Missing });
    } else if text.chars().count() > LONGEST_AUTO_TEXT {
        wrong.push(FieldError { field, problem: FieldProblem::TooLong });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named_with_its_range() {
        let settings = QueueSettings { ring: 2, priority: 12, ..QueueSettings::default() };
        let ring = FieldError { field: "ring", problem: FieldProblem::OutOfRange { min: 5, max: 300 } };
        let priority = FieldError { field: "priority", problem: FieldProblem::OutOfRange { min: 0, max: 9 } };
        assert_eq!(settings.check(), [ring, priority]);
        assert_eq!(QueueSettings::default().check(), []);
        assert_eq!(QueueRules::default().check(), []);
    }

    #[test]
    fn a_chat_is_not_closed_before_its_visitor_was_asked() {
        let silence = Some(TimedText { after: 600, text: "Are you still there?".into() });
        let texts = AutoTexts { silence, close_idle: 300, ..AutoTexts::default() };
        let wrong = QueueSettings { texts, ..QueueSettings::default() }.check();
        assert_eq!(wrong, [FieldError { field: "close_idle", problem: FieldProblem::NotAfterSilence }]);
    }

    #[test]
    fn settings_of_an_older_server_are_read() {
        let read: QueueSettings = serde_json::from_str(r#"{"ring":30}"#).expect("defaults fill the rest");
        assert_eq!(read, QueueSettings { ring: 30, ..QueueSettings::default() });
    }
}
