//! What can be done from the keyboard, and with which letter.

use domain::Availability;
use wire::agent::{Me, Queue, Row};

use crate::inbox::{Section, may_reassign, may_take, may_write, owns, wraps_up};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Accept,
    Decline,
    Respond,
    Oldest,
    Next,
    Previous,
    Write,
    Templates,
    Files,
    Panel,
    Tag,
    Transfer,
    Assign,
    Add,
    Reassign,
    /// Whether the visitor may send files.
    Attachments(bool),
    End,
    CloseWrapUp,
    Go(Section),
    Resolved,
    Settings,
    Be(Availability),
    /// One of [`crate::browser::THEMES`].
    Theme(usize),
    Search,
    Help,
}

/// The headings under which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Ringing,
    Chat,
    Inbox,
    Go,
    You,
}

impl Group {
    pub const ALL: [Self; 5] = [Self::Ringing, Self::Chat, Self::Inbox, Self::Go, Self::You];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Ringing => "Ringing",
            Self::Chat => "This chat",
            Self::Inbox => "Inbox",
            Self::Go => "Go to",
            Self::You => "You",
        }
    }
}

impl Command {
    /// Those that have a letter, in the order of the list of keys.
    pub const WITH_LETTER: [Self; 23] = [
        Self::Accept,
        Self::Decline,
        Self::Respond,
        Self::Write,
        Self::Templates,
        Self::Files,
        Self::Transfer,
        Self::Assign,
        Self::Add,
        Self::Reassign,
        Self::End,
        Self::CloseWrapUp,
        Self::Panel,
        Self::Tag,
        Self::Oldest,
        Self::Next,
        Self::Previous,
        Self::Search,
        Self::Go(Section::Incoming),
        Self::Go(Section::Active),
        Self::Go(Section::Recent),
        Self::Resolved,
        Self::Settings,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "Accept the chat that rings",
            Self::Decline => "Decline the chat that rings",
            Self::Respond => "Respond",
            Self::Oldest => "Take the chat that waits longest",
            Self::Next => "Next chat",
            Self::Previous => "Previous chat",
            Self::Write => "Write a message",
            Self::Templates => "Reply templates and macros",
            Self::Files => "Attach files",
            Self::Panel => "Customer panel",
            Self::Tag => "Tag the chat…",
            Self::Transfer => "Transfer…",
            Self::Assign => "Assign to a colleague…",
            Self::Add => "Add a colleague…",
            Self::Reassign => "Reassign…",
            Self::Attachments(true) => "Allow attachments",
            Self::Attachments(false) => "Allow attachments no longer",
            Self::End => "End chat…",
            Self::CloseWrapUp => "Close the wrap-up",
            Self::Go(section) => section.word(),
            Self::Resolved => "Resolved chats",
            Self::Settings => "Settings",
            Self::Be(Availability::Online) => "Go online",
            Self::Be(Availability::Away) => "Go away for a while",
            Self::Be(Availability::Offline) => "Go offline",
            Self::Theme(0) => "Colours as the system has them",
            Self::Theme(1) => "Light colours",
            Self::Theme(_) => "Dark colours",
            Self::Search => "Search chats…",
            Self::Help => "Keyboard shortcuts",
        }
    }

    /// The letter or digit that means it: with Alt and Shift everywhere, and alone where nothing is typed. Not among
    /// them: B, F, I and T, which browsers use with Alt and Shift themselves. Two commands share one where they can
    /// never both be possible.
    pub const fn letter(self) -> Option<char> {
        Some(match self {
            Self::Accept => 'a',
            Self::Decline => 'd',
            Self::Respond => 'r',
            Self::Oldest => 'n',
            Self::Next => 'j',
            Self::Previous => 'k',
            Self::Write => 'w',
            Self::Templates => 'm',
            Self::Files => 'u',
            Self::Panel => 'p',
            Self::Tag => 'l',
            Self::Transfer | Self::Reassign => 'h',
            Self::Assign => 'g',
            Self::Add => 'c',
            Self::End | Self::CloseWrapUp => 'e',
            Self::Search => 's',
            Self::Go(Section::Incoming) => '1',
            Self::Go(Section::Active) => '2',
            Self::Go(Section::Recent) => '3',
            Self::Resolved => '4',
            Self::Settings => '5',
            Self::Attachments(_) | Self::Be(_) | Self::Theme(_) | Self::Help => return None,
        })
    }

    /// Whether the letter means it without Alt and Shift too. Not where somebody would have a chat, or lose one, by a
    /// slip of the finger while it rings.
    pub const fn alone(self) -> bool {
        !matches!(self, Self::Accept | Self::Decline)
    }

    pub const fn group(self) -> Group {
        match self {
            Self::Accept | Self::Decline => Group::Ringing,
            Self::Oldest | Self::Next | Self::Previous | Self::Search => Group::Inbox,
            Self::Go(_) | Self::Resolved | Self::Settings => Group::Go,
            Self::Be(_) | Self::Theme(_) | Self::Help => Group::You,
            _ => Group::Chat,
        }
    }
}

