//! Words for what happened, and for what went wrong ([`refused`]). The wire carries codes; these are the console's sentences.

mod refused;

use std::borrow::Cow;

use domain::{AfterOffer, AgentId, BackWhy, EventKind, Handover, LetterKind, OfferEnd, OfferWhy, Outcome};
use wire::agent::Who;

pub use self::refused::{error_line, fault_line, file_size};

/// Whoever has no name.
pub const NAMELESS: &str = "Visitor";

pub fn name_or(name: &str) -> &str {
    if name.trim().is_empty() { NAMELESS } else { name }
}

/// A line in the middle of the conversation; `None` for what stands in a bubble. `named` is the agent or queue that
/// `kind` speaks of.
pub fn system_line(kind: &EventKind, who: &Who, named: Option<&str>, visitor: &str, me: AgentId) -> Option<String> {
    let visitor = isolated(name_or(visitor));
    let (visitor, named) = (visitor.as_ref(), named.map(isolated));
    let named = named.as_deref();
    let (agent, mine) = match who {
        Who::Agent { id, .. } if *id == me => (Cow::Borrowed("You"), true),
        Who::Agent { face, .. } => (isolated(&face.name), false),
        Who::Visitor => (Cow::Borrowed(visitor), false),
        Who::System => (Cow::Borrowed(""), false),
    };
    let agent = agent.as_ref();
    let line = match kind {
        EventKind::Message { .. } | EventKind::Answered { .. } | EventKind::Attachment(_) | EventKind::Note { .. } => {
            return None;
        }
        EventKind::AttachmentsAllowed { on: true } => format!("{agent} allowed attachments"),
        EventKind::AttachmentsAllowed { on: false } => format!("{agent} switched attachments off"),
        EventKind::Started { page: Some(page) } => format!("{visitor} started the chat on {}", path_of(page)),
        EventKind::Started { page: None } => format!("{visitor} started the chat"),
        EventKind::Joined => format!("{agent} took the chat"),
        EventKind::Assigned { to } if *to == me => {
            if agent.is_empty() {
                "The chat went to you".to_owned()
            } else {
                format!("{agent} passed the chat to you")
            }
        }
        EventKind::Assigned { .. } if agent.is_empty() => {
            format!("The chat went to {}", named.unwrap_or("a colleague"))
        }
        EventKind::Assigned { .. } => format!("{agent} passed the chat to {}", named.unwrap_or("a colleague")),
        EventKind::Requeued { .. } => match (agent, named) {
            ("", Some(queue)) => format!("Back in {queue}"),
            ("", None) => "Back in the queue".to_owned(),
            (agent, Some(queue)) => format!("{agent} put the chat back into {queue}"),
            (agent, None) => format!("{agent} put the chat back into the queue"),
        },
        EventKind::Offered { to, why, .. } => offered(to, *why, named, me, agent),
        EventKind::OfferEnded { from, why, then } => offer_ended(from, *why, *then, named, me),
        EventKind::Given { to, why } => {
            let to = person(&[*to], named, me, "you");
            format!("The chat went to {to}: {}", offer_why(*why))
        }
        EventKind::GaveBack { why, .. } => {
            let owner = named.unwrap_or("the agent");
            match why {
                BackWhy::OwnerLost => format!("Back in the queue: {owner} lost the connection before answering"),
                BackWhy::OwnerDidNotReturn { seconds } => {
                    format!("Back in the queue: {owner} did not come back in {}", lasted(*seconds))
                }
                BackWhy::OwnerLeft => format!("Back in the queue: {owner} no longer takes chats"),
            }
        }
        EventKind::Overflowed { seconds, .. } => {
            let queue = named.unwrap_or("another queue");
            format!("Moved on to {queue}: nobody took it in {}", lasted(*seconds))
        }
        EventKind::OwnerLost { .. } => format!("{} lost the connection", named.unwrap_or("The agent")),
        EventKind::OwnerBack { .. } => format!("{} is back", named.unwrap_or("The agent")),
        EventKind::ColleagueJoined { agent: colleague } => {
            format!("{agent} added {}", person(&[*colleague], named, me, "you"))
        }
        EventKind::ColleagueLeft { agent: colleague } => match who {
            Who::Agent { id, .. } if id == colleague => format!("{agent} left the chat to the others"),
            _ => format!("{agent} took {} out of the chat", person(&[*colleague], named, me, "you")),
        },
        EventKind::Ended { outcome } => match outcome {
            Outcome::Handled if agent.is_empty() => "The chat has ended".to_owned(),
            Outcome::Handled => format!("{agent} ended the chat"),
            Outcome::Left => format!("{visitor} left the chat"),
            Outcome::Missed => "Nobody took the chat in time".to_owned(),
            Outcome::Abandoned => format!("{visitor} went away"),
            Outcome::Blocked if agent.is_empty() => format!("{visitor} was blocked"),
            Outcome::Blocked => format!("{agent} blocked {visitor}"),
        },
        EventKind::Overrode { rules } => {
            format!("{agent} sent the message above although the guard found: {}", rules.join(", "))
        }
        EventKind::WrapUpClosed if mine => "You finished the wrap-up".to_owned(),
        EventKind::WrapUpClosed => "The wrap-up is finished".to_owned(),
        EventKind::Mailed { letter, to, handover } => mailed(*letter, to, *handover),
        EventKind::Resumed => format!("{visitor} took the chat up again"),
        EventKind::Rated { stars, words } => {
            let stars = u8::from(*stars);
            let plural = if stars == 1 { "star" } else { "stars" };
            if words.is_empty() {
                format!("{visitor} gave {stars} {plural}")
            } else {
                format!("{visitor} gave {stars} {plural}: “{words}”")
            }
        }
    };
    Some(line)
}

