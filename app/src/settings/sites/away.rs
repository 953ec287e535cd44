//! What visitors find when nobody is there (PRODUCT V12).

use domain::Away;
use leptos::prelude::*;

use super::{
    super::{fields::Wrong, parts::Select},
    Page,
    fields::Builder,
    list::FieldList,
};

/// The choice, and the form of a message that is left.
#[derive(Clone, Copy)]
pub struct AwayFields {
    pub away: RwSignal<String>,
    pub asked: FieldList,
}

impl AwayFields {
    pub fn chosen(self) -> Away {
        self.away.with(|name| Away::from_name(name)).unwrap_or_default()
    }
}

#[component]
pub fn AwayGroup(page: Page, fields: AwayFields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let choices = Away::ALL.map(|away| (away.name().to_owned(), word(away).to_owned())).to_vec();
    let no_email = move || {
        wrong
            .with(|wrong| wrong.problem("away_form").is_some())
            .then_some("A message is answered by e-mail: ask for an e-mail address that has to be answered.")
    };
    view! {
        <fieldset class="dk-group">
            <legend>"With nobody there"</legend>
            <Select
                field="away"
                label="Visitors find"
                hint="Outside the working hours of the site’s queue, and while nobody who serves it is online."
                options=choices
                value=fields.away
                wrong=wrong
            />
            <Show when=move || fields.chosen() == Away::Message>
                <Show when=move || !page.letters.get()>
                    <p class="dk-field__hint">
                        "No mail server is set up yet: answers can be read only in the widget. See mail.server in the configuration."
                    </p>
                </Show>
                <p class="dk-field__wrong" role="alert">{no_email}</p>
                <Builder
                    list=fields.asked
                    legend="With a message it asks"
                    queues=page.queues
                    wrong=wrong
                    noted=move || page.unsaved.note()
                />
            </Show>
        </fieldset>
    }
}

const fn word(away: Away) -> &'static str {
    match away {
        Away::Wait => "the chat as always: they wait, and the queue’s texts speak",
        Away::Message => "a form for a message, answered by e-mail",
        Away::Return => "when somebody is back",
        Away::Hide => "nothing: the button is hidden",
    }
}
