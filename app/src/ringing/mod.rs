//! Chats that ring (PRODUCT A4): a card for each, on every page of the dashboard, above everything and in nobody's way.

mod card;
mod rules;

use std::collections::HashMap;

use domain::{SessionId, Timestamp};
use leptos::prelude::*;
use wire::agent::Row;

use self::{
    card::RingCard,
    rules::{announced, ringing, stopped},
};
use crate::{
    inbox::{use_accept, use_decline},
    live::Live,
};

pub use self::rules::{ring_word, seconds_left};

/// What the keys and the buttons do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Accept,
    Decline,
}

/// One time that a chat rings: the next time is another card.
pub type Call = (SessionId, Timestamp);

/// All that rings the person who looks at this, and the way to answer it.
#[derive(Clone, Copy)]
pub struct Rings {
    calls: Memo<Vec<Call>>,
    /// What was declined here is gone at once, before the server has said so.
    declined: RwSignal<Vec<Call>>,
    answer: Callback<(Call, Answer)>,
}

impl Rings {
    pub fn new(live: Live) -> Self {
        let declined = RwSignal::new(Vec::<Call>::new());
        let calls = Memo::new(move |_| {
            let now = live.clock.now();
            let all = live.me.with(|me| live.rows.with(|rows| ringing(me.id, rows.iter(), now)));
            declined.with(|declined| all.into_iter().filter(|call| !declined.contains(call)).collect::<Vec<Call>>())
        });
        let accept = use_accept();
        let decline = use_decline();
        let answer = Callback::new(move |(call, answer): (Call, Answer)| match answer {
            Answer::Accept => accept(call.0),
            Answer::Decline => {
                declined.update(|declined| declined.push(call));
                let rings_on = move |()| declined.update(|declined| declined.retain(|one| *one != call));
                decline(call.0, Callback::new(rings_on));
            }
        });
        Self { calls, declined, answer }
    }

    /// The one that rings out first; tracked.
    pub fn first(self) -> Option<Call> {
        self.calls.with(|calls| calls.first().copied())
    }

    pub fn answer_first(self, answer: Answer) {
        if let Some(call) = untrack(|| self.first()) {
            self.answer.run((call, answer));
        }
    }
}

#[component]
pub fn Ringing() -> impl IntoView {
    let live = expect_context::<Live>();
    let Rings { calls, declined, answer } = expect_context();
    let said = RwSignal::new(String::new());
    follow(live, calls, declined, said);
    view! {
        <p class="dk-hidden" role="alert">{move || said.get()}</p>
        <section
            class="dk-rings"
            class:dk-rings--none=move || calls.with(Vec::is_empty)
            aria-label="Ringing chats"
        >
            <For each=move || calls.get() key=|call| *call let:call>
                <RingCard call=call answer=answer first=Signal::derive(move || calls.with(|all| all.first() == Some(&call))) />
            </For>
        </section>
    }
}

/// Says once that something rings, and why it no longer does when somebody else was the reason.
fn follow(live: Live, calls: Memo<Vec<Call>>, declined: RwSignal<Vec<Call>>, said: RwSignal<String>) {
    Effect::new(move |before: Option<HashMap<Call, Row>>| {
        let before = before.unwrap_or_default();
        let now: HashMap<Call, Row> =
            calls.with(|calls| calls.iter().filter_map(|call| Some((*call, live.row(call.0)?))).collect());
        for (call, row) in &now {
            if !before.contains_key(call) {
                said.set(announced(row));
            }
        }
        if now.is_empty() {
            said.set(String::new());
        }
        for (call, row) in before.iter().filter(|(call, _)| !now.contains_key(*call)) {
            if declined.with_untracked(|declined| declined.contains(call)) {
                continue;
            }
            let text = live.me.with_untracked(|me| {
                live.rows.with_untracked(|rows| {
                    let taken_by = rows.leaving(call.0).and_then(|leaving| leaving.taken_by.as_deref());
                    stopped(me.id, row, rows.get(call.0), taken_by)
                })
            });
            if let Some(text) = text {
                live.notify(text);
            }
        }
        now
    });
}