/// What became of a letter (PRODUCT V11).
fn mailed(letter: LetterKind, to: &str, handover: Handover) -> String {
    let what = match letter {
        LetterKind::Transcript => "The transcript",
        LetterKind::Answer => "The answer",
    };
    let to = if to.is_empty() { "the visitor, whose address is not known" } else { to };
    match handover {
        Handover::Sent => format!("{what} was sent to {to}"),
        Handover::Bounced => format!("{what} came back: the mail server refuses {to}"),
        Handover::Failed => format!("{what} could not be sent to {to}"),
    }
}

/// "Offered to Anna: longest idle" (PRODUCT E3: each move with its reason).
fn offered(to: &[AgentId], why: OfferWhy, named: Option<&str>, me: AgentId, by: &str) -> String {
    let to = person(to, named, me, "you");
    if why == OfferWhy::Transfer {
        format!("{by} offered the chat to {to}")
    } else {
        format!("Offered to {to}: {}", offer_why(why))
    }
}

fn offer_why(why: OfferWhy) -> Cow<'static, str> {
    match why {
        OfferWhy::LongestIdle => "longest idle".into(),
        OfferWhy::LeastBusy { chats: 0 } => "least busy, no other chats".into(),
        OfferWhy::LeastBusy { chats: 1 } => "least busy, 1 other chat".into(),
        OfferWhy::LeastBusy { chats } => format!("least busy, {chats} other chats").into(),
        OfferWhy::Everyone => "everyone who is free".into(),
        OfferWhy::SameAgent => "had this visitor before".into(),
        OfferWhy::Transfer => "handed over".into(),
        OfferWhy::NobodyTook => "nobody else took it".into(),
    }
}

/// "Back in the queue: Anna did not answer in 20 s".
fn offer_ended(from: &[AgentId], why: OfferEnd, then: AfterOffer, named: Option<&str>, me: AgentId) -> String {
    let who = person(from, named, me, "you");
    let reason = match why {
        OfferEnd::Declined => format!("{who} declined"),
        OfferEnd::NotAnswered { seconds } => format!("{who} did not answer in {}", lasted(seconds)),
        OfferEnd::WentAway => format!("{who} went away"),
        OfferEnd::LeftQueue => format!("{who} no longer served the queue"),
        OfferEnd::Full => format!("{who} had enough chats"),
        OfferEnd::InWrapUp => format!("{who} went into wrap-up"),
        OfferEnd::Withdrawn => "the offer was taken back".to_owned(),
    };
    match then {
        AfterOffer::Waits => format!("Back in the queue: {reason}"),
        AfterOffer::Rings => format!("{}; it still rings others", capital(&reason)),
        AfterOffer::Stays => format!("The chat stays where it is: {reason}"),
    }
}

/// Whom a line speaks of; `you` when that is oneself alone.
fn person<'a>(agents: &[AgentId], named: Option<&'a str>, me: AgentId, you: &'a str) -> &'a str {
    if agents == [me] { you } else { named.unwrap_or("a colleague") }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "20 s", "5 min".
fn lasted(seconds: u32) -> String {
    if seconds >= 120 && seconds.is_multiple_of(60) { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

/// A name written from right to left, kept from turning the sentence around it.
fn isolated(name: &str) -> Cow<'_, str> {
    let rtl = |c: char| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    if name.contains(rtl) { Cow::Owned(format!("\u{2068}{name}\u{2069}")) } else { Cow::Borrowed(name) }
}

/// What an agent who may not see an event is told of it.
pub const WITHHELD: &str = "A note for those who have the chat";

/// How a chat ended, for the foot of one that can only be read.
pub const fn ended_line(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Handled => "This chat has ended: handled by an agent.",
        Outcome::Left => "This chat has ended: the visitor left.",
        Outcome::Missed => "This chat has ended: nobody took it in time.",
        Outcome::Abandoned => "This chat has ended: the visitor went away.",
        Outcome::Blocked => "This chat has ended: the visitor was blocked.",
    }
}

/// The part of an address that tells pages of one site apart.
pub fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |slash| &rest[slash..]));
    if rest.is_empty() { "/" } else { rest }
}