/// What stands on the screen, as far as commands depend on it.
pub struct Scene<'a> {
    pub me: &'a Me,
    pub queues: &'a [Queue],
    /// The live row of the open chat.
    pub row: Option<&'a Row>,
    /// Whether the open chat has the page, with its customer panel.
    pub panel: bool,
    pub rings: bool,
    /// How many chats Next and Previous go round.
    pub round: usize,
    /// Whether a chat waits that one could take.
    pub waits: bool,
}

/// What can be done here now, in the order in which it is offered. The server decides again.
pub fn possible(scene: &Scene) -> Vec<Command> {
    let Scene { me, queues, row, panel, rings, round, waits } = *scene;
    let mut can = Vec::new();
    let mut add = |when: bool, commands: &[Command]| {
        if when {
            can.extend_from_slice(commands);
        }
    };
    add(rings, &[Command::Accept, Command::Decline]);
    if let Some(row) = row {
        add(may_take(me, queues, row), &[Command::Respond]);
        add(may_write(me, row), &[Command::Write, Command::Templates]);
        add(owns(me, row), &[Command::Transfer, Command::Add, Command::Assign]);
        add(may_reassign(me, queues, row), &[Command::Reassign]);
        add(may_write(me, row), &[Command::Files]);
        add(owns(me, row), &[Command::Attachments(!row.attachments), Command::End]);
        add(wraps_up(me, row), &[Command::CloseWrapUp]);
    }
    let classifies = |row: &Row| may_write(me, row) || wraps_up(me, row) || may_reassign(me, queues, row);
    add(panel && row.is_some_and(classifies), &[Command::Tag]);
    add(panel, &[Command::Panel]);
    add(waits, &[Command::Oldest]);
    add(round > 0, &[Command::Next, Command::Previous]);
    add(true, &[Command::Search]);
    add(true, &[Command::Go(Section::Incoming), Command::Go(Section::Active), Command::Go(Section::Recent)]);
    add(me.roles.supervisor || me.roles.admin, &[Command::Resolved]);
    add(true, &[Command::Settings]);
    for to in Availability::ALL {
        add(me.roles.agent && me.availability != to, &[Command::Be(to)]);
    }
    add(true, &[Command::Theme(1), Command::Theme(2), Command::Theme(0), Command::Help]);
    can
}

#[cfg(test)]
mod tests {
    use domain::Status;

    use super::*;
    use crate::inbox::sample;

    fn scene<'a>(me: &'a Me, queues: &'a [Queue], row: Option<&'a Row>) -> Scene<'a> {
        Scene { me, queues, row, panel: row.is_some(), rings: false, round: 0, waits: false }
    }

    #[test]
    fn letters_are_told_apart_wherever_two_commands_meet() {
        let queues = [sample::queue(1, true, true)];
        let mut wrapping = sample::mine(3, 1, 0);
        wrapping.status = Status::WrapUp;
        let mut others = sample::mine(4, 1, 0);
        others.owner = Some(sample::agent(9));
        let rows = [sample::waiting(1, 1), sample::mine(2, 1, 1), wrapping, others];
        for roles in [(true, false, false), (true, true, true), (false, true, false)] {
            let me = sample::me(roles);
            for row in &rows {
                let scene = Scene { rings: true, round: 2, waits: true, ..scene(&me, &queues, Some(row)) };
                let mut letters: Vec<_> = possible(&scene).into_iter().filter_map(Command::letter).collect();
                let n = letters.len();
                letters.sort_unstable();
                letters.dedup();
                assert_eq!(letters.len(), n, "{:?} {:?}", row.status, possible(&scene));
            }
        }
    }

    #[test]
    fn every_letter_is_listed_and_none_belongs_to_the_browser() {
        for command in Command::WITH_LETTER {
            let letter = command.letter().expect("it is in the list of keys");
            assert!(letter.is_ascii_lowercase() || letter.is_ascii_digit());
            assert!(!"bfit".contains(letter), "{command:?}");
        }
    }

    #[test]
    fn one_is_offered_what_one_may_do() {
        let queues = [sample::queue(1, true, false)];
        let agent = sample::me((true, false, false));
        let (waiting, own) = (sample::waiting(1, 1), sample::mine(2, 1, 0));
        let can = |row| possible(&scene(&agent, &queues, row));
        assert!(can(Some(&waiting)).contains(&Command::Respond) && !can(Some(&waiting)).contains(&Command::End));
        let of_own = can(Some(&own));
        for command in [Command::Write, Command::Transfer, Command::Add, Command::End, Command::Attachments(true)] {
            assert!(of_own.contains(&command), "{command:?}");
        }
        assert!(!of_own.contains(&Command::Reassign) && !of_own.contains(&Command::Resolved));
        assert!(!can(None).contains(&Command::Panel) && !can(None).contains(&Command::Accept));
        assert!(!can(None).contains(&Command::Be(Availability::Online)), "one is online already");
        let admin = sample::me((false, false, true));
        let admins = possible(&scene(&admin, &queues, None));
        assert!(admins.contains(&Command::Resolved) && !admins.iter().any(|one| matches!(one, Command::Be(_))));
    }
}
