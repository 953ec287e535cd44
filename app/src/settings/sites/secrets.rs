//! How a site proves who its visitors are (PRODUCT V15): the secrets with which its server signs, which hold at once, and
//! whether anybody else may chat.

use domain::{IDENTITY_SECRETS, SecretId, SiteId};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Error,
    sites::{NewSecret, Secret},
};

use super::{super::fields::Wrong, api, look::Check};
use crate::{
    browser,
    inbox::lines::error_line,
    ui::{Glyph, Icon, some_text, time::Moment},
};

/// Where the one that was made is shown.
const MADE: &str = "made-secret";

#[derive(Clone, Copy)]
struct Kept {
    site: SiteId,
    /// Those of the site; nothing until they are read.
    all: RwSignal<Option<Vec<Secret>>>,
    /// The one that was made just now.
    made: RwSignal<String>,
    /// Which one is asked about.
    sure: RwSignal<Option<SecretId>>,
    trouble: RwSignal<String>,
}

impl Kept {
    fn load(self) {
        spawn_local(async move {
            match api::site_secrets(self.site).await {
                Ok(all) => _ = self.all.try_set(Some(all)),
                Err(error) => self.told(&error),
            }
        });
    }

    fn make(self) {
        self.trouble.set(String::new());
        spawn_local(async move {
            match api::make_site_secret(self.site).await {
                Ok(NewSecret { secret, all }) => {
                    self.made.try_set(secret);
                    self.all.try_set(Some(all));
                    browser::focus(MADE);
                }
                Err(error) => self.told(&error),
            }
        });
    }

    fn retire(self, secret: SecretId) {
        self.trouble.set(String::new());
        spawn_local(async move {
            match api::retire_site_secret(self.site, secret).await {
                Ok(all) => {
                    self.made.try_set(String::new());
                    self.all.try_set(Some(all));
                    browser::focus("identity");
                }
                Err(Error::Invalid(_)) => {
                    let why =
                        "It is the only one, and nobody else may chat. Make another first, or let others chat too.";
                    self.trouble.try_set(why.to_owned());
                }
                Err(error) => self.told(&error),
            }
            self.sure.try_set(None);
        });
    }

    fn told(self, error: &Error) {
        self.trouble.try_set(error_line(error));
    }
}

#[component]
pub fn Secrets(site: SiteId, only: RwSignal<bool>, wrong: RwSignal<Wrong>) -> impl IntoView {
    let kept = Kept {
        site,
        all: RwSignal::default(),
        made: RwSignal::default(),
        sure: RwSignal::default(),
        trouble: RwSignal::default(),
    };
    Effect::new(move |_| kept.load());
    let full = move || kept.all.with(|all| all.as_ref().is_none_or(|all| all.len() >= IDENTITY_SECRETS));
    let refused = move || wrong.with(|wrong| wrong.problem("identified_only").is_some());
    view! {
        <fieldset class="dk-group" id="identity" tabindex="-1">
            <legend>"Identity"</legend>
            <p class="dk-field__hint">
                "Your server can say who is signed in to your page, and prove it by a secret. Agents then see that a person is verified, and the person finds the same chat on all their devices."
            </p>
            <ul class="dk-secrets" aria-label="Secrets">
                <For each=move || kept.all.get().unwrap_or_default() key=|secret| secret.id let:secret>
                    <Row kept=kept secret=secret />
                </For>
            </ul>
            <Show when=move || kept.made.with(|made| !made.is_empty())>
                <div class="dk-secrets__made" id=MADE tabindex="-1">
                    <p>"Copy it to your server now. It is not shown again."</p>
                    <code class="dk-code">{move || kept.made.get()}</code>
                </div>
            </Show>
            <Show when=move || !full()>
                <button type="button" class="dk-chip" on:click=move |_| kept.make()>
                    <Icon glyph=Glyph::Plus small=true /> "Make a secret"
                </button>
            </Show>
            <p class="dk-field__wrong" role="alert">{move || some_text(kept.trouble.get())}</p>
            <Check value=only label="Only people whom your page has identified may chat" />
            <p class="dk-field__wrong" role="alert">
                {move || refused().then_some("Make a secret first: without one nobody could chat.")}
            </p>
        </fieldset>
    }
}

#[component]
fn Row(kept: Kept, secret: Secret) -> impl IntoView {
    let Secret { id, made_at, ending } = secret;
    let name = format!("Retire the secret that ends in {ending}");
    let asking = Memo::new(move |_| kept.sure.get() == Some(id));
    let ask = move || {
        kept.sure.set(Some(id));
        browser::focus(&format!("keep-{id}"));
    };
    let not = move || {
        kept.sure.set(None);
        browser::focus(&format!("retire-{id}"));
    };
    view! {
        <li>
            <span>"Ends in " <code class="dk-code">{ending}</code> " · " <Moment at=made_at /></span>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button
                        type="button"
                        class="dk-button"
                        id=format!("retire-{id}")
                        aria-label=name.clone()
                        on:click=move |_| ask()
                    >
                        "Retire"
                    </button>
                }
            >
                <div class="dk-sure" role="group" aria-label="Retire this secret?">
                    <span>"What it has signed is refused from then on."</span>
                    <button type="button" class="dk-button dk-button--danger" on:click=move |_| kept.retire(id)>"Retire"</button>
                    <button
                        type="button"
                        class="dk-button"
                        id=format!("keep-{id}")
                        on:click=move |_| not()
                    >
                        "Keep"
                    </button>
                </div>
            </Show>
        </li>
    }
}
