//! What the palette offers for what is typed.

use domain::{MacroId, SessionId};
use wire::{agent::Row, composer::Macro};

use super::{
    command::{Command, Group},
    fit::fit,
};
use crate::inbox::{Section, lines::name_or};

/// Chats and macros offered at once.
const MOST: usize = 8;

/// Chats offered before anything is typed.
const AT_FIRST: usize = 4;

/// What becomes of it when it is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Run(Command),
    Open(SessionId, Section),
    Insert(MacroId),
    /// An address of the dashboard.
    Go(String),
}

/// One line of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub word: String,
    /// What is said beside it.
    pub hint: String,
    pub act: Act,
}

/// Lines under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offers {
    pub heading: &'static str,
    pub lines: Vec<Offer>,
}

/// What there is to choose from.
pub struct Stock<'a> {
    pub commands: Vec<Command>,
    pub used: &'a [String],
    /// One's own first, and among them the unread.
    pub chats: Vec<(&'a Row, String)>,
    pub macros: Vec<Macro>,
    /// Pages of the settings: word and address.
    pub pages: Vec<(&'static str, String)>,
    /// Whether resolved chats can be searched.
    pub resolved: bool,
}

/// What fits best first, under its heading; before anything is typed what one can do here, and what one did last.
pub fn offers(stock: &Stock, typed: &str, chats_only: bool) -> Vec<Offers> {
    let typed = typed.trim();
    let mut found: Vec<(u32, Offers)> = Vec::new();
    let mut put = |heading: &'static str, mut ranked: Vec<(u32, Offer)>, most: usize| {
        // Stable: what fits alike stays in its order.
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.truncate(most);
        if let Some(best) = ranked.first().map(|(rank, _)| *rank) {
            let lines = ranked.into_iter().map(|(_, offer)| offer).collect();
            found.push((best, Offers { heading, lines }));
        }
    };
    let run = |command: Command| Offer { word: command.word().to_owned(), hint: String::new(), act: Act::Run(command) };
    let commands = |group: Group, without: &[Command]| {
        let of = stock.commands.iter().filter(|one| one.group() == group && !without.contains(one));
        of.filter_map(|one| {
            let itself = fit(typed, one.word(), true);
            let with_group = fit(typed, &format!("{} {}", group.word(), one.word()), false).map(|rank| rank + 1);
            Some((itself.into_iter().chain(with_group).min()?, run(*one)))
        })
        .collect::<Vec<_>>()
    };
    let chats: Vec<_> =
        stock.chats.iter().filter_map(|(row, hint)| Some((chat_fit(typed, row)?, chat(row, hint)))).collect();
    if chats_only {
        put("Chats", chats, if typed.is_empty() { usize::MAX } else { MOST });
    } else if typed.is_empty() {
        put(Group::Ringing.word(), commands(Group::Ringing, &[]), usize::MAX);
        put(Group::Chat.word(), commands(Group::Chat, &[]), usize::MAX);
        let last: Vec<Command> = stock
            .used
            .iter()
            .filter_map(|used| stock.commands.iter().find(|one| one.word() == used).copied())
            .filter(|one| !matches!(one.group(), Group::Ringing | Group::Chat))
            .collect();
        put("Used last", last.iter().map(|one| (0, run(*one))).collect(), usize::MAX);
        put("Chats", chats, AT_FIRST);
        for group in [Group::Inbox, Group::Go, Group::You] {
            put(group.word(), commands(group, &last), usize::MAX);
        }
    } else {
        for group in Group::ALL {
            put(group.word(), commands(group, &[]), usize::MAX);
        }
        put("Chats", chats, MOST);
        let macros = stock.macros.iter().take(MOST).map(|one| {
            let act = Act::Insert(one.id);
            // Chosen and sorted already; where its title fits it may stand before other things.
            let rank = fit(typed, &one.title, false).map_or(3, |rank| rank + 1);
            (rank, Offer { word: one.title.clone(), hint: domain::clip(&one.text, 60), act })
        });
        put("Macros", macros.collect(), MOST);
        let pages = stock.pages.iter().filter_map(|(word, address)| {
            let rank = fit(typed, word, true)?;
            Some((
                rank + 1,
                Offer { word: (*word).to_owned(), hint: "Settings".to_owned(), act: Act::Go(address.clone()) },
            ))
        });
        put("Settings", pages.collect(), MOST);
    }
    found.sort_by_key(|(best, _)| if typed.is_empty() { 0 } else { *best });
    let mut found: Vec<Offers> = found.into_iter().map(|(_, offers)| offers).collect();
    if stock.resolved && !typed.is_empty() {
        let word = format!("Search resolved chats for “{typed}”");
        let act = Act::Go(format!("/resolved?text={}", encoded(typed)));
        found.push(Offers { heading: "Search", lines: vec![Offer { word, hint: String::new(), act }] });
    }
    found
}

