//! Handing a chat over: to whom, how, and with which word (PRODUCT A9, S1). One dialog above everything, whatever on the
//! page has asked for it.

mod dialog;
mod end;
mod list;
mod rules;

use domain::SessionId;
use leptos::prelude::*;

use self::{dialog::HandOver, end::EndDialog};
use crate::later::{Later, Part};

pub use self::rules::Ask;

/// What is being asked about a chat. Provided by the frame of the dashboard.
#[derive(Clone, Copy)]
pub struct Asking(RwSignal<Option<(SessionId, Ask)>>);

impl Asking {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// A moment later: a menu that was pressed first gives the focus back to its button, and the dialog then gives it
    /// back there too.
    pub fn ask(self, session: SessionId, what: Ask) {
        request_animation_frame(move || self.0.set(Some((session, what))));
    }
}

/// Where the dialogs stand.
#[component]
pub fn Dialogs() -> impl IntoView {
    let asking = expect_context::<Asking>().0;
    let done = Callback::new(move |()| asking.set(None));
    move || asking.get().map(|(session, ask)| view! { <Later part=move || Part::HandOver(session, ask, done) /> })
}

/// Of [`Part::HandOver`].
pub fn dialog(session: SessionId, ask: Ask, done: Callback<()>) -> AnyView {
    match ask {
        Ask::End => view! { <EndDialog session=session done=done /> }.into_any(),
        ask => view! { <HandOver session=session ask=ask done=done /> }.into_any(),
    }
}
