//! What the dialog says, and whom it offers.

use domain::{AgentId, Availability, QueueId};
use wire::{
    Conflict, Error,
    agent::{Colleague, Destinations, Row},
};

use crate::inbox::lines::error_line;

/// Longest word to a colleague, in characters: it has to fit on the card that rings. The server's own limit.
pub const LONGEST_NOTE: usize = 500;

/// What can be asked about a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Let it ring at a colleague, or put it into a queue.
    Transfer,
    /// Give one's own to a colleague at once.
    Assign,
    /// Give anybody's to an agent at once, as a supervisor.
    Reassign,
    /// Let a colleague write along.
    Add,
    End,
    /// Hear no more from the visitor.
    Block,
}

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Agent(AgentId),
    Queue(QueueId),
}

impl Ask {
    pub fn title(self, visitor: &str) -> String {
        match self {
            Self::Transfer => format!("Transfer the chat with {visitor}"),
            Self::Assign => format!("Assign the chat with {visitor}"),
            Self::Reassign => format!("Reassign the chat with {visitor}"),
            Self::Add => format!("Add a colleague to the chat with {visitor}"),
            Self::End => "End this chat?".to_owned(),
            Self::Block => format!("Block {visitor}?"),
        }
    }

    /// What will happen.
    pub const fn hint(self, to_queue: bool) -> &'static str {
        match self {
            Self::Transfer if to_queue => {
                "It waits there for the next free agent, with the time that it has waited already. If nobody takes it, it \
                 is offered to you again."
            }
            Self::Transfer => "It rings there, and stays yours until it is accepted. If nobody answers, you keep it.",
            Self::Assign => "They have it at once, without being asked, and are told so.",
            Self::Reassign => "They have it at once, and whoever has it now loses it.",
            Self::Add => "They read and write along. The chat stays yours.",
            Self::End | Self::Block => "",
        }
    }

    pub const fn verb(self) -> &'static str {
        match self {
            Self::Transfer => "Transfer",
            Self::Assign => "Assign",
            Self::Reassign => "Reassign",
            Self::Add => "Add",
            Self::End => "End chat",
            Self::Block => "Block",
        }
    }

    /// What is said when it is done.
    pub fn done(self, to: To, name: &str) -> String {
        match (self, to) {
            (Self::Transfer, To::Agent(_)) => format!("Ringing {name}"),
            (_, To::Queue(_)) => format!("The chat waits in {name}"),
            (Self::Add, To::Agent(_)) => format!("{name} writes along"),
            (_, To::Agent(_)) => format!("{name} has it"),
        }
    }

    /// Whether the chat is somebody else's afterwards.
    pub fn gives_away(self, to: To) -> bool {
        match self {
            Self::Transfer => matches!(to, To::Queue(_)),
            Self::Assign => true,
            Self::Reassign | Self::Add | Self::End | Self::Block => false,
        }
    }
}

/// The agents who can be chosen for this: the online ones first, each part by name. Not who has it, nor who writes
/// along already, where they are to be added.
pub fn candidates(ask: Ask, row: &Row, places: &Destinations, colleagues: &[Colleague]) -> Vec<Colleague> {
    let fits = |colleague: &&Colleague| {
        places.agents.contains(&colleague.id)
            && row.owner != Some(colleague.id)
            && !(ask == Ask::Add && row.colleagues.contains(&colleague.id))
    };
    let mut found: Vec<_> = colleagues.iter().filter(fits).cloned().collect();
    found.sort_by_key(|one| (one.availability != Availability::Online, one.face.name.to_lowercase(), one.id));
    found
}

/// Why it was not done, from the side of who wanted it.
pub fn refusal(error: &Error, name: &str) -> String {
    match error {
        Error::Conflict(Conflict::AtLimit { limit: 1 }) => format!("{name} has a chat already, and one is the limit."),
        Error::Conflict(Conflict::AtLimit { limit }) => {
            format!("{name} has {limit} chats already, and that is the limit.")
        }
        Error::Conflict(Conflict::OwnAlready) => format!("{name} has it already."),
        Error::Invalid(_) => format!("The note is too long: at most {LONGEST_NOTE} characters."),
        other => error_line(other),
    }
}

/// `1 agent online`.
pub fn online_word(online: u32) -> String {
    match online {
        0 => "nobody online".to_owned(),
        1 => "1 agent online".to_owned(),
        n => format!("{n} agents online"),
    }
}

#[cfg(test)]
mod tests {
    use wire::visitor::Face;

    use super::*;
    use crate::inbox::sample;

    fn colleague(n: u128, name: &str, availability: Availability) -> Colleague {
        let face = Face { name: name.into(), initials: "X".into(), hue: 1 };
        Colleague { id: sample::agent(n), face, availability }
    }

    #[test]
    fn the_online_ones_come_first_and_nobody_who_has_it_or_takes_no_chats() {
        let all = [
            colleague(1, "Aki", Availability::Online),
            colleague(2, "Zoe", Availability::Online),
            colleague(3, "Ben", Availability::Away),
            colleague(4, "Cem", Availability::Online),
            colleague(5, "Sam", Availability::Online),
        ];
        let places = Destinations { agents: [1, 2, 3, 4].map(sample::agent).to_vec(), queues: Vec::new() };
        let mut row = sample::mine(9, 1, 0);
        row.colleagues = vec![sample::agent(4)];
        let names = |ask| -> Vec<String> {
            candidates(ask, &row, &places, &all).into_iter().map(|one| one.face.name).collect()
        };
        assert_eq!(names(Ask::Transfer), ["Cem", "Zoe", "Ben"], "Sam supervises only");
        assert_eq!(names(Ask::Add), ["Zoe", "Ben"], "Cem writes along already");
    }

    #[test]
    fn refusals_name_the_one_who_was_asked() {
        let at = |limit| Error::Conflict(Conflict::AtLimit { limit });
        assert_eq!(refusal(&at(1), "Jo"), "Jo has a chat already, and one is the limit.");
        assert_eq!(refusal(&at(3), "Jo"), "Jo has 3 chats already, and that is the limit.");
        let away = Error::Conflict(Conflict::NotAvailable { name: "Jo".into() });
        assert_eq!(refusal(&away, "Jo"), "Jo is not online.");
        assert_eq!(refusal(&Error::Conflict(Conflict::Ringing), "Jo"), "It is being offered to a colleague already.");
    }

    #[test]
    fn one_leaves_a_chat_that_one_has_given_away() {
        let (jo, sales) = (To::Agent(sample::agent(2)), To::Queue(sample::queue(1, true, false).id));
        assert!(!Ask::Transfer.gives_away(jo) && Ask::Transfer.gives_away(sales) && Ask::Assign.gives_away(jo));
        assert!(!Ask::Add.gives_away(jo) && !Ask::Reassign.gives_away(jo));
        assert_eq!(Ask::Transfer.done(jo, "Jo"), "Ringing Jo");
        assert_eq!(Ask::Transfer.done(sales, "Sales"), "The chat waits in Sales");
        assert_eq!(online_word(1), "1 agent online");
    }
}
