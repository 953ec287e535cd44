use domain::{FieldProblem, QueueId, SITE_NAME, SiteSettings};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wire::{
    Error,
    sites::{Site, SiteDraft},
};

use super::{
    super::{
        fields::{Labelled, Wrong},
        parts::{Foot, Numeric, Select, number, refused},
    },
    Page, api,
    away::{AwayFields, AwayGroup},
    fields::Builder,
    invites::{InviteGroup, InviteList},
    list::FieldList,
    look::{Check, LookFields, LookGroup},
    secrets::Secrets,
};
use crate::live::Live;

/// The form's fields as they stand.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    /// One in a line.
    origins: RwSignal<String>,
    queue: RwSignal<String>,
    look: LookFields,
    invites: InviteList,
    greeting: RwSignal<String>,
    echo: RwSignal<bool>,
    form_once: RwSignal<bool>,
    identified_only: RwSignal<bool>,
    megabytes: RwSignal<String>,
    mail_transcripts: RwSignal<bool>,
    mask_cards: RwSignal<bool>,
    away: AwayFields,
    asked: FieldList,
}

impl Fields {
    fn of(draft: SiteDraft) -> Self {
        let settings = draft.settings;
        Self {
            name: RwSignal::new(draft.name),
            origins: RwSignal::new(draft.origins.join("\n")),
            queue: RwSignal::new(draft.queue.to_string()),
            look: LookFields::of(&settings),
            invites: InviteList::of(settings.invites),
            greeting: RwSignal::new(settings.greeting.unwrap_or_default()),
            echo: RwSignal::new(settings.echo),
            form_once: RwSignal::new(settings.form_once),
            identified_only: RwSignal::new(settings.identified_only),
            megabytes: RwSignal::new(settings.attachment_megabytes.to_string()),
            mail_transcripts: RwSignal::new(settings.mail_transcripts),
            mask_cards: RwSignal::new(settings.mask_cards),
            away: AwayFields {
                away: RwSignal::new(settings.away.name().to_owned()),
                asked: FieldList::of("away_form", settings.away_form),
            },
            asked: FieldList::of("form", settings.form),
        }
    }

    fn draft(self, queue: QueueId) -> Result<SiteDraft, Error> {
        let mut wrong = Vec::new();
        let megabytes = self.megabytes.with_untracked(|text| number("attachment_megabytes", text, &mut wrong));
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        Ok(SiteDraft {
            name: self.name.get_untracked(),
            origins: self.origins.with_untracked(|text| text.lines().map(str::to_owned).collect()),
            queue: self.queue.with_untracked(|queue| queue.parse().ok()).unwrap_or(queue),
            settings: self.look.put(SiteSettings {
                invites: self.invites.invites(),
                form: self.asked.form(),
                form_once: self.form_once.get_untracked(),
                identified_only: self.identified_only.get_untracked(),
                echo: self.echo.get_untracked(),
                away: untrack(|| self.away.chosen()),
                away_form: self.away.asked.form(),
                mail_transcripts: self.mail_transcripts.get_untracked(),
                mask_cards: self.mask_cards.get_untracked(),
                greeting: Some(self.greeting.get_untracked()).filter(|text| !text.trim().is_empty()),
                // What is too large for it is out of range all the same.
                attachment_megabytes: u16::try_from(megabytes).unwrap_or(u16::MAX),
                ..SiteSettings::default()
            }),
        })
    }
}

