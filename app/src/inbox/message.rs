use domain::{Answer, ClientId, FieldKind, Timestamp};
use std::sync::Arc;

use leptos::{html, prelude::*};

use super::{
    items::{Bubble, Delivery, Item, Piece, Side, What, delivery, pieces},
    place::Place,
};
use crate::{
    browser,
    files::FileView,
    live::{Live, Talk},
    ui::{
        Glyph, Icon,
        time::{TimeOfDay, day_word},
    },
};

/// One node of the log. In a `place` its height is known, and it does not go while it has the keyboard.
#[component]
pub fn ItemView(item: Arc<Item>, talk: Talk, #[prop(optional)] place: Option<Place>) -> impl IntoView {
    let Item { at, key, new_day, .. } = *item;
    let class = match &item.what {
        What::Line(_) | What::Answers(_) | What::Hole { .. } => "dk-item dk-item--line",
        What::New => "dk-item dk-item--new",
        What::Bubble(bubble) => match (bubble.side, bubble.author.is_some()) {
            (Side::Visitor, true) => "dk-item dk-item--visitor",
            (Side::Visitor, false) => "dk-item dk-item--visitor dk-item--more",
            (Side::Staff, true) => "dk-item dk-item--staff",
            (Side::Staff, false) => "dk-item dk-item--staff dk-item--more",
            (Side::Others, true) => "dk-item dk-item--staff dk-item--others",
            (Side::Others, false) => "dk-item dk-item--staff dk-item--others dk-item--more",
            (Side::Note, _) => "dk-item dk-item--note",
        },
    };
    let node = NodeRef::<html::Div>::new();
    if let Some(place) = place {
        Effect::new(move |_| {
            if let Some(element) = node.get() {
                let id = browser::on_height(&element, move |height| place.measure(key, height));
                on_cleanup(move || browser::forget_height(id));
            }
        });
    }
    let focused = move |on: bool| {
        if let Some(place) = place {
            place.has_keyboard(key, on);
        }
    };
    view! {
        <div class=class node_ref=node on:focusin=move |_| focused(true) on:focusout=move |_| focused(false)>
            {new_day.then(|| view! { <Day at=at /> })}
            {match Arc::unwrap_or_clone(item).what {
                What::Line(line) => view! { <p class="dk-line">{line}</p> }.into_any(),
                What::Answers(answers) => view! { <Answers answers=answers /> }.into_any(),
                What::Bubble(bubble) => view! { <BubbleView bubble=bubble at=at talk=talk /> }.into_any(),
                What::New => view! { <p class="dk-day dk-day--new"><span>"New"</span></p> }.into_any(),
                What::Hole { before, .. } => view! { <Hole before=before place=place /> }.into_any(),
            }}
        </div>
    }
}

/// Messages that have not been read yet come by themselves as soon as one is there; where they did not, by hand.
#[component]
fn Hole(before: u32, place: Option<Place>) -> impl IntoView {
    place.map(|place| {
        view! {
            <button type="button" class="dk-button dk-log__earlier" on:click=move |_| place.fill(before)>
                "Messages in between"
            </button>
        }
    })
}

#[component]
fn Day(at: Timestamp) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    let today = Memo::new(move |_| day_word(at, clock.now(), clock.offset(at)));
    view! { <p class="dk-day"><span>{move || today.get()}</span></p> }
}

#[component]
fn BubbleView(bubble: Bubble, at: Timestamp, talk: Talk) -> impl IntoView {
    let Bubble { side, author, text, file, vseq, client_id } = bubble;
    view! {
        {author.map(|author| view! {
            <p class="dk-author"><bdi>{author}</bdi> " · " <TimeOfDay at=at /></p>
        })}
        {match file {
            Some(file) => view! { <FileView file=*file files=talk.files() /> }.into_any(),
            None => view! {
                <div class="dk-bubble" dir="auto">
                    {(side == Side::Note).then(|| view! { <Icon glyph=Glyph::Note small=true /> <b>"Note: "</b> })}
                    <Words text=text />
                </div>
            }
            .into_any(),
        }}
        {matches!(side, Side::Staff | Side::Others).then(|| view! { <Tick talk=talk vseq=vseq client_id=client_id /> })}
    }
}

