//! What "Clean up input" takes out of pasted markup, as the admin set it. What is left becomes plain text.

use serde::{Deserialize, Serialize};

/// Most entries of each list, and most characters of an entry.
const ENTRIES: usize = 100;
const ENTRY: usize = 40;

/// Names in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CleanUpRules {
    /// Elements that go with everything in them.
    pub tags: Vec<String>,
    /// Without `href` a link is only its words, without `alt` a picture nothing.
    pub attributes: Vec<String>,
    /// Properties of the `style` attribute. Those that hide text or keep its spaces matter for what becomes of it.
    pub styles: Vec<String>,
    /// Whether a paste is cleaned by itself; else only by the button.
    pub on_paste: bool,
}

/// Elements that never come through, whatever the rules say: they are no text.
pub const NEVER: [&str; 12] =
    ["script", "style", "head", "title", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas"];

impl Default for CleanUpRules {
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            tags: names(&["button", "select", "textarea", "input", "audio", "video", "nav", "footer"]),
            attributes: names(&["class", "id", "title", "align"]),
            styles: names(&["color", "background-color", "font-family", "font-size", "font-weight"]),
            on_paste: true,
        }
    }
}

impl CleanUpRules {
    /// As they are kept: lower case, each once, in order. The field (`tags`, `attributes` or `styles`) of the first
    /// name that cannot be one, or of a list that is too long.
    pub fn checked(self) -> Result<Self, (&'static str, crate::FieldProblem)> {
        let list = |field: &'static str, names: Vec<String>| {
            let mut kept: Vec<String> = names
                .iter()
                .map(|name| name.trim().trim_matches(['<', '>', '/']).to_lowercase())
                .filter(|name| !name.is_empty())
                .collect();
            kept.sort();
            kept.dedup();
            let named = |name: &String| {
                name.len() <= ENTRY
                    && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c))
            };
            if kept.len() > ENTRIES {
                return Err((field, crate::FieldProblem::TooLong));
            }
            if kept.iter().all(named) { Ok(kept) } else { Err((field, crate::FieldProblem::Unknown)) }
        };
        Ok(Self {
            tags: list("tags", self.tags)?,
            attributes: list("attributes", self.attributes)?,
            styles: list("styles", self.styles)?,
            on_paste: self.on_paste,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_in_one_way_and_nonsense_is_refused_by_its_field() {
        let given = |tags: &[&str]| CleanUpRules {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..CleanUpRules::default()
        };
        let kept = given(&[" <IMG> ", "table", "img", "", "</Table>"]).checked().map(|rules| rules.tags);
        assert_eq!(kept, Ok(vec!["img".to_owned(), "table".to_owned()]));
        assert_eq!(given(&["a b"]).checked(), Err(("tags", crate::FieldProblem::Unknown)));
        assert_eq!(given(&["x"; 1]).checked().map(|rules| rules.tags.len()), Ok(1));
        let many: Vec<String> = (0..101).map(|n| format!("x{n}")).collect();
        let many = CleanUpRules { styles: many, ..CleanUpRules::default() };
        assert_eq!(many.checked(), Err(("styles", crate::FieldProblem::TooLong)));
        assert!(CleanUpRules::default().checked().is_ok());
    }
}
