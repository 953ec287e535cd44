//! What the composer works with, and how it is set: macros, guarded words, the cleaning of what is pasted.

use domain::{CleanUpRules, GuardPattern, GuardRule, MacroId, MacroOwner};
use serde::{Deserialize, Serialize};

/// Everything an agent's composer needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tools {
    /// By title.
    pub macros: Vec<Macro>,
    /// Those that do not rest.
    pub guard: Vec<GuardRule>,
    /// Pasted markup is cleaned by itself.
    pub clean_on_paste: bool,
}

/// A reply template.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Macro {
    pub id: MacroId,
    pub owner: MacroOwner,
    pub title: String,
    pub text: String,
}

/// A macro as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroDraft {
    pub owner: MacroOwner,
    pub title: String,
    pub text: String,
}

/// A rule of the guard as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardDraft {
    pub name: String,
    pub reason: String,
    pub pattern: GuardPattern,
    pub on: bool,
}

/// How pasted markup is cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanUp {
    pub rules: CleanUpRules,
    /// What they were before anybody changed them.
    pub default: CleanUpRules,
}

/// Most bytes of markup that is cleaned at once. Whole pages are smaller; the request around it has to fit too.
pub const MOST_MARKUP: usize = 160 * 1024;
