//! The frame of a page of settings.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use wire::Error;

use crate::{carried::Carried, inbox::lines::error_line};

/// A page's head, and what is below it once `listed` is there.
#[component]
pub fn Loaded<T>(
    title: &'static str,
    lead: &'static str,
    listed: Carried<Result<T, Error>>,
    body: Callback<T, AnyView>,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    view! {
        <h2 class="dk-settings__title">{title}</h2>
        <p class="dk-settings__lead">{lead}</p>
        <Suspense fallback=|| view! { <p role="status">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match listed.await {
                    Ok(listed) => body.run(listed),
                    Err(error) => view! { <NotLoaded status=error.status() line=error_line(&error) /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn NotLoaded(status: u16, line: String) -> impl IntoView {
    crate::access::page_status(status);
    view! {
        <p role="alert">{line}</p>
        <a class="dk-button" href="" rel="external">"Try again"</a>
    }
}
