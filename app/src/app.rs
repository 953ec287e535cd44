use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    NavigateOptions, SsrMode,
    components::{FlatRoutes, Route, Router},
    hooks::use_navigate,
    path,
};

use crate::{
    access::page_status,
    carried::carried,
    console::{Console, Loading},
    inbox::{InboxPage, Narrowed, api, tools::Tools},
    keys::Keyboard,
    live::{Clock, Docked, Live},
    resolved::ResolvedPage,
    settings::SettingsPage,
    ui::Glyph,
};

/// The whole dashboard. The server renders each page whole (the first HTML has no holes), then the browser takes over.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let clock = Clock::new();
    provide_context(clock);
    provide_context(Live::new(clock));
    provide_context(Docked(RwSignal::new(None)));
    provide_context(Narrowed::new());
    provide_context(Tools::new());
    provide_context(Keyboard::new());
    provide_context(Loading(carried(|| (), |()| api::inbox())));
    view! {
        <Router>
            <Navigator />
            <FlatRoutes fallback=NotFound>
                // One route for all of the inbox, so that the list stays while one goes from chat to chat. The second
                // is never met here: it tells the server that the bare address is a page too.
                <Route path=path!("/inbox/*place") view=inbox ssr=SsrMode::Async />
                <Route path=path!("/inbox") view=inbox ssr=SsrMode::Async />
                <Route
                    path=path!("/resolved/:session?")
                    view=|| view! { <Console name="Resolved chats"><ResolvedPage /></Console> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/settings/:section?")
                    view=|| view! { <Console name="Settings"><SettingsPage /></Console> }
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
        </Router>
    }
}

/// Goes where [`Live::destination`] points.
#[component]
fn Navigator() -> impl IntoView {
    let destination = expect_context::<Live>().destination;
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(place) = destination.get() {
            destination.set(None);
            navigate(&place, NavigateOptions::default());
        }
    });
}

fn inbox() -> impl IntoView {
    view! { <Console name="Inbox"><InboxPage /></Console> }
}

#[component]
fn NotFound() -> impl IntoView {
    page_status(404);
    view! {
        <main class="dk-void dk-void--alone">
            <crate::ui::Icon glyph=Glyph::Inbox />
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or what was here is gone."</p>
            <a class="dk-button dk-button--accent" href="/inbox">"Go to the inbox"</a>
        </main>
    }
}
