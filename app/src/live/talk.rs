use domain::{ClientId, EventKind, SessionId};
use leptos::prelude::*;
use sync::{Begin, Feed, Marker, Offer, TypingIn, rise};
use wire::{
    agent::{Customer, Details, Person, StaffEvent, Thread, Visit, Who},
    visitor::Marks,
};

use super::{Draft, Noted, Outgoing};
use crate::files::Files;

/// One conversation as far as it is held.
#[derive(Clone, Copy)]
pub struct Talk {
    pub session: SessionId,
    /// In order of their numbers. After a jump to a date some in between may not be here: numbers are missing then.
    pub events: RwSignal<Vec<StaffEvent>>,
    /// How often everything held was void.
    pub generation: StoredValue<u32>,
    pub outgoing: RwSignal<Outgoing>,
    /// How far the visitor is.
    pub marks: RwSignal<Marks>,
    pub typing: RwSignal<TypingIn>,
    /// Whether there are earlier events than those held.
    pub earlier: RwSignal<bool>,
    /// Whether anything has come yet.
    pub here: RwSignal<bool>,
    /// What stands in the composer.
    pub draft: Draft,
    /// The session as the panel shows it.
    pub details: RwSignal<Option<Details>>,
    /// The composer takes the cursor as soon as it stands.
    pub wants_focus: StoredValue<bool>,
    rest: StoredValue<Rest>,
}

/// What is behind one handle more, which keeps [`Talk`] small enough to be copied into every closure.
#[derive(Clone, Copy)]
struct Rest {
    files: Files,
    noted: Noted,
    feed: StoredValue<Feed>,
    marker: StoredValue<Marker>,
}

impl Talk {
    pub fn new(session: SessionId) -> Self {
        Self {
            session,
            events: RwSignal::default(),
            generation: StoredValue::default(),
            outgoing: RwSignal::default(),
            marks: RwSignal::default(),
            typing: RwSignal::default(),
            earlier: RwSignal::new(false),
            here: RwSignal::new(false),
            draft: Draft::new(),
            details: RwSignal::new(None),
            wants_focus: StoredValue::new(false),
            rest: StoredValue::new(Rest {
                files: Files::new(session),
                noted: Noted::new(session),
                feed: StoredValue::default(),
                marker: StoredValue::default(),
            }),
        }
    }

    /// Files about to be sent here, and the one shown large.
    pub fn files(self) -> Files {
        self.rest.get_value().files
    }

    /// What was noted about the chat.
    pub fn noted(self) -> Noted {
        self.rest.get_value().noted
    }

    /// Reads again what the panel shows; what cannot be read now stays as it was.
    pub async fn read_details(self) {
        if let Ok(details) = crate::inbox::api::details(self.session).await {
            self.put_details(details);
        }
    }

    /// What has been read stands, but for a page that was told of while it was on its way.
    pub fn put_details(self, read: Details) {
        self.details.update(|held| {
            let told = held.take().and_then(|held| held.pages.into_iter().next());
            *held = Some(read);
            if let Some(visit) = told {
                add_visit(held, visit);
            }
        });
    }

    /// The visitor is on another page now.
    pub fn visited(self, visit: Visit) {
        let news = |held: &Option<Details>| held.as_ref().is_some_and(|held| newer(held, &visit));
        if self.details.with_untracked(news) {
            self.details.update(|held| add_visit(held, visit));
        }
    }

    /// The visitor's page has said more about them.
    pub fn described(self, person: Person, customer: Customer) {
        let news = |held: &Details| held.customer != customer || held.row.visitor != person;
        if self.details.with_untracked(|held| held.as_ref().is_some_and(news)) {
            self.details.update(|held| {
                if let Some(held) = held {
                    held.row.visitor = person;
                    held.customer = customer;
                }
            });
        }
    }

    /// What to watch from.
    pub fn position(self) -> (u32, String) {
        self.rest.get_value().feed.with_value(|feed| (feed.after(), feed.epoch().to_owned()))
    }

    /// The lowest number that something before it is missing of: what to ask history for next, so that in the end
    /// nothing is. From the newest on, because that is where one reads.
    pub fn missing(self) -> Option<u32> {
        self.events.with_untracked(|events| missing(events))
    }

    /// The newest that was withheld from who only looked.
    pub fn withheld(self) -> Option<u32> {
        let of = |event: &&StaffEvent| event.shown.is_none();
        self.events.with_untracked(|events| events.iter().rev().find(of).map(|event| event.seq))
    }

    /// The lowest number held; 0 for none.
    pub fn oldest(self) -> u32 {
        self.events.with_untracked(|events| events.first().map_or(0, |event| event.seq))
    }

    /// An answer to watch, or the same by HTTP. Whether there is more to ask for.
    pub fn absorb(self, thread: Thread) -> bool {
        let Thread { session, epoch, events, fresh, more, visitor_marks, staff_marks, page } = thread;
        if let Some(page) = page {
            self.visited(page);
        }
        let first = events.first().map(|event| event.seq);
        let stale = self.here.get_untracked()
            && fresh
            && self.rest.get_value().feed.with_value(|feed| feed.epoch() == epoch)
            && events.last().map_or(0, |event| event.seq) <= self.position().0;
        if stale {
            return false;
        }
        let begin = self
            .rest
            .get_value()
            .feed
            .try_update_value(|feed| feed.begin(session, &epoch, first, more && !fresh, fresh));
        let mut batch = Vec::with_capacity(events.len());
        for event in events {
            if self.offer(event.seq) == Offer::Next {
                batch.push(event);
            }
        }
        self.arrived(&batch);
        if begin == Some(Begin::Fresh) {
            self.generation.update_value(|generation| *generation += 1);
            self.events.set(batch);
            self.marks.set(visitor_marks);
            self.earlier.set(fresh && more && self.oldest() > 1);
        } else if !batch.is_empty() {
            self.events.update(|held| held.append(&mut batch));
        }
        let newest = self.position().0;
        if self.outgoing.with_untracked(Outgoing::any_acked) {
            self.outgoing.update(|outgoing| outgoing.passed(newest));
        }
        self.heard_marks(visitor_marks);
        self.rest.get_value().marker.update_value(|marker| marker.known(staff_marks));
        self.here.set(true);
        more && !fresh
    }