#[cfg(test)]
mod tests {
    use domain::Stars;
    use wire::visitor::Face;

    use super::*;

    fn agent(n: u128) -> AgentId {
        AgentId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn by(n: u128, name: &str) -> Who {
        Who::Agent { id: agent(n), face: Face { name: name.into(), initials: "A".into(), hue: 1 } }
    }

    fn line(kind: &EventKind, who: &Who, named: Option<&str>) -> String {
        system_line(kind, who, named, "Lena", agent(1)).unwrap_or_default()
    }

    #[test]
    fn says_who_did_what() {
        let page = Some("https://shop.example/checkout?x=1".to_owned());
        assert_eq!(line(&EventKind::Started { page }, &Who::Visitor, None), "Lena started the chat on /checkout?x=1");
        assert_eq!(line(&EventKind::Joined, &by(1, "Aki"), None), "You took the chat");
        assert_eq!(line(&EventKind::Joined, &by(2, "Aki"), None), "Aki took the chat");
        assert_eq!(line(&EventKind::Assigned { to: agent(1) }, &by(2, "Aki"), None), "Aki passed the chat to you");
        let requeued = EventKind::Requeued { queue: domain::QueueId::from_uuid(uuid::Uuid::nil()), from: None };
        assert_eq!(line(&requeued, &Who::System, Some("Sales")), "Back in Sales");
        assert_eq!(line(&EventKind::Ended { outcome: Outcome::Left }, &Who::Visitor, None), "Lena left the chat");
        assert_eq!(
            line(&EventKind::Ended { outcome: Outcome::Missed }, &Who::System, None),
            "Nobody took the chat in time"
        );
        let stars = Stars::try_from(1).expect("one star");
        assert_eq!(line(&EventKind::Rated { stars, words: String::new() }, &Who::Visitor, None), "Lena gave 1 star");
    }

    #[test]
    fn every_move_of_the_engine_is_told_with_its_reason() {
        let system = Who::System;
        let offered = |why| EventKind::Offered { to: vec![agent(2)], seconds: 20, why };
        assert_eq!(line(&offered(OfferWhy::LongestIdle), &system, Some("Anna")), "Offered to Anna: longest idle");
        assert_eq!(
            line(&offered(OfferWhy::LeastBusy { chats: 2 }), &system, Some("Anna")),
            "Offered to Anna: least busy, 2 other chats"
        );
        assert_eq!(line(&offered(OfferWhy::Transfer), &by(1, "Aki"), Some("Anna")), "You offered the chat to Anna");
        let ended = |why, then| EventKind::OfferEnded { from: vec![agent(2)], why, then };
        assert_eq!(
            line(&ended(OfferEnd::NotAnswered { seconds: 20 }, AfterOffer::Waits), &system, Some("Anna")),
            "Back in the queue: Anna did not answer in 20 s"
        );
        assert_eq!(
            line(&ended(OfferEnd::Declined, AfterOffer::Stays), &by(2, "Anna"), Some("Anna")),
            "The chat stays where it is: Anna declined"
        );
        let mine = EventKind::OfferEnded { from: vec![agent(1)], why: OfferEnd::Declined, then: AfterOffer::Rings };
        assert_eq!(line(&mine, &by(1, "Aki"), Some("Aki")), "You declined; it still rings others");
        let overflowed = EventKind::Overflowed {
            queue: domain::QueueId::from_uuid(uuid::Uuid::nil()),
            from: domain::QueueId::from_uuid(uuid::Uuid::nil()),
            seconds: 300,
        };
        assert_eq!(line(&overflowed, &system, Some("Support")), "Moved on to Support: nobody took it in 5 min");
    }

    #[test]
    fn messages_have_no_line_and_the_nameless_a_name() {
        let kind = EventKind::Message { text: "Hi".into() };
        assert_eq!(system_line(&kind, &Who::Visitor, None, "", agent(1)), None);
        let resumed = system_line(&EventKind::Resumed, &Who::Visitor, None, " ", agent(1));
        assert_eq!(resumed.as_deref(), Some("Visitor took the chat up again"));
    }

    #[test]
    fn a_name_from_right_to_left_turns_nothing_around() {
        let line = system_line(&EventKind::Resumed, &Who::Visitor, None, "מרים", agent(1));
        assert_eq!(line.as_deref(), Some("\u{2068}מרים\u{2069} took the chat up again"));
    }

    #[test]
    fn what_was_sent_over_the_guard_is_told() {
        let kind = EventKind::Overrode { rules: vec!["Cards".into(), "Words".into()] };
        let told = "You sent the message above although the guard found: Cards, Words";
        assert_eq!(line(&kind, &by(1, "Aki"), None), told);
    }

    #[test]
    fn paths() {
        assert_eq!(path_of("https://a.example/b/c?d"), "/b/c?d");
        assert_eq!(path_of("https://a.example"), "/");
        assert_eq!(path_of("/x"), "/x");
    }
}
