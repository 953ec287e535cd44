//! One's chats at hand on every other page (PRODUCT A12): a chip for each in the lower corner, and over them a small
//! window with the whole conversation, from which one answers without leaving what one was doing.
//!
//! One window at a time: a second composer would want the same keys, the same dropped file and the same place for the
//! cursor. The chips say what comes in elsewhere, and one press changes over.

mod chip;
mod window;

use domain::SessionId;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wire::agent::{Me, Row};

use self::chip::Chip;
use crate::{
    inbox::{may_write, wraps_up},
    later::{Later, Part},
    live::{Docked, Live},
};

pub use self::window::MiniChat;

/// Where the inbox, or a chat that is being worked on, has the page itself, nothing is docked.
fn has_page(path: &str, works_on: impl Fn(SessionId) -> bool) -> bool {
    let read = path.strip_prefix("/resolved/").and_then(|session| session.trim_matches('/').parse().ok());
    path.starts_with("/inbox") || read.is_some_and(works_on)
}

/// One's own and those one writes along in. The order stays, whatever is said in them: nothing moves under the pointer.
fn mine<'a>(me: &Me, rows: impl Iterator<Item = &'a Row>) -> Vec<SessionId> {
    let mut all: Vec<&Row> = rows.filter(|row| may_write(me, row) || wraps_up(me, row)).collect();
    all.sort_by_key(|row| (row.waiting_since, row.session));
    all.into_iter().map(|row| row.session).collect()
}

#[component]
pub fn Dock() -> impl IntoView {
    let live = expect_context::<Live>();
    let Docked(docked) = expect_context();
    let path = use_location().pathname;
    let away = Memo::new(move |_| {
        let works_on = |session| live.rows.with(|rows| rows.get(session).is_some());
        path.with(|path| has_page(path, works_on))
    });
    // The open one stays until it is put down, so that one sees how it ended.
    let chats = Memo::new(move |_| {
        let mut chats = live.me.with(|me| live.rows.with(|rows| mine(me, rows.iter())));
        chats.extend(docked.get().filter(|open| !chats.contains(open)));
        chats
    });
    // On a page of its own it is not open here too when one comes back.
    Effect::new(move |_| {
        if away.get() {
            docked.set(None);
        }
    });
    let open = Memo::new(move |_| docked.get());
    view! {
        <Show when=move || !away.get() && chats.with(|chats| !chats.is_empty())>
            <section class="dk-dock" aria-label="Your chats">
                {move || open.get().map(|session| view! { <Later part=move || Part::Mini(session) /> })}
                <ul class="dk-dock__chips">
                    <For each=move || chats.get() key=|session| *session let:session>
                        <Chip session=session />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use domain::Status;

    use super::*;
    use crate::inbox::sample;

    #[test]
    fn ones_chats_are_docked_in_an_order_that_stays() {
        let me = sample::me((true, false, false));
        let mut wrapping = sample::mine(3, 1, 0);
        wrapping.status = Status::WrapUp;
        let mut along = sample::mine(4, 1, 0);
        (along.owner, along.colleagues) = (Some(sample::agent(9)), vec![me.id]);
        let mut others = sample::mine(5, 1, 0);
        others.owner = Some(sample::agent(9));
        let mut latest = sample::mine(6, 1, 2);
        latest.last_at = domain::Timestamp::from_millis(99_000_000);
        let rows = [latest, sample::waiting(1, 1), sample::mine(2, 1, 0), wrapping, along, others];
        let sessions: Vec<_> = [2, 3, 4, 6].map(sample::session).into();
        assert_eq!(mine(&me, rows.iter()), sessions);
        assert_eq!(mine(&sample::me((false, true, true)), rows.iter()), [], "whoever takes no chats has none");
    }

    #[test]
    fn nothing_is_docked_where_a_chat_has_the_page() {
        let one = sample::session(7);
        let works_on = |session| session == one;
        for page in ["/inbox", "/inbox/active", "/inbox/recent/x"] {
            assert!(has_page(page, works_on), "{page}");
        }
        assert!(has_page(&format!("/resolved/{one}"), works_on));
        for page in ["/settings/hours", "/resolved", "/resolved/x", &format!("/resolved/{}", sample::session(8))] {
            assert!(!has_page(page, works_on), "{page}");
        }
    }
}
