use domain::CleanUpRules;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wire::composer::CleanUp;

use super::{
    api,
    fields::{Labelled, Wrong},
    loaded::Loaded,
    unsaved::Unsaved,
};
use crate::{carried::carried, live::Live, ui::some_text};

const FIELDS: [&str; 4] = ["tags", "attributes", "styles", "markup"];

/// What "Clean up input" takes out of pasted markup.
#[component]
pub fn CleanUpPage() -> impl IntoView {
    view! {
        <Loaded
            title="Clean up input"
            lead="Messages are plain text. What agents paste from pages and documents becomes text that keeps its lines, lists \
                  and links; here you say what is left out before."
            listed=carried(|| (), |()| api::kept_clean_up())
            body=Callback::new(|rules| view! { <RulesForm kept=rules /> }.into_any())
        />
    }
}

/// The form's fields as they stand: names, with blanks between them.
#[derive(Clone, Copy)]
struct Fields {
    tags: RwSignal<String>,
    attributes: RwSignal<String>,
    styles: RwSignal<String>,
    on_paste: RwSignal<bool>,
}

impl Fields {
    fn of(rules: &CleanUpRules) -> Self {
        Self {
            tags: RwSignal::new(rules.tags.join(" ")),
            attributes: RwSignal::new(rules.attributes.join(" ")),
            styles: RwSignal::new(rules.styles.join(" ")),
            on_paste: RwSignal::new(rules.on_paste),
        }
    }

    fn set(self, rules: &CleanUpRules) {
        self.tags.set(rules.tags.join(" "));
        self.attributes.set(rules.attributes.join(" "));
        self.styles.set(rules.styles.join(" "));
        self.on_paste.set(rules.on_paste);
    }

    fn rules(self) -> CleanUpRules {
        let names = |field: RwSignal<String>| {
            field.with_untracked(|text| {
                text.split([' ', ',', '\n', '\t']).filter(|name| !name.is_empty()).map(str::to_owned).collect()
            })
        };
        CleanUpRules {
            tags: names(self.tags),
            attributes: names(self.attributes),
            styles: names(self.styles),
            on_paste: self.on_paste.get_untracked(),
        }
    }
}

#[component]
fn RulesForm(kept: CleanUp) -> impl IntoView {
    let live = expect_context::<Live>();
    let fields = Fields::of(&kept.rules);
    let default = StoredValue::new(kept.default);
    let wrong = RwSignal::new(Wrong::default());
    let busy = RwSignal::new(false);
    let unsaved = Unsaved::new();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            match api::save_clean_up_rules(fields.rules()).await {
                Ok(kept) => {
                    fields.set(&kept.rules);
                    unsaved.clear();
                    wrong.try_set(Wrong::default());
                    live.notify("Saved".to_owned());
                }
                Err(error) => {
                    wrong.try_set(Wrong::of(&error, &FIELDS));
                }
            }
            busy.try_set(false);
        });
    };
    let list = move |id: &'static str,
                     field: &'static str,
                     label: &'static str,
                     hint: &'static str,
                     text: RwSignal<String>| {
        view! {
            <Labelled
                id=id
                label=label
                hint=hint
                wrong=Signal::derive(move || wrong.with(|wrong| text.with(|text| wrong.line(field, text))))
            >
                <textarea
                    id=id
                    class="dk-code"
                    rows="2"
                    spellcheck="false"
                    aria-describedby=format!("{id}-hint {id}-wrong")
                    aria-invalid=move || wrong.with(|wrong| wrong.problem(field).is_some()).then_some("true")
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        text.set(event.target().value());
                        unsaved.note();
                    }
                >
                    {text.get_untracked()}
                </textarea>
            </Labelled>
        }
    };
    view! {
        <form class="dk-panel-card dk-fields" aria-label="Rules" on:submit=save on:change=move |_| unsaved.note()>
            {list(
                "clean-tags",
                "tags",
                "Tags removed with everything in them",
                "For example table, img. Scripts, styles and frames never come through.",
                fields.tags,
            )}
            {list(
                "clean-attributes",
                "attributes",
                "Attributes removed",
                "Without href a link is only its words, without alt a picture leaves nothing.",
                fields.attributes,
            )}
            {list(
                "clean-styles",
                "styles",
                "Styles removed",
                "Text hidden by display or visibility is left out, unless you remove those here.",
                fields.styles,
            )}
            <label class="dk-check">
                <input
                    type="checkbox"
                    prop:checked=move || fields.on_paste.get()
                    on:change:target=move |event| fields.on_paste.set(event.target().checked())
                />
                "Clean up what is pasted by itself; else only by the button"
            </label>
            <Try fields=fields wrong=wrong />
            <p class="dk-field__wrong" role="alert">{move || some_text(wrong.with(|wrong| wrong.all.clone()))}</p>
            <div class="dk-fields__acts">
                <button type="submit" class="dk-button dk-button--accent" disabled=busy>"Save"</button>
                <button type="button" class="dk-button" on:click=move |_| {
                    default.with_value(|default| fields.set(default));
                    unsaved.note();
                }>
                    "Put back what it was at first"
                </button>
            </div>
        </form>
    }
}

/// What the rules would make of some markup.
#[component]
fn Try(fields: Fields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let markup = RwSignal::new(String::new());
    let made = RwSignal::new(None::<String>);
    let look = move |_| {
        let (rules, tried) = (fields.rules(), markup.get_untracked());
        spawn_local(async move {
            match api::try_clean_up(rules, tried).await {
                Ok(text) => {
                    wrong.try_set(Wrong::default());
                    made.try_set(Some(if text.is_empty() { "Nothing is left.".to_owned() } else { text }));
                }
                Err(error) => {
                    wrong.try_set(Wrong::of(&error, &FIELDS));
                }
            }
        });
    };
    view! {
        <div class="dk-try">
            <Labelled
                id="clean-try"
                label="Try it"
                hint="HTML. Nothing of this is kept."
                wrong=Signal::derive(move || wrong.with(|wrong| markup.with(|text| wrong.line("markup", text))))
            >
                <textarea
                    id="clean-try"
                    class="dk-code"
                    rows="3"
                    spellcheck="false"
                    aria-describedby="clean-try-hint clean-try-wrong"
                    prop:value=move || markup.get()
                    on:input:target=move |event| markup.set(event.target().value())
                ></textarea>
            </Labelled>
            <button type="button" class="dk-button" on:click=look>"Clean it up"</button>
            <div role="status">{move || made.get().map(|text| view! { <p class="dk-try__text" dir="auto">{text}</p> })}</div>
        </div>
    }
}
