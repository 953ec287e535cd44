//! What happened, in a visitor's words: the same in the chat, where the client fills them in, and in a transcript.

use domain::Outcome;
use wire::visitor::{Event, What, Who};

use crate::Say;

/// What stands in the place of a text's braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling<'a> {
    Nothing,
    Name(&'a str),
    Number(u8),
}

/// The line for an event; `None` for those that have none. `site` speaks where nobody does.
pub fn line<'a>(event: &'a Event, site: &'a str) -> Option<(Say, Filling<'a>)> {
    let name = match &event.who {
        Who::Agent(face) => Filling::Name(&face.name),
        _ => Filling::Name(site),
    };
    Some(match &event.what {
        What::Message { .. } | What::Attachment(_) | What::Started | What::Other => return None,
        What::AttachmentsAllowed { on: true } => (Say::AttachmentsOn, name),
        What::AttachmentsAllowed { on: false } => (Say::AttachmentsOff, name),
        What::Joined => (Say::Joined, name),
        What::Assigned { to } => (Say::Assigned, Filling::Name(&to.name)),
        What::Requeued => (Say::Requeued, Filling::Nothing),
        What::Left => (Say::AgentLeft, name),
        What::Away { agent } => (Say::AgentAway, Filling::Name(&agent.name)),
        What::Back { agent } => (Say::AgentBack, Filling::Name(&agent.name)),
        What::Resumed => (Say::Resumed, Filling::Nothing),
        What::Rated { stars } => (Say::Rated, Filling::Number((*stars).into())),
        What::Ended { outcome } => match outcome {
            Outcome::Handled => (Say::EndedBy, name),
            Outcome::Left => (Say::Left, Filling::Nothing),
            Outcome::Missed => (Say::Missed, Filling::Nothing),
            Outcome::Abandoned => (Say::Abandoned, Filling::Nothing),
            Outcome::Blocked => (Say::Blocked, Filling::Nothing),
        },
    })
}