    /// One event, live.
    pub fn event(self, event: StaffEvent) -> Offer {
        let offer = if self.here.get_untracked() { self.offer(event.seq) } else { Offer::Gap };
        if offer == Offer::Next {
            self.arrived(std::slice::from_ref(&event));
            self.events.update(|held| held.push(event));
        }
        offer
    }

    /// Whether the event of one's own message is here already.
    pub fn holds(self, id: ClientId) -> bool {
        let of = |event: &StaffEvent| event.shown.as_ref().is_some_and(|shown| shown.client_id == Some(id));
        self.events.with_untracked(|events| events.iter().any(of))
    }

    /// A page from before what is followed live. It need not join on: what is missing in between comes when one gets there.
    pub fn merge(self, thread: Thread) {
        let Thread { epoch, mut events, .. } = thread;
        let (newest, held_epoch) = self.position();
        // Of another epoch its numbers mean something else; and what is newer comes over the line, in order.
        if epoch != held_epoch {
            return;
        }
        events.retain(|event| event.seq <= newest);
        if events.is_empty() {
            return;
        }
        let revealed = self.events.try_update(|held| join(held, events)).unwrap_or(false);
        if revealed {
            self.generation.update_value(|generation| *generation += 1);
            self.events.notify();
        }
        self.earlier.set(self.oldest() > 1);
    }

    /// Whether a heartbeat shows that something never came.
    pub fn missed(self, newest: u32) -> bool {
        self.rest.get_value().feed.with_value(|feed| feed.beat(newest))
    }

    pub fn heard_marks(self, heard: Marks) {
        let mut marks = self.marks.get_untracked();
        if rise(&mut marks, heard) {
            self.marks.set(marks);
        }
    }

    /// How far it has been read by whose chat it is; `vseq`.
    pub fn read(self) -> u32 {
        self.rest.get_value().marker.with_value(Marker::seen)
    }

    /// Everything held has been seen: what to tell the server, if it does not know yet.
    pub fn seen(self) -> Option<Marks> {
        let newest = self.events.with_untracked(|events| events.iter().rev().find_map(|e| e.shown.as_ref()?.vseq))?;
        self.rest.get_value().marker.try_update_value(|marker| {
            marker.read(newest);
            marker.due()
        })?
    }

    fn offer(self, seq: u32) -> Offer {
        self.rest.get_value().feed.try_update_value(|feed| feed.offer(seq)).unwrap_or(Offer::Seen)
    }

    fn arrived(self, events: &[StaffEvent]) {
        // Whoever has said it, or has gone, types no more: the word on that may come later, or never.
        let ends = |event: &StaffEvent| {
            event.shown.as_ref().is_some_and(|shown| match shown.kind {
                EventKind::Message { .. } => shown.who == Who::Visitor,
                EventKind::Ended { .. } => true,
                _ => false,
            })
        };
        if events.iter().any(ends) {
            self.typing.update(TypingIn::ended);
        }
        let ids: Vec<_> = events.iter().filter_map(|event| event.shown.as_ref()?.client_id).collect();
        let known = self.outgoing.with_untracked(|outgoing| ids.iter().any(|id| outgoing.state(*id).is_some()));
        if known {
            self.outgoing.update(|outgoing| ids.iter().for_each(|id| outgoing.arrived(*id)));
        }
    }
}

fn missing(events: &[StaffEvent]) -> Option<u32> {
    let hole = events.windows(2).rev().find(|pair| pair[0].seq + 1 < pair[1].seq).map(|pair| pair[1].seq);
    hole.or_else(|| events.first().map(|event| event.seq).filter(|first| *first > 1))
}

/// Both in order; each event once.
/// Whether something that was withheld is here now.
fn join(held: &mut Vec<StaffEvent>, mut page: Vec<StaffEvent>) -> bool {
    let above = held.first().zip(page.last()).is_none_or(|(first, last)| last.seq < first.seq);
    let mut revealed = false;
    if !above {
        page.retain_mut(|event| {
            let Ok(place) = held.binary_search_by_key(&event.seq, |one| one.seq) else { return true };
            if held[place].shown.is_none() && event.shown.is_some() {
                std::mem::swap(&mut held[place], event);
                revealed = true;
            }
            false
        });
    }
    page.append(held);
    if !above {
        page.sort_by_key(|event| event.seq);
    }
    *held = page;
    revealed
}

fn newer(details: &Details, visit: &Visit) -> bool {
    details.pages.first().is_none_or(|newest| newest.at < visit.at)
}

fn add_visit(details: &mut Option<Details>, visit: Visit) {
    if let Some(details) = details.as_mut().filter(|details| newer(details, &visit)) {
        details.pages.insert(0, visit);
    }
}