/// Text nodes and safe links, nothing else.
#[component]
fn Words(text: String) -> impl IntoView {
    pieces(&text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(href) => view! {
                <a href=href.to_owned() target="_blank" rel="noopener noreferrer nofollow">{href.to_owned()}</a>
            }
            .into_any(),
        })
        .collect_view()
}

/// How far it has come: one glyph, and for a failed one the way out.
#[component]
fn Tick(talk: Talk, vseq: Option<u32>, client_id: Option<ClientId>) -> impl IntoView {
    let live = expect_context::<Live>();
    // A message written in this tab was laid out before it had a number.
    let numbered = move || {
        vseq.or_else(|| {
            let id = client_id?;
            talk.events.with(|events| {
                events.iter().rev().filter_map(|event| event.shown.as_ref()).find(|s| s.client_id == Some(id))?.vseq
            })
        })
    };
    let state = Memo::new(move |_| {
        let sending = client_id.and_then(|id| talk.outgoing.with(|outgoing| outgoing.state(id)));
        delivery(sending, numbered(), talk.marks.get())
    });
    let guarded = move |id| talk.outgoing.with_untracked(|outgoing| !outgoing.guarded(id).is_empty());
    move || {
        match state.get() {
        Delivery::Failed(why) if client_id.is_some_and(guarded) => view! {
            <p class="dk-failed" role="alert">
                <Icon glyph=Glyph::Guard small=true />
                <span>"Not sent. " {why}</span>
                {client_id.map(|id| view! {
                    <button type="button" class="dk-link" on:click=move |_| live.take_back(talk.session, id)>"Edit"</button>
                    <button type="button" class="dk-link" on:click=move |_| live.insist(talk.session, id)>"Send anyway"</button>
                })}
            </p>
        }
        .into_any(),
        Delivery::Failed(why) => view! {
            <p class="dk-failed" role="alert">
                <Icon glyph=Glyph::Alert small=true />
                <span>"Not sent. " {why}</span>
                {client_id.map(|id| view! {
                    <button type="button" class="dk-link" on:click=move |_| live.retry(talk.session, id)>"Retry"</button>
                    <button type="button" class="dk-link" on:click=move |_| live.discard(talk.session, id)>"Remove"</button>
                })}
            </p>
        }
        .into_any(),
        state => {
            let (word, glyph, class) = match state {
                Delivery::Sending => ("Sending", Glyph::Clock, "dk-tick dk-tick--sending"),
                Delivery::Delivered => ("Delivered", Glyph::CheckCheck, "dk-tick"),
                Delivery::Read => ("Read", Glyph::CheckCheck, "dk-tick dk-tick--read"),
                Delivery::Sent | Delivery::Failed(_) => ("Sent", Glyph::Check, "dk-tick"),
            };
            view! {
                <span class=class role="img" aria-label=word title=word><Icon glyph=glyph small=true /></span>
            }
            .into_any()
        }
    }
    }
}

/// The form as it was filled in.
#[component]
fn Answers(answers: Vec<Answer>) -> impl IntoView {
    let row = |answer: Answer| {
        let value = match answer.kind {
            FieldKind::Phone => view! { <a href=format!("tel:{}", answer.value)>{answer.value.clone()}</a> }.into_any(),
            FieldKind::Checkbox | FieldKind::Consent => "Yes".into_any(),
            _ => answer.value.into_any(),
        };
        view! {
            <dt dir="auto">{asked(answer.kind, answer.label)}</dt>
            <dd dir="auto">{value}</dd>
        }
    };
    view! {
        <dl class="dk-answers" aria-label="What the form asked">{answers.into_iter().map(row).collect_view()}</dl>
    }
}

/// In the site's words, and where it has none in ours.
fn asked(kind: FieldKind, label: String) -> String {
    match kind {
        _ if !label.is_empty() => label,
        FieldKind::Name => "Name".to_owned(),
        FieldKind::Email => "E-mail".to_owned(),
        FieldKind::Phone => "Phone".to_owned(),
        _ => "Answer".to_owned(),
    }
}