/// By name, address, or the last words.
fn chat_fit(typed: &str, row: &Row) -> Option<u32> {
    let name = fit(typed, name_or(&row.visitor.name), false);
    let email = fit(typed, &row.visitor.email, false).map(|rank| rank + 1);
    let words = fit(typed, &row.last_text, false).map(|rank| rank + 3);
    [name, email, words].into_iter().flatten().min()
}

fn chat(row: &Row, hint: &str) -> Offer {
    let act = Act::Open(row.session, Section::of(row));
    Offer { word: name_or(&row.visitor.name).to_owned(), hint: hint.to_owned(), act }
}

/// For the query of an address.
fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sample;

    fn stock<'a>(rows: &'a [Row], used: &'a [String]) -> Stock<'a> {
        Stock {
            commands: vec![
                Command::Transfer,
                Command::End,
                Command::Next,
                Command::Go(Section::Incoming),
                Command::Resolved,
                Command::Theme(2),
            ],
            used,
            chats: rows.iter().map(|row| (row, "Active".to_owned())).collect(),
            macros: Vec::new(),
            pages: vec![("Working hours", "/settings/hours".to_owned())],
            resolved: true,
        }
    }

    fn words(offers: &[Offers]) -> Vec<&str> {
        offers.iter().flat_map(|group| group.lines.iter().map(|line| line.word.as_str())).collect()
    }

    #[test]
    fn at_first_it_offers_what_can_be_done_here_and_what_was_done_last() {
        let rows = [sample::mine(1, 1, 0)];
        let used = ["Dark colours".to_owned(), "Gone since".to_owned()];
        let found = offers(&stock(&rows, &used), "", false);
        let headings: Vec<_> = found.iter().map(|group| group.heading).collect();
        assert_eq!(headings, ["This chat", "Used last", "Chats", "Inbox", "Go to"]);
        let words = words(&found);
        assert_eq!(words.iter().filter(|word| **word == "Dark colours").count(), 1, "nothing twice");
        assert!(words.starts_with(&["Transfer…", "End chat…", "Dark colours", "Visitor 1", "Next chat"]), "{words:?}");
    }

    #[test]
    fn what_fits_best_stands_first() {
        let mut rows = [sample::mine(1, 1, 0), sample::mine(2, 1, 0)];
        rows[0].visitor.name = "Enid Blyth".into();
        rows[1].last_text = "When does it end?".into();
        let none = [];
        let stock = stock(&rows, &none);
        let found = offers(&stock, "end", false);
        assert_eq!(words(&found)[0], "End chat…");
        assert_eq!(words(&offers(&stock, "eni", false))[0], "Enid Blyth");
        assert_eq!(words(&offers(&stock, "hours", false))[0], "Working hours");
        assert_eq!(words(&offers(&stock, "go in", false))[0], "Incoming");
        assert_eq!(words(&offers(&stock, "end", true))[0], "Visitor 2", "only chats, by their last words");
        assert_eq!(words(&offers(&stock, "xyzzy", false)), ["Search resolved chats for “xyzzy”"]);
    }

    #[test]
    fn what_is_searched_survives_the_address() {
        let found = offers(&stock(&[], &[]), "a&b=ö", true);
        assert_eq!(found[0].lines[0].act, Act::Go("/resolved?text=a%26b%3D%C3%B6".into()));
    }
}
