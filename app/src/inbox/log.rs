use leptos::prelude::*;
use wire::agent::Row;

use super::{
    badges,
    before::Before,
    items::{Basis, Item, Key, Laid, NewAfter, Side, What},
    jump::Jump,
    lines::name_or,
    message::ItemView,
    place::{Place, Shown, Slot, key},
};
use crate::{
    browser,
    live::{Live, Talk},
    ui::{Glyph, Icon},
};

/// The conversation. It stays at its end only for who is there; earlier pages come above without a jump.
#[component]
pub fn Log(talk: Talk, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let visitor =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.visitor.name.clone())).unwrap_or_default());
    let me = Memo::new(move |_| live.me.with(|me| me.id));
    let new = RwSignal::new(new_at_opening(live, talk, row));
    let items = Memo::new_owning(move |before| {
        let basis = Basis {
            visitor: visitor.get(),
            me: me.get(),
            new: new.get(),
            awake: live.clock.awake(),
            generation: talk.generation.get_value(),
        };
        let next = |events: &Vec<_>| {
            talk.outgoing.with(|out| Laid::next(before, events, out, basis, |at| live.clock.offset(at)))
        };
        (talk.events.with(next), true)
    });
    let place = Place::new(live, talk, items);
    let shown = place.shown();
    follow(place, new);
    view! {
        <div class="dk-log">
            <Jump talk=talk place=place />
            <div
                class="dk-log__scroll"
                role="log"
                aria-label="Conversation"
                aria-live=move || if place.quiet() { "off" } else { "polite" }
                tabindex="0"
                node_ref=place.scroll
                on:scroll=move |_| place.moved()
            >
                <Show when=move || talk.earlier.get()>
                    <button type="button" class="dk-button dk-log__earlier" on:click=move |_| place.earlier()>
                        "Earlier messages"
                    </button>
                </Show>
                <Before talk=talk visitor=visitor place=place />
                <div class="dk-log__list" node_ref=place.list>
                    <For each=move || shown.get().slots key=slot_key let:slot>
                        {match slot {
                            Slot::Row(item) => view! { <ItemView item=item talk=talk place=place /> }.into_any(),
                            Slot::Space(n) => view! { <Space n=n shown=shown /> }.into_any(),
                        }}
                    </For>
                </div>
            </div>
            <Typing talk=talk visitor=visitor />
            <Newest place=place />
        </div>
    }
}

fn slot_key(slot: &Slot) -> Result<(Key, bool, bool), usize> {
    match slot {
        Slot::Row(item) => Ok(key(item)),
        Slot::Space(n) => Err(*n),
    }
}

/// Room for messages that are not in the document.
#[component]
fn Space(n: usize, shown: Memo<Shown>) -> impl IntoView {
    let height = move || shown.with(|shown| shown.spaces.get(n).copied()).filter(|height| *height > 0.0);
    let height = move || height().map(|height| format!("{height}px"));
    view! { <div class="dk-log__space" aria-hidden="true" style:height=height></div> }
}

/// The way back to the newest message, and how many have come since one left it.
#[component]
fn Newest(place: Place) -> impl IntoView {
    let new = Memo::new(move |_| {
        let seen = place.seen.get();
        let counts = |item: &Item| matches!(&item.what, What::Bubble(bubble) if bubble.side != Side::Staff);
        place.items.with(|laid| {
            let after = laid.items.iter().rev().filter(|item| item.seq != u32::MAX).take_while(|item| item.seq > seen);
            after.filter(|item| counts(item)).count()
        })
    });
    let word = move || match new.get() {
        0 => "Newest messages".to_owned(),
        1 => "1 new message".to_owned(),
        n => format!("{n} new messages"),
    };
    view! {
        <p class="dk-hidden" role="status">{move || (place.away.get() && new.get() > 0).then(word)}</p>
        <Show when=move || place.away.get()>
            <button
                type="button"
                class="dk-log__below"
                class:dk-log__below--new=move || { new.get() > 0 }
                on:click=move |_| place.go_to_end()
            >
                <Icon glyph=Glyph::ArrowDown small=true />
                {word}
            </button>
        </Show>
    }
}

/// Whose chat it is has the first message that they have not read marked.
fn new_at_opening(live: Live, talk: Talk, row: Memo<Option<Row>>) -> Option<NewAfter> {
    let unread = |row: &Row| row.unread > 0 && live.me.with_untracked(|me| badges::owns(me, row));
    let read = talk.read();
    (read > 0 && row.with_untracked(|row| row.as_ref().is_some_and(unread))).then_some(NewAfter::Read(read))
}

/// After each change: to the end for who was there or has just written; else what came is marked as new.
fn follow(place: Place, new: RwSignal<Option<NewAfter>>) {
    Effect::new(move |before: Option<Option<(Key, u32)>>| {
        let (last, own, newest) = place.items.with(|laid| {
            let own = |item: &Item| item.seq == u32::MAX;
            let newest = laid.items.iter().rev().find(|item| item.seq != u32::MAX).map_or(0, |item| item.seq);
            let last = laid.items.last();
            (last.map(|item| (item.key, item.seq)), last.is_some_and(|item| own(item)), newest)
        });
        let came = before.flatten().map(|(key, _)| key) != last.map(|(key, _)| key);
        let looks = place.is_at_end() && browser::visible();
        if before.is_none() {
            place.seen.set(newest);
            request_animation_frame(move || {
                if !place.go_to(|item| item.what == What::New) {
                    place.go_to_end();
                }
            });
        } else if own && came {
            new.set(None);
            place.seen.set(newest);
            request_animation_frame(move || place.go_to_end());
        } else if looks {
            place.seen.set(newest);
            if came {
                request_animation_frame(move || place.go_to_end());
            }
        } else if newest > place.seen.get_untracked() {
            let after = Some(NewAfter::Seen(place.seen.get_untracked()));
            if new.get_untracked() != after {
                new.set(after);
            }
            if place.is_at_end() && came {
                request_animation_frame(move || place.go_to_end());
            }
        }
        last
    });
    // Back at the end, everything is seen.
    Effect::new(move |_| {
        if !place.away.get() && browser::visible() {
            place.seen.set(place.items.with_untracked(|laid| {
                laid.items.iter().rev().find(|item| item.seq != u32::MAX).map_or(0, |item| item.seq)
            }));
        }
    });
    // The typing line, a growing composer and a phone's keyboard take room from the log: who was at its end stays there.
    Effect::new(move |_| {
        if let Some(element) = place.scroll.get() {
            browser::on_resize(&element, move || place.resized());
        }
    });
}

#[component]
fn Typing(talk: Talk, visitor: Memo<String>) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    let typing = Memo::new(move |_| talk.typing.with(|typing| typing.on(clock.now().millis())));
    view! {
        <Show when=move || typing.get()>
            <p class="dk-log__typing">
                <span class="dk-log__dots" aria-hidden="true"><i></i><i></i><i></i></span>
                <bdi>{move || name_or(&visitor.get()).to_owned()}</bdi>
                " is typing"
            </p>
        </Show>
    }
}
