//! Clean up input: pasted markup, cleaned by the admin's rules, as plain text that keeps lines, lists and links.

mod plain;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};
use domain::{CleanUpRules, FieldProblem, MAX_BYTES, NEVER_PASTED};
use serde_json::json;
use wire::{
    Error, Result,
    composer::{CleanUp, MOST_MARKUP},
};

use crate::{Administration, Desk, faults};

/// Where the rules stand, as JSON.
pub const SETTING: &str = "clean_up";

/// Attributes and style properties that tell something about the text. Everything else is dropped in any case.
const ATTRIBUTES: [&str; 5] = ["href", "alt", "start", "value", "style"];
const STYLES: [&str; 4] = ["display", "visibility", "white-space", "text-decoration"];

impl Desk {
    /// Pasted markup as text for the composer.
    pub async fn clean_up(&self, markup: String) -> Result<String> {
        let directory = self.staff.services.directory();
        cleaned(directory.clean_up.clone(), markup).await
    }
}

impl Administration {
    pub fn clean_up_rules(&self) -> CleanUp {
        let rules = self.staff.services.directory().clean_up.clone();
        CleanUp { rules, default: CleanUpRules::default() }
    }

    /// They hold from now on.
    pub async fn save_clean_up_rules(&self, rules: CleanUpRules) -> Result<CleanUp> {
        let services = &self.staff.services;
        let rules = checked(rules)?;
        let kept = serde_json::to_string(&rules).map_err(|_| Error::Internal)?;
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_setting(SETTING, &kept).await.map_err(faults::stored)?;
        self.staff.note(&mut tx, "clean_up.saved", SETTING, json!(rules), services.now()).await?;
        tx.commit().await.map_err(faults::stored)?;
        services.reload_directory().await.map_err(faults::stored)?;
        Ok(self.clean_up_rules())
    }

    /// What these rules would make of this; nothing is kept.
    pub async fn try_clean_up(&self, rules: CleanUpRules, markup: String) -> Result<String> {
        cleaned(checked(rules)?, markup).await
    }
}

fn checked(rules: CleanUpRules) -> Result<CleanUpRules> {
    rules.checked().map_err(|(field, problem)| Error::invalid(field, problem))
}

/// Beside the requests: a long page takes a while.
async fn cleaned(rules: CleanUpRules, markup: String) -> Result<String> {
    if markup.len() > MOST_MARKUP {
        return Err(Error::invalid("markup", FieldProblem::TooLong));
    }
    let text = tokio::task::spawn_blocking(move || to_text(&rules, &markup)).await.map_err(|cause| {
        tracing::error!(%cause, "cleaning failed");
        Error::Internal
    })?;
    if text.len() > MAX_BYTES { Err(Error::invalid("markup", FieldProblem::TooLong)) } else { Ok(text) }
}

/// Markup as plain text.
pub fn to_text(rules: &CleanUpRules, markup: &str) -> String {
    let gone: HashSet<&str> = NEVER_PASTED.into_iter().chain(rules.tags.iter().map(String::as_str)).collect();
    let without = |names: &[&'static str], removed: &[String]| -> HashSet<&str> {
        names.iter().copied().filter(|name| !removed.iter().any(|one| one == name)).collect()
    };
    let tags: HashSet<&str> = plain::known().filter(|tag| !gone.contains(tag)).collect();
    let cleaned = Builder::empty()
        .tags(tags)
        // Not even `empty` is without these.
        .tag_attributes(HashMap::new())
        .tag_attribute_values(HashMap::new())
        .set_tag_attribute_values(HashMap::new())
        .clean_content_tags(gone)
        .generic_attributes(without(&ATTRIBUTES, &rules.attributes))
        .filter_style_properties(without(&STYLES, &rules.styles))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .clean(markup)
        .to_string();
    plain::text(&cleaned)
}
