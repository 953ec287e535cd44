use leptos::{html, prelude::*, task::spawn_local};
use wire::agent::Row;

use super::{
    api,
    before::Before,
    items::{Item, Look, What, lay_out},
    lines::name_or,
    message::ItemView,
};
use crate::{
    browser,
    live::{Live, Talk},
    ui::{Glyph, Icon},
};

/// Closer to the top than this many pixels, earlier messages are asked for.
const NEAR_TOP: i32 = 120;

/// The conversation. It stays at its end only for who is there; earlier pages come above without a jump.
#[component]
pub fn Log(talk: Talk, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let visitor =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.visitor.name.clone())).unwrap_or_default());
    let me = Memo::new(move |_| live.me.with(|me| me.id));
    let items = Memo::new(move |_| {
        let visitor = visitor.get();
        let look = Look { visitor: &visitor, me: me.get() };
        talk.events.with(|events| talk.outgoing.with(|out| lay_out(events, out, look, |at| live.clock.offset(at))))
    });
    let log = NodeRef::<html::Div>::new();
    let place =
        Place { log, at_end: StoredValue::new(true), below: RwSignal::new(false), loading: RwSignal::new(false) };
    follow(items, place);
    let on_scroll = move |_| {
        let Some(element) = place.element() else { return };
        let at_end = browser::at_end(&element);
        place.at_end.set_value(at_end);
        if at_end {
            place.below.set(false);
        }
        if element.scroll_top() < NEAR_TOP && !at_end {
            earlier(talk, place);
        }
    };
    view! {
        <div class="dk-log">
            <div
                class="dk-log__scroll"
                role="log"
                aria-label="Conversation"
                aria-live=move || if place.loading.get() { "off" } else { "polite" }
                tabindex="0"
                node_ref=log
                on:scroll=on_scroll
            >
                <Show when=move || talk.earlier.get()>
                    <button type="button" class="dk-button dk-log__earlier" on:click=move |_| earlier(talk, place)>
                        "Earlier messages"
                    </button>
                </Show>
                <Before talk=talk visitor=visitor place=place />
                <For each=move || items.get() key=key let:item>
                    <ItemView item=item talk=talk />
                </For>
            </div>
            <Typing talk=talk visitor=visitor />
            <Show when=move || place.below.get()>
                <button type="button" class="dk-log__below" on:click=move |_| place.go_to_end()>
                    <Icon glyph=Glyph::ArrowDown small=true />
                    "New messages"
                </button>
            </Show>
        </div>
    }
}

/// Where one is in the conversation.
#[derive(Clone, Copy)]
pub struct Place {
    log: NodeRef<html::Div>,
    at_end: StoredValue<bool>,
    /// Something came below while one was reading above.
    below: RwSignal<bool>,
    /// Something is being put above, silently.
    pub loading: RwSignal<bool>,
}

impl Place {
    /// Puts something above, with what one sees kept in its place.
    pub fn keeping(self, put: impl FnOnce()) {
        let from_end = self.element().map(|log| log.scroll_height() - log.scroll_top());
        put();
        request_animation_frame(move || {
            if let (Some(log), Some(from_end)) = (self.element(), from_end) {
                log.set_scroll_top(log.scroll_height() - from_end);
            }
            self.loading.try_set(false);
        });
    }

    /// Also after the next frame, when the conversation may be gone from the screen.
    fn go_to_end(self) {
        self.below.try_set(false);
        self.at_end.try_set_value(true);
        if let Some(element) = self.element() {
            browser::to_end(&element);
        }
    }

    fn element(self) -> Option<web_sys::HtmlDivElement> {
        self.log.try_get_untracked().flatten()
    }
}

/// After each change: to the end for who was there or has just written; else a hint.
fn follow(items: Memo<Vec<Item>>, place: Place) {
    Effect::new(move |before: Option<Option<String>>| {
        let (last, own) = items.with(|items| {
            let own = |item: &Item| {
                matches!(&item.what, What::Bubble(bubble) if bubble.vseq.is_none() && bubble.client_id.is_some())
            };
            (items.last().map(|item| item.key.clone()), items.last().is_some_and(own))
        });
        let first = before.is_none();
        let came = before.flatten() != last;
        if (place.at_end.get_value() || own || first) && came {
            request_animation_frame(move || place.go_to_end());
        } else if came {
            place.below.set(true);
        }
        last
    });
    // The typing line, a growing composer and a phone's keyboard take room from the log: who was at its end stays there.
    Effect::new(move |_| {
        if let Some(element) = place.log.get() {
            browser::on_resize(&element, move || {
                if place.at_end.try_get_value() == Some(true) {
                    place.go_to_end();
                }
            });
        }
    });
}

/// A page of history above, with what one sees kept in its place.
fn earlier(talk: Talk, place: Place) {
    if place.loading.get_untracked() || !talk.earlier.get_untracked() {
        return;
    }
    place.loading.set(true);
    spawn_local(async move {
        let page = api::history(talk.session, talk.oldest()).await;
        place.keeping(move || {
            if let Ok(page) = page {
                talk.prepend(page);
            }
        });
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

/// What makes a node another one: besides the message itself, whether it begins a day or a group.
pub fn key(item: &Item) -> (String, bool, bool) {
    let first = matches!(&item.what, What::Bubble(bubble) if bubble.author.is_some());
    (item.key.clone(), item.new_day, first)
}
