//! Parts of the dashboard whose code comes after the first page, as chunks of the module (`#[lazy]`): the
//! conversation, what one opens besides it, and the settings.
//!
//! To add a part: a variant in [`Part`] and its line in the function of its chunk. Few chunks on purpose: what two of them
//! share becomes a third.

use std::{future::Future, pin::Pin};

use domain::{Attachment, SessionId};
use futures::FutureExt as _;
use leptos::{prelude::*, reactive::spawn_local_scoped};
use wire::agent::ResolvedFilter;

use crate::{
    dock::MiniChat,
    files::{self, Files},
    inbox::{self, Ask, Chat, Popup, Writing, tools::Tools},
    keys::{self, Opened, Runner},
    live::Talk,
    resolved::ResolvedList,
    settings,
};

/// What can be loaded later, and what it is about.
pub enum Part {
    Chat(SessionId, Signal<String>),
    HandOver(SessionId, Ask, Callback<()>),
    /// A chat in a small window of the dock.
    Mini(SessionId),
    Keys(Opened, Runner),
    Picture(Attachment, Talk),
    Popup(Popup, Writing, Tools),
    Resolved(Memo<ResolvedFilter>, Memo<String>),
    Settings(Option<&'static str>),
    Tray(Files),
}

/// Shows a part once its code is there. On the server it always is; and in the browser it has to be when a page of the
/// server is taken over ([`of_page`]), because the two have to be alike.
#[component]
pub fn Later(part: impl Fn() -> Part + Send + Sync + 'static) -> impl IntoView {
    let came = Trigger::new();
    move || {
        came.track();
        let part = part();
        let mut loading = load(&part);
        if loading.as_mut().now_or_never().is_some() {
            return shown(part).now_or_never();
        }
        spawn_local_scoped(async move {
            loading.await;
            came.notify();
        });
        None
    }
}

async fn shown(part: Part) -> AnyView {
    match part {
        part @ (Part::Chat(..) | Part::Mini(_)) => chat(part).await,
        Part::Settings(section) => settings(section).await,
        part => desk(part).await,
    }
}

type Loading = Pin<Box<dyn Future<Output = ()>>>;

/// How the functions are called that load a chunk is a convention of `#[lazy]`.
#[cfg(feature = "hydrate")]
fn load(part: &Part) -> Loading {
    match part {
        Part::Chat(..) | Part::Mini(_) => Box::pin(__preload_chat()),
        Part::Settings(_) => Box::pin(__preload_settings()),
        _ => Box::pin(__preload_desk()),
    }
}

#[cfg(not(feature = "hydrate"))]
fn load(_: &Part) -> Loading {
    Box::pin(async {})
}

/// Loads what an agent will need, so that nothing waits for it, or for a line that may be gone by then.
pub fn ahead() {
    let _ = lazy_preload!(chat);
    let _ = lazy_preload!(desk);
}

/// Loads what this page shows from the first moment.
#[cfg(feature = "hydrate")]
pub async fn of_page(path: &str) {
    if path.starts_with("/settings") {
        __preload_settings().await;
    } else if path == "/resolved" {
        __preload_desk().await;
    } else if path.starts_with("/resolved/") || path.matches('/').count() > 2 {
        __preload_chat().await;
    }
}

#[lazy]
#[cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "the server has nothing to wait for"))]
pub fn chat(part: Part) -> AnyView {
    match part {
        Part::Chat(session, back) => view! { <Chat session=session back=back /> }.into_any(),
        Part::Mini(session) => view! { <MiniChat session=session /> }.into_any(),
        _ => ().into_any(),
    }
}

#[lazy]
#[cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "the server has nothing to wait for"))]
pub fn desk(part: Part) -> AnyView {
    match part {
        Part::HandOver(session, ask, done) => inbox::hand_over(session, ask, done),
        Part::Keys(opened, runner) => keys::dialog(opened, runner),
        Part::Picture(file, talk) => files::large(file, talk),
        Part::Popup(open, writing, tools) => inbox::popup(open, writing, tools),
        Part::Resolved(filter, search) => view! { <ResolvedList filter=filter search=search /> }.into_any(),
        Part::Tray(files) => view! { <files::Panel files=files /> }.into_any(),
        Part::Chat(..) | Part::Mini(_) | Part::Settings(_) => ().into_any(),
    }
}

#[lazy]
#[cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "the server has nothing to wait for"))]
pub fn settings(section: Option<&'static str>) -> AnyView {
    settings::section(section)
}
