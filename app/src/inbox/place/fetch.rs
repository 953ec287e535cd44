//! What is not here and comes when one is about to see it, or asks for it.

use domain::Timestamp;
use leptos::{prelude::*, task::spawn_local};

use super::Place;
use crate::inbox::{
    api,
    items::{Item, What},
    lines::error_line,
};

use self::Fetch::{After, Before};

/// Closer to what is not here than this many pixels, it is asked for.
const NEAR: f64 = 600.0;

enum Fetch {
    After(u32),
    Before(u32),
}

impl Place {
    /// Asks for what is not here and about to be on the screen.
    pub(super) fn need(self) {
        let Some((scroll, y)) = self.position() else { return };
        if self.loading.get_untracked() || self.state.with_value(|state| state.tired) {
            return;
        }
        let screen = f64::from(scroll.client_height());
        let rows = self.strip(|strip| strip.between(y - NEAR, y + screen + NEAR)).unwrap_or(0..0);
        let first = self.strip(|strip| strip.at(y)).unwrap_or(0);
        let hole = self.items.with_untracked(|laid| {
            let rows = rows.start..rows.end.min(laid.items.len());
            laid.items[rows.clone()].iter().zip(rows).find_map(|(item, row)| match item.what {
                What::Hole { after, before } => Some((row, after, before)),
                _ => None,
            })
        });
        match hole {
            // One comes from above.
            Some((row, after, _)) if row > first => self.fetch(After(after)),
            Some((_, _, before)) => self.fetch(Before(before)),
            None if y < NEAR && !self.is_at_end() && self.talk.with_value(|talk| talk.earlier.get_untracked()) => {
                self.earlier();
            }
            None => {}
        }
    }

    /// A page of history above.
    pub fn earlier(self) {
        self.change(|state| state.tired = false);
        if !self.loading.get_untracked() && self.talk.with_value(|talk| talk.earlier.get_untracked()) {
            self.fetch(Before(self.talk.with_value(|talk| talk.oldest())));
        }
    }

    /// What is missing between two messages, because one asks for it.
    pub fn fill(self, before: u32) {
        self.change(|state| state.tired = false);
        if !self.loading.get_untracked() {
            self.fetch(Before(before));
        }
    }

    fn fetch(self, what: Fetch) {
        self.loading.set(true);
        let talk = self.talk.get_value();
        spawn_local(async move {
            let page = match what {
                Before(seq) => api::history(talk.session, seq).await,
                After(seq) => api::thread(talk.session, seq, talk.position().1).await,
            };
            self.keeping(move || match page {
                Ok(page) => talk.merge(page),
                Err(error) => {
                    self.change(|state| state.tired = true);
                    self.toast.try_set(format!("Other messages did not come. {}", error_line(&error)));
                }
            });
        });
    }

    /// Brings the first message of this moment, or the next one after it, to the top of the screen.
    pub async fn go_to_date(self, at: Timestamp) -> Result<Option<Timestamp>, wire::Error> {
        let talk = self.talk.get_value();
        let page = api::thread_at(talk.session, at).await?;
        let Some(first) = page.events.first().map(|event| event.seq) else {
            self.go_to_end();
            return Ok(None);
        };
        talk.merge(page);
        let is_it = move |item: &Item| item.seq >= first && !matches!(item.what, What::Hole { .. } | What::New);
        let found = self.items.with_untracked(|laid| laid.items.iter().find(|item| is_it(item)).map(|item| item.at));
        self.go_to(is_it);
        Ok(found)
    }
}
