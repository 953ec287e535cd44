//! The inbox: the list of chats, the open one, and the person behind it.

mod act;
pub mod api;
mod availability;
mod badges;
mod before;
mod chat;
mod composer;
mod current;
mod customer;
mod end;
mod filter;
mod handover;
mod header;
mod items;
#[cfg(test)]
mod items_tests;
mod jump;
pub mod lines;
mod list;
mod log;
mod menu;
mod message;
mod part;
mod place;
mod recent;
#[cfg(all(test, feature = "ssr"))]
mod rendered;
mod ring_bar;
mod row;
#[cfg(test)]
pub mod sample;
pub mod section;
pub mod tools;
mod wrap_up;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

pub use act::{use_accept, use_claim, use_decline};
pub use availability::be;
pub use badges::{asks, blue, may_reassign, may_take, may_write, oldest, owns, red, waiting, wraps_up};
pub use chat::{Chat, Foot, Opening, row_of};
pub use composer::{Popup, Writing, field, macros_for, pieces_of, popup, variable_word};
pub use current::keep_current;
pub use end::CloseWrapUp;
pub use filter::Narrowed;
pub use handover::{Ask, Asking, Dialogs, dialog as hand_over};
pub use log::Log;
pub use recent::ratings_word;
pub use ring_bar::RingBar;
pub use row::last_words;
pub use section::{Section, flat};

use self::list::ListColumn;
use crate::{
    later::{Later, Part},
    live::Live,
    ui::{Glyph, Icon},
};

/// `/inbox`, `/inbox/{section}`, `/inbox/{section}/{session}`.
#[component]
pub fn InboxPage() -> impl IntoView {
    let params = use_params_map();
    let place = Memo::new(move |_| params.with(|params| section::place(params.get_str("place").unwrap_or_default())));
    let section = Memo::new(move |_| place.get().0);
    let session = Memo::new(move |_| place.get().1);
    // Out here: a signal of the closure below is gone before those who read it have heard that they are, too.
    let back = Signal::derive(move || section.get().href());
    view! {
        <div class="dk-inbox" class:dk-inbox--chat=move || session.get().is_some()>
            <ListColumn section=section session=session />
            {move || match session.get() {
                Some(session) => view! { <Later part=move || Part::Chat(session, back) /> }.into_any(),
                None => view! { <NoChat section=section /> }.into_any(),
            }}
        </div>
    }
}

/// What will appear in the empty middle, and what to do now.
#[component]
fn NoChat(section: Memo<Section>) -> impl IntoView {
    let live = expect_context::<Live>();
    let waiting = Memo::new(move |_| live.rows.with(|rows| rows.iter().filter(|row| badges::waiting(row)).count()));
    view! {
        <main class="dk-void" id="main">
            <Icon glyph=Glyph::Talk />
            <h2>"No chat is open"</h2>
            <p>
                {move || match (section.get(), waiting.get()) {
                    (Section::Recent, _) => "Choose a chat to read it again.".to_owned(),
                    (_, 0) => "Nobody is waiting. A new chat appears on the left as soon as a visitor writes.".to_owned(),
                    (Section::Incoming, 1) => "One visitor is waiting. Choose the chat to read it, or respond.".to_owned(),
                    (Section::Incoming, n) => format!("{n} visitors are waiting. Choose a chat to read it, or respond."),
                    (Section::Active, _) => "Choose one of your chats, or take one from Incoming.".to_owned(),
                }}
            </p>
        </main>
    }
}
