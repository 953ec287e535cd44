use domain::{GuardId, GuardPattern, GuardRule};
use leptos::{prelude::*, task::spawn_local};
use wire::Error;

use super::{api, fields::DeleteButton, guard_form::GuardForm, macros::NotLoaded, unsaved::Unsaved};
use crate::{
    browser,
    carried::carried,
    inbox::lines::error_line,
    live::Live,
    ui::{Glyph, Icon},
};

/// What is open on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    Nothing,
    New,
    One(GuardId),
}

/// The list, for its rows and its form.
#[derive(Clone, Copy)]
pub struct Page {
    pub rules: RwSignal<Vec<GuardRule>>,
    pub edited: RwSignal<Edited>,
    pub unsaved: Unsaved,
}

impl Page {
    /// Opens a form, once what is typed in another one may be lost.
    fn open(self, edited: Edited) {
        if self.unsaved.may_leave() {
            self.edited.set(edited);
            browser::focus("rule-name");
        }
    }

    pub fn close(self) {
        self.unsaved.clear();
        self.edited.set(Edited::Nothing);
        browser::focus("new-rule");
    }

    pub fn put(self, rule: GuardRule) {
        self.rules.update(|rules| {
            rules.retain(|other| other.id != rule.id);
            rules.push(rule);
            rules.sort_by_cached_key(|rule| (rule.name.to_lowercase(), rule.id));
        });
        self.close();
    }
}

/// What agents are not to send unseen.
#[component]
pub fn GuardPage() -> impl IntoView {
    let page = Page { rules: RwSignal::default(), edited: RwSignal::new(Edited::Nothing), unsaved: Unsaved::new() };
    let listed = carried(|| (), |()| api::guard_rules());
    view! {
        <h2 class="dk-settings__title">"Guarded words"</h2>
        <p class="dk-settings__lead">
            "What these rules find is marked while an agent writes, with your reason. It can still be sent; then the chat \
             notes for staff which rule was overridden, and by whom."
        </p>
        <Suspense fallback=|| view! { <p role="status">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match listed.await {
                    Ok(rules) => {
                        page.rules.set(rules);
                        view! { <List page=page /> }.into_any()
                    }
                    Err(error) => view! { <NotLoaded status=error.status() line=error_line(&error) /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn List(page: Page) -> impl IntoView {
    let creating = Memo::new(move |_| page.edited.get() == Edited::New);
    let none = Memo::new(move |_| page.rules.with(Vec::is_empty));
    let begin = move |_| page.open(Edited::New);
    view! {
        <div class="dk-settings__acts">
            <button type="button" id="new-rule" class="dk-button dk-button--accent" disabled=creating on:click=begin>
                <Icon glyph=Glyph::Plus small=true /> "New rule"
            </button>
        </div>
        <Show when=move || creating.get()>
            <GuardForm page=page rule=None />
        </Show>
        <Show when=move || none.get() && !creating.get()>
            <div class="dk-empty">
                <h3>"Nothing is guarded yet"</h3>
                <p>"A first rule could look for card numbers: they are told from other numbers by their checksum."</p>
            </div>
        </Show>
        <ul class="dk-entries">
            <For each=move || page.rules.get() key=|rule| rule.clone() let:rule>
                <Entry page=page rule=rule />
            </For>
        </ul>
    }
}

#[component]
fn Entry(page: Page, rule: GuardRule) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = rule.id;
    let editing = Memo::new(move |_| page.edited.with(|edited| *edited == Edited::One(id)));
    let kept = StoredValue::new(rule.clone());
    let delete = move || {
        spawn_local(async move {
            match api::delete_guard_rule(id).await {
                Ok(()) | Err(Error::NotFound) => page.rules.update(|rules| rules.retain(|rule| rule.id != id)),
                Err(error) => live.refused(&error),
            }
            page.close();
        });
    };
    let edit = move |_| page.open(Edited::One(id));
    let shown = move || {
        let GuardRule { name, reason, pattern, on, .. } = kept.get_value();
        view! {
            <div class="dk-entry">
                <div class="dk-entry__words">
                    <h3 dir="auto">{name.clone()}</h3>
                    <small>{if on { "" } else { "Resting · " }} {pattern_word(&pattern)}</small>
                    <p dir="auto">{reason}</p>
                </div>
                <div class="dk-entry__acts">
                    <button type="button" class="dk-button" aria-label=format!("Edit {name}") on:click=edit>"Edit"</button>
                    <DeleteButton name=name delete=delete />
                </div>
            </div>
        }
    };
    view! {
        <li>
            <Show when=move || editing.get() fallback=shown>
                <GuardForm page=page rule=Some(kept.get_value()) />
            </Show>
        </li>
    }
}

fn pattern_word(pattern: &GuardPattern) -> String {
    match pattern {
        GuardPattern::Words(words) => {
            let some: Vec<_> = words.iter().take(5).map(String::as_str).collect();
            let more = if words.len() > some.len() { " …" } else { "" };
            format!("Words: {}{more}", some.join(", "))
        }
        GuardPattern::Card => "Card numbers".to_owned(),
        GuardPattern::SocialSecurity => "Social security numbers".to_owned(),
        GuardPattern::Expression(source) => format!("Expression: {source}"),
    }
}
