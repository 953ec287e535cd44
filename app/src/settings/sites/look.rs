//! How a site's widget looks, and what it speaks (PRODUCT V16).

use domain::{LANGUAGES, SiteSettings, Theme};
use leptos::prelude::*;

use super::super::{
    fields::{Labelled, Wrong},
    parts::Select,
};

#[derive(Clone, Copy)]
pub struct LookFields {
    colour: RwSignal<String>,
    theme: RwSignal<String>,
    left: RwSignal<bool>,
    language: RwSignal<String>,
    only_language: RwSignal<bool>,
}

impl LookFields {
    pub fn of(settings: &SiteSettings) -> Self {
        Self {
            colour: RwSignal::new(settings.colour.clone()),
            theme: RwSignal::new(settings.theme.name().to_owned()),
            left: RwSignal::new(settings.left),
            language: RwSignal::new(settings.language.clone()),
            only_language: RwSignal::new(settings.only_language),
        }
    }

    /// Those settings with what stands here in them.
    pub fn put(self, settings: SiteSettings) -> SiteSettings {
        SiteSettings {
            colour: self.colour.get_untracked(),
            theme: self.theme.with_untracked(|name| Theme::from_name(name)).unwrap_or_default(),
            left: self.left.get_untracked(),
            language: self.language.get_untracked(),
            only_language: self.only_language.get_untracked(),
            ..settings
        }
    }
}

#[component]
pub fn LookGroup(fields: LookFields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let themes = Theme::ALL.map(|theme| (theme.name().to_owned(), word(theme).to_owned())).to_vec();
    let languages = LANGUAGES.map(|(code, name)| (code.to_owned(), name.to_owned())).to_vec();
    view! {
        <fieldset class="dk-group">
            <legend>"Look and language"</legend>
            <Labelled
                id="site-colour"
                label="Colour"
                hint="Text on it is kept readable, whichever you choose."
                wrong=Signal::derive(move || wrong.with(|wrong| wrong.line("colour", "")))
            >
                <input
                    id="site-colour"
                    type="color"
                    class="dk-colour"
                    aria-describedby="site-colour-hint site-colour-wrong"
                    prop:value=move || fields.colour.get()
                    on:input:target=move |event| fields.colour.set(event.target().value())
                />
            </Labelled>
            <Select field="theme" label="Light or dark" options=themes value=fields.theme wrong=wrong />
            <Check value=fields.left label="The button stands at the left" />
            <Select
                field="language"
                label="Language"
                hint="For visitors whose own the chat does not speak."
                tongues=true
                options=languages
                value=fields.language
                wrong=wrong
            />
            <Check value=fields.only_language label="Speak it with everybody, whatever their browser says" />
        </fieldset>
    }
}

const fn word(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "as the visitor’s system has it",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

#[component]
pub fn Check(value: RwSignal<bool>, label: &'static str) -> impl IntoView {
    view! {
        <label class="dk-check">
            <input
                type="checkbox"
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            {label}
        </label>
    }
}
