//! What stands in the text that should be looked at before it goes out: what the guard finds, and blanks of templates.

use std::ops::Range;

use domain::{Guard, GuardId, Variable, blanks};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `None` for a blank.
    pub rule: Option<GuardId>,
    pub name: String,
    pub reason: String,
    /// Bytes of the text.
    pub places: Vec<Range<usize>>,
}

pub fn find(guard: &Guard, text: &str) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (variable, place) in blanks(text) {
        let name = format!("{{{{{}}}}}", variable.name());
        if let Some(finding) = found.iter_mut().find(|finding| finding.name == name) {
            finding.places.push(place);
        } else {
            let reason = format!("{} is not known. Write it yourself, or take it out.", word(variable));
            found.push(Finding { rule: None, name, reason, places: vec![place] });
        }
    }
    for hit in guard.check(text) {
        let place = hit.from as usize..hit.to as usize;
        match found.iter_mut().find(|finding| finding.rule == Some(hit.rule)) {
            Some(finding) => finding.places.push(place),
            None => found.extend(guard.rule(hit.rule).map(|rule| Finding {
                rule: Some(rule.id),
                name: rule.name.clone(),
                reason: rule.reason.clone(),
                places: vec![place],
            })),
        }
    }
    found
}

/// The text in pieces, with whether each is marked.
pub fn pieces(text: &str, found: &[Finding]) -> Vec<(bool, String)> {
    pieces_of(text, found.iter().flat_map(|finding| finding.places.iter().cloned()))
}

/// The same for places in bytes.
pub fn pieces_of(text: &str, places: impl Iterator<Item = Range<usize>>) -> Vec<(bool, String)> {
    let mut places: Vec<_> = places.collect();
    places.sort_by_key(|place| (place.start, place.end));
    let mut pieces = Vec::new();
    let mut done = 0;
    for place in places {
        let from = place.start.max(done);
        // Of what overlaps only the rest is left; a text that has just changed may not have the place any more.
        if from >= place.end || text.get(done..from).is_none() || text.get(from..place.end).is_none() {
            continue;
        }
        if from > done {
            pieces.push((false, text[done..from].to_owned()));
        }
        pieces.push((true, text[from..place.end].to_owned()));
        done = place.end;
    }
    if done < text.len() {
        pieces.push((false, text[done..].to_owned()));
    }
    pieces
}

/// What a variable stands for, at the beginning of a sentence.
pub const fn word(variable: Variable) -> &'static str {
    match variable {
        Variable::VisitorName => "The visitor’s name",
        Variable::VisitorFirstName => "The visitor’s first name",
        Variable::VisitorEmail => "The visitor’s e-mail address",
        Variable::AgentName => "Your name",
        Variable::AgentFirstName => "Your first name",
        Variable::QueueName => "The queue’s name",
        Variable::SiteName => "The site’s name",
        Variable::PageTitle => "The title of the visitor’s page",
        Variable::PageUrl => "The address of the visitor’s page",
    }
}

#[cfg(test)]
mod tests {
    use domain::{GuardPattern, GuardRule};
    use uuid::Uuid;

    use super::*;

    fn rule(n: u128, words: &[&str]) -> GuardRule {
        GuardRule {
            id: GuardId::from_uuid(Uuid::from_u128(n)),
            name: format!("Rule {n}"),
            reason: "Because".into(),
            pattern: GuardPattern::Words(words.iter().map(|word| (*word).to_owned()).collect()),
            on: true,
        }
    }

    #[test]
    fn each_rule_and_each_blank_is_told_once_with_all_its_places() {
        let guard = Guard::of([rule(1, &["no", "never"]), rule(2, &["ever"])]);
        let found = find(&guard, "No, {{visitor.name}}, never. Ever {{visitor.name}}");
        let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.places.len())).collect();
        assert_eq!(told, [("{{visitor.name}}", 2), ("Rule 1", 2), ("Rule 2", 1)]);
        assert!(found[0].reason.starts_with("The visitor’s name is not known"));
    }

    #[test]
    fn pieces_are_the_text_again_also_where_places_overlap() {
        let guard = Guard::of([rule(1, &["money back"]), rule(2, &["back now", "ü"])]);
        let text = "Money back now, ü!";
        let found = find(&guard, text);
        let parts = pieces(text, &found);
        assert_eq!(parts.iter().map(|(_, part)| part.as_str()).collect::<String>(), text);
        let marked: Vec<_> = parts.iter().filter(|(marked, _)| *marked).map(|(_, part)| part.as_str()).collect();
        assert_eq!(marked, ["Money back", " now", "ü"]);
        assert_eq!(pieces("Mo", &found), [(false, "Mo".to_owned())], "a shorter text than was looked at");
    }
}
