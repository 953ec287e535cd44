use domain::{CleanUpRules, GuardId, GuardRule, Hit, MacroId};
use leptos::{prelude::*, server_fn::codec::Json};
use wire::{
    Error,
    composer::{CleanUp, GuardDraft, Macro, MacroDraft},
};

#[cfg(feature = "ssr")]
use crate::access::{report, staff};

#[server(prefix = "/api", endpoint = "own-macros", input = Json)]
pub async fn own_macros() -> Result<Vec<Macro>, Error> {
    report(async { staff().await?.desk()?.own_macros().await }.await)
}

#[server(prefix = "/api", endpoint = "shared-macros", input = Json)]
pub async fn shared_macros() -> Result<Vec<Macro>, Error> {
    report(async { staff().await?.supervision()?.shared_macros().await }.await)
}

#[server(prefix = "/api", endpoint = "save-macro", input = Json)]
pub async fn save_macro(id: Option<MacroId>, draft: MacroDraft) -> Result<Macro, Error> {
    report(async { staff().await?.shelf(draft.owner)?.save(id, draft).await }.await)
}

#[server(prefix = "/api", endpoint = "delete-macro", input = Json)]
pub async fn delete_macro(id: MacroId) -> Result<(), Error> {
    report(async { staff().await?.shelf_of(id).await?.delete(id).await }.await)
}

#[server(prefix = "/api", endpoint = "guard-rules", input = Json)]
pub async fn guard_rules() -> Result<Vec<GuardRule>, Error> {
    report(async { staff().await?.administration()?.guard_rules().await }.await)
}

#[server(prefix = "/api", endpoint = "save-guard-rule", input = Json)]
pub async fn save_guard_rule(id: Option<GuardId>, draft: GuardDraft) -> Result<GuardRule, Error> {
    report(async { staff().await?.administration()?.save_guard_rule(id, draft).await }.await)
}

#[server(prefix = "/api", endpoint = "delete-guard-rule", input = Json)]
pub async fn delete_guard_rule(id: GuardId) -> Result<(), Error> {
    report(async { staff().await?.administration()?.delete_guard_rule(id).await }.await)
}

#[server(prefix = "/api", endpoint = "try-guard-rule", input = Json)]
pub async fn try_guard_rule(draft: GuardDraft, text: String) -> Result<Vec<Hit>, Error> {
    report(async { staff().await?.administration()?.try_guard_rule(draft, &text) }.await)
}

#[server(prefix = "/api", endpoint = "clean-up-rules", input = Json)]
pub async fn kept_clean_up() -> Result<CleanUp, Error> {
    report(async { Ok(staff().await?.administration()?.clean_up_rules()) }.await)
}

#[server(prefix = "/api", endpoint = "save-clean-up-rules", input = Json)]
pub async fn save_clean_up_rules(rules: CleanUpRules) -> Result<CleanUp, Error> {
    report(async { staff().await?.administration()?.save_clean_up_rules(rules).await }.await)
}

#[server(prefix = "/api", endpoint = "try-clean-up", input = Json)]
pub async fn try_clean_up(rules: CleanUpRules, markup: String) -> Result<String, Error> {
    report(async { staff().await?.administration()?.try_clean_up(rules, markup).await }.await)
}
