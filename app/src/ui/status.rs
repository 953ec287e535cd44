use domain::{Outcome, Status};
use leptos::prelude::*;

use super::status_dot;

/// The status in its colour and its word.
#[component]
pub fn StatusPill(
    #[prop(into)] status: Signal<Status>,
    #[prop(into)] outcome: Signal<Option<Outcome>>,
) -> impl IntoView {
    view! {
        <span class=move || format!("dk-pill dk-pill--{}", status_dot(status.get()))>
            <i class=move || format!("dk-dot dk-dot--{}", status_dot(status.get()))></i>
            {move || match (status.get(), outcome.get()) {
                (Status::Resolved, Some(outcome)) => outcome_word(outcome),
                (status, _) => status_word(status),
            }}
        </span>
    }
}

pub const fn status_word(status: Status) -> &'static str {
    match status {
        Status::WaitingForAgent => "Waiting",
        Status::AssignedToAgent => "Assigned",
        Status::ActiveChat => "Active",
        Status::WrapUp => "Wrap-up",
        Status::Resolved => "Resolved",
    }
}

pub const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Handled => "Handled",
        Outcome::Left => "Left",
        Outcome::Missed => "Missed",
        Outcome::Abandoned => "Abandoned",
        Outcome::Blocked => "Blocked",
    }
}
