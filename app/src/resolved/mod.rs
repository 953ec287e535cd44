//! All ended chats of the supervised queues, with their ratings.

mod api;
mod filters;
mod list;
mod query;

use domain::SessionId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::query::from_query;

pub use self::list::ResolvedList;
use crate::{
    later::{Later, Part},
    live::Clock,
};

/// `/resolved?…` and `/resolved/{session}?…`.
#[component]
pub fn ResolvedPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let session = Memo::new(move |_| {
        params.with(|params| params.get_str("session").and_then(|text| text.parse::<SessionId>().ok()))
    });
    let clock = expect_context::<Clock>();
    // The server does not know the viewer's time zone: it takes UTC, and once the browser is awake the days are its own.
    let filter = Memo::new(move |_| query.with(|query| from_query(|name| query.get(name), |at| clock.offset(at))));
    let search = Memo::new(move |_| query.with(leptos_router::params::ParamsMap::to_query_string));
    // Made here, not where it is used: what a view owns is gone before its innermost effects have stopped.
    let back = Signal::derive(move || format!("/resolved{}", search.get()));
    move || match session.get() {
        Some(session) => {
            view! { <div class="dk-reader"><Later part=move || Part::Chat(session, back) /></div> }.into_any()
        }
        None => view! { <Later part=move || Part::Resolved(filter, search) /> }.into_any(),
    }
}
