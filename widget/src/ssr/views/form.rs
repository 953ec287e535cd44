//! The form before the chat, as the site has made it.

use domain::{Field, FieldKind, Form};
use leptos::prelude::*;

use crate::{
    parts,
    ssr::{Away, Panel, Texts},
};

pub fn form(panel: &Panel<'_>, texts: &'static Texts) -> impl IntoView + use<> {
    let kept = panel.keep_months.map(|n| texts.kept_for.with(panel.language.plural_category(n), n));
    let privacy = link(panel.privacy_url.unwrap_or_default(), texts);
    let question_label = if panel.away.is_some() { texts.message } else { texts.question };
    let asked = panel.away.map_or(Some(panel.form), |away| away.form);
    let question = Form { fields: vec![Field::of(FieldKind::Question)] };
    let fields = asked.unwrap_or(&question).fields.iter().enumerate();
    let fields = fields.map(|(n, one)| field(n, one, question_label, texts)).collect_view();
    let (title, lead, start) = match panel.away {
        None => (texts.how_can_we_help, Some(texts.form_lead), texts.start_chat),
        Some(Away { form: Some(_), .. }) => (texts.leave_message, Some(texts.away_lead), texts.send_message),
        Some(Away { form: None, .. }) => (texts.away, None, texts.send_message),
    };
    let back_at = panel.away.and_then(|away| away.back).map(|back| {
        view! {
            <p id=parts::BACK_AT class="lead" data-at=back.millis().to_string() hidden>
                {texts.back_at}
            </p>
        }
    });
    // Whom the site asks for nothing twice; but where an answer goes is asked each time.
    let once = panel.form_once && panel.away.is_none();
    // What the client keeps for the form is there even where nothing can be left now.
    let nothing = asked.is_none();
    view! {
        <section id=parts::FORM_VIEW class="view" data-only=panel.identified_only>
            <p id=parts::STRANGERS class="lead" tabindex="-1">{texts.strangers}</p>
            <form
                id=parts::FORM
                novalidate
                autocomplete="on"
                data-once=once
                data-away=panel.away.is_some()
            >
                <h2 tabindex="-1">{title}</h2>
                {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
                {back_at}
                <div class="asked" hidden=nothing>
                    {fields}
                    <p id=parts::FORM_ERROR class="error" role="alert"></p>
                    <button id=parts::START class="go">{start}</button>
                </div>
                <button id=parts::BACK class="ghost" type="button" hidden>{texts.back_to_chat}</button>
                <p class="fine">{kept} " " {privacy}</p>
            </form>
        </section>
    }
}

/// One field with its label, what it is for, and room for what is wrong with it.
fn field(n: usize, field: &Field, question: &'static str, texts: &'static Texts) -> AnyView {
    let id = if field.kind == FieldKind::Question { parts::QUESTION.to_owned() } else { format!("field-{n}") };
    let error = parts::error_of(&id);
    let required = field.required || field.kind.always_required();
    let label = match field.kind {
        _ if !field.label.is_empty() => field.label.clone(),
        FieldKind::Name => texts.name.to_owned(),
        FieldKind::Email => texts.email.to_owned(),
        FieldKind::Phone => texts.phone.to_owned(),
        _ => question.to_owned(),
    };
    let class = if field.kind.always_required() { "field" } else { "field once" };
    let optional = (!required).then(|| view! { <small>{texts.optional}</small> });
    let (key, kind) = (field.key.clone(), field.kind.name());
    let wrong = view! { <p id=error.clone() class="error" role="alert"></p> };
    if matches!(field.kind, FieldKind::Checkbox | FieldKind::Consent) {
        return view! {
            <div class=format!("{class} box")>
                <input id=id.clone() type="checkbox" data-key=key data-kind=kind required=required aria-describedby=error />
                <label for=id dir="auto">{label}</label>
                {link(&field.url, texts)}
                {wrong}
            </div>
        }
        .into_any();
    }
    let control = match field.kind {
        FieldKind::LongText | FieldKind::Question => {
            let rows = if field.kind == FieldKind::Question { "4" } else { "3" };
            view! {
                <textarea id=id.clone() rows=rows dir="auto" data-key=key data-kind=kind required=required aria-describedby=error>
                </textarea>
            }
            .into_any()
        }
        FieldKind::Choice => {
            let option = |label: &str| view! { <option value=label.to_owned()>{label.to_owned()}</option> };
            view! {
                <select id=id.clone() dir="auto" data-key=key data-kind=kind required=required aria-describedby=error>
                    <option value="">{texts.choose}</option>
                    {field.options.iter().map(|one| option(&one.label)).collect_view()}
                </select>
            }
            .into_any()
        }
        _ => {
            // What keyboard comes up, and what the browser offers.
            let (input, offers) = match field.kind {
                FieldKind::Email => ("email", "email"),
                FieldKind::Phone => ("tel", "tel"),
                FieldKind::Name => ("text", "name"),
                _ => ("text", "off"),
            };
            view! {
                <input
                    id=id.clone()
                    type=input
                    autocomplete=offers
                    dir="auto"
                    data-key=key
                    data-kind=kind
                    required=required
                    aria-describedby=error
                />
            }
            .into_any()
        }
    };
    view! {
        <div class=class>
            <label for=id dir="auto">{label}</label>
            // The blank keeps Arabic letters from joining across the two.
            " "
            {optional}
            {control}
            {wrong}
        </div>
    }
    .into_any()
}

/// To the page that says what happens to what is asked.
fn link(url: &str, texts: &'static Texts) -> Option<AnyView> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web.then(|| view! { <a href=url.to_owned() target="_blank" rel="noopener">{texts.privacy}</a> }.into_any())
}