#[component]
pub fn SiteForm(page: Page, site: Site) -> impl IntoView {
    let live = expect_context::<Live>();
    let Site { id, draft, key } = site;
    let (name, queue) = (draft.name.clone(), draft.queue);
    let fields = Fields::of(draft);
    let (wrong, busy) = (RwSignal::new(Wrong::default()), RwSignal::new(false));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let draft = match fields.draft(queue) {
            Ok(draft) => draft,
            Err(error) => return refused(wrong, &error),
        };
        busy.set(true);
        spawn_local(async move {
            match api::save_site(id, draft).await {
                Ok(site) => page.put(live, site),
                Err(error) => refused(wrong, &error),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="dk-panel-card dk-fields"
            aria-label=format!("Site {name}")
            novalidate=true
            on:submit=save
            on:input=move |_| page.unsaved.note()
            on:change=move |_| page.unsaved.note()
        >
            <Place page=page fields=fields wrong=wrong />
            <LookGroup fields=fields.look wrong=wrong />
            <Builder list=fields.asked legend="Before a chat it asks" queues=page.queues wrong=wrong noted=move || page.unsaved.note() />
            <Check value=fields.form_once label="Who has chatted before is asked only for the question, and to agree" />
            <Check value=fields.echo label="Visitors read their answers again in the chat" />
            <Lines
                field="greeting"
                label="First answer"
                hint="Sent by itself after the question. Empty: nothing is."
                value=fields.greeting
                wrong=wrong
            />
            <InviteGroup list=fields.invites wrong=wrong noted=move || page.unsaved.note() />
            <AwayGroup page=page fields=fields.away wrong=wrong />
            <Check
                value=fields.mail_transcripts
                label="Whose e-mail address is known gets the chat by e-mail when it is over"
            />
            <Check
                value=fields.mask_cards
                label="Card numbers that visitors write are masked before they leave the browser"
            />
            <Numeric
                field="attachment_megabytes"
                label="Largest file"
                hint="What agents and visitors may send each other; visitors only pictures, once an agent has allowed it."
                unit="MB"
                value=fields.megabytes
                wrong=wrong
            />
            <Secrets site=id only=fields.identified_only wrong=wrong />
            <p class="dk-field__hint">"Key of this site, as it stands in the snippet: " <code class="dk-code">{key}</code></p>
            <Foot wrong=wrong busy=busy cancel=move || page.close() />
        </form>
    }
}

/// What it is called, where it stands, where its chats come to.
#[component]
fn Place(page: Page, fields: Fields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let said = move |field: &'static str| Signal::derive(move || wrong.with(|wrong| wrong.line(field, "")));
    let queues = page.queues.get_untracked().into_iter().map(|(id, name)| (id.to_string(), name)).collect::<Vec<_>>();
    view! {
        <Labelled id="site-name" label="Name" hint="Visitors read it at the top of the chat." wrong=said("name")>
            <input
                id="site-name"
                maxlength=SITE_NAME
                dir="auto"
                aria-describedby="site-name-hint site-name-wrong"
                aria-invalid=move || wrong.with(|wrong| wrong.problem("name").is_some()).then_some("true")
                prop:value=move || fields.name.get()
                on:input:target=move |event| fields.name.set(event.target().value())
            />
        </Labelled>
        <Lines
            field="origins"
            label="Pages that carry it"
            hint="One address in a line, such as https://shop.example. No other page can show the chat."
            value=fields.origins
            wrong=wrong
        />
        <Select field="queue" label="Queue" hint="Where its chats wait." options=queues value=fields.queue wrong=wrong />
    }
}

/// A field of several lines. The id is the field's name.
#[component]
fn Lines(
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    value: RwSignal<String>,
    wrong: RwSignal<Wrong>,
) -> impl IntoView {
    let problem = move || wrong.with(|wrong| wrong.problem(field));
    let words = move || match problem() {
        Some(FieldProblem::Unknown) => "One of these is not the address of a website.".to_owned(),
        Some(_) => "This is too long.".to_owned(),
        None => String::new(),
    };
    view! {
        <Labelled id=field label=label hint=hint wrong=Signal::derive(words)>
            <textarea
                id=field
                rows="2"
                dir="auto"
                aria-describedby=format!("{field}-hint {field}-wrong")
                aria-invalid=move || problem().map(|_| "true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            >
                {value.get_untracked()}
            </textarea>
        </Labelled>
    }
}
