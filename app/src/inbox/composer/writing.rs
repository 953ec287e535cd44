use std::ops::Range;

use domain::{Filled, QueueId, Variable, fill_template};
use leptos::{html, prelude::*};
use web_sys::HtmlTextAreaElement;
use wire::composer::Macro;

use super::field;
use crate::{
    browser,
    live::{Live, Talk},
};

/// The composer's text, for everything that changes it. A handle: it goes into every closure.
#[derive(Clone, Copy)]
pub struct Writing {
    parts: StoredValue<Parts>,
    /// Which of its lists is open.
    pub open: RwSignal<Popup>,
    /// What is to be said about what was just done.
    pub said: RwSignal<String>,
    /// What is being written.
    pub text: RwSignal<String>,
}

#[derive(Clone, Copy)]
struct Parts {
    live: Live,
    talk: Talk,
    area: NodeRef<html::Textarea>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Popup {
    None,
    Templates,
    Emoji,
}

impl Writing {
    pub fn new(live: Live, talk: Talk, area: NodeRef<html::Textarea>) -> Self {
        Self {
            parts: StoredValue::new(Parts { live, talk, area }),
            open: RwSignal::new(Popup::None),
            said: RwSignal::new(String::new()),
            text: talk.draft.text,
        }
    }

    /// Whether it is the same composer.
    pub fn is(self, other: Self) -> bool {
        self.parts == other.parts
    }

    /// Opens one of its lists, with the cursor in the field that searches it.
    pub fn show(self, popup: Popup) {
        self.open.set(popup);
        match popup {
            Popup::Templates => browser::focus("templates-search"),
            Popup::Emoji => browser::focus("emoji-search"),
            Popup::None => {}
        }
    }

    /// The chat's queue, as far as is known; tracked.
    pub fn queue(self) -> Option<QueueId> {
        self.parts.with_value(|parts| parts.talk).details.with(|details| details.as_ref().map(|d| d.row.queue))
    }

    /// A queue's name; empty when it is none of one's own.
    pub fn queue_name(self, queue: QueueId) -> String {
        self.parts.with_value(|parts| parts.live).queues.with_untracked(|queues| {
            queues.iter().find(|one| one.id == queue).map(|queue| queue.name.clone()).unwrap_or_default()
        })
    }

    /// `None` when the composer has gone from the screen.
    fn area(self) -> Option<HtmlTextAreaElement> {
        self.parts.try_with_value(|parts| parts.area)?.try_get_untracked().flatten()
    }

    pub fn selection(self) -> Range<usize> {
        let held = || self.text.with_untracked(String::len);
        self.area().map_or_else(|| held()..held(), |area| field::selection(&area))
    }

    pub fn select(self, place: &Range<usize>) {
        if let Some(area) = self.area() {
            field::select(&area, place);
        }
    }

    pub fn focus(self) {
        if let Some(area) = self.area() {
            let _ = area.focus();
        }
    }

    /// Puts words in place of others; the browser can undo it.
    pub fn replace(self, place: &Range<usize>, words: &str) {
        if let Some(area) = self.area() {
            field::replace(&area, place, words);
        }
    }

    /// Puts a macro in. Where a value is missing its name stays, and the first such place is selected: what is typed next
    /// takes its place.
    pub fn insert(self, one: &Macro, place: &Range<usize>) {
        let Filled { text, missing } = self.filled(one);
        self.replace(place, &text);
        if let Some((_, blank)) = missing.first() {
            self.select(&(place.start + blank.start..place.start + blank.end));
        }
    }

    /// A macro as it would go out in this chat.
    pub fn filled(self, one: &Macro) -> Filled {
        fill_template(&one.text, |variable| self.value(variable))
    }

    fn value(self, variable: Variable) -> Option<String> {
        let Parts { live, talk, .. } = self.parts.get_value();
        let first = |name: String| name.split_whitespace().next().map(str::to_owned);
        let row = |of: fn(&wire::agent::Row) -> String| {
            let row = live.row(talk.session);
            row.or_else(|| talk.details.with_untracked(|d| d.as_ref().map(|d| d.row.clone()))).map(|row| of(&row))
        };
        let page = |of: fn(&wire::agent::Visit) -> String| {
            talk.details.with_untracked(|details| details.as_ref()?.pages.first().map(of))
        };
        let me = || live.me.with_untracked(|me| me.face.name.clone());
        let value = match variable {
            Variable::VisitorName => row(|row| row.visitor.name.clone()),
            Variable::VisitorFirstName => row(|row| row.visitor.name.clone()).and_then(first),
            Variable::VisitorEmail => row(|row| row.visitor.email.clone()),
            Variable::AgentName => Some(me()),
            Variable::AgentFirstName => first(me()),
            Variable::QueueName => row(|row| row.queue_name.clone()),
            Variable::SiteName => talk.details.with_untracked(|d| d.as_ref().map(|d| d.site.clone())),
            Variable::PageTitle => page(|visit| visit.title.clone()),
            Variable::PageUrl => page(|visit| visit.url.clone()),
        };
        value.filter(|value| !value.is_empty())
    }
}
